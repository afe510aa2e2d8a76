//! Sorting names that hold numbers.

use std::cmp::Ordering;

/// The order in which people count: `slice2` before `slice10`.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut a_rest, mut b_rest) = (a, b);
    loop {
        let (Some(a_first), Some(b_first)) = (a_rest.chars().next(), b_rest.chars().next()) else {
            return a_rest.len().cmp(&b_rest.len()).then_with(|| a.cmp(b));
        };
        if a_first.is_ascii_digit() && b_first.is_ascii_digit() {
            let (a_digits, a_after) = split_digits(a_rest);
            let (b_digits, b_after) = split_digits(b_rest);
            match a_digits.len().cmp(&b_digits.len()).then_with(|| a_digits.cmp(b_digits)) {
                Ordering::Equal => (a_rest, b_rest) = (a_after, b_after),
                different => return different,
            }
        } else {
            match a_first.cmp(&b_first) {
                Ordering::Equal => {
                    a_rest = a_rest.get(a_first.len_utf8()..).unwrap_or("");
                    b_rest = b_rest.get(b_first.len_utf8()..).unwrap_or("");
                }
                different => return different,
            }
        }
    }
}

/// The digits that `text` begins with, without leading zeros, and what follows them.
fn split_digits(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.trim_start_matches('0'), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_ordered_as_people_count() {
        let mut names = ["s10", "s9", "s010b", "s1", "s10a", "", "é2", "é10"];
        names.sort_by(|a, b| natural_order(a, b));
        assert_eq!(names, ["", "s1", "s9", "s10", "s10a", "s010b", "é2", "é10"]);
    }

    #[test]
    fn numbers_of_any_length_are_ordered() {
        assert_eq!(natural_order("99999999999999999999998", "99999999999999999999999"), Ordering::Less);
        assert_eq!(natural_order("007", "7"), Ordering::Less);
    }
}
