//! The labels that count as spine, as an argument.

use std::collections::BTreeSet;

/// A set of labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels(pub BTreeSet<i32>);

/// Reads `26-50,92`: numbers and ranges of numbers.
///
/// # Errors
/// What such a list looks like.
pub fn labels(text: &str) -> Result<Labels, String> {
    let mut labels = BTreeSet::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        match (label(first), label(last)) {
            (Some(first), Some(last)) if first <= last => labels.extend(first..=last),
            _ => return Err("say labels from 1 to 65535 such as 26-50 or 1,2,7".to_owned()),
        }
    }
    Ok(Labels(labels))
}

fn label(text: &str) -> Option<i32> {
    text.trim().parse().ok().filter(|label| (1..=65535).contains(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_numbers_are_labels() {
        assert_eq!(labels("26-28, 7").unwrap().0, BTreeSet::from([7, 26, 27, 28]));
    }

    #[test]
    fn anything_else_is_not() {
        for text in ["", "a", "3-1", "0", "-1", "1-", "1--2", "1,,2", "1-99999999"] {
            assert!(labels(text).is_err(), "{text}");
        }
    }
}
