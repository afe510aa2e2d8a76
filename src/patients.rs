//! What patients are called: by default not by who they are.

use std::collections::BTreeMap;

/// A pseudonym for each slice whose patient is known by a key: `Patient 1`, `Patient 2`, ... in the order in which the
/// patients come, with as many digits as the last one needs, so that their names sort in that order.
pub fn pseudonyms<K: Ord>(keys: impl IntoIterator<Item = Option<K>>) -> Vec<Option<String>> {
    let mut numbers = BTreeMap::new();
    let numbered: Vec<Option<usize>> = keys
        .into_iter()
        .map(|key| {
            let next = numbers.len() + 1;
            Some(*numbers.entry(key?).or_insert(next))
        })
        .collect();
    let digits = numbers.len().to_string().len();
    let name = |number: Option<usize>| Some(format!("Patient {:0digits$}", number?));
    numbered.into_iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patients_are_numbered_as_they_come_and_unknown_ones_stay_unknown() {
        let names = pseudonyms([Some("z"), None, Some("a"), Some("z")]);
        assert_eq!(
            names,
            [Some("Patient 1".into()), None, Some("Patient 2".into()), Some("Patient 1".into())]
        );
    }

    #[test]
    fn the_names_of_many_patients_sort_as_they_come() {
        let ids: Vec<String> = (0..12).map(|number| number.to_string()).collect();
        let names: Vec<_> =
            pseudonyms(ids.iter().map(|id| Some(id.as_str()))).into_iter().flatten().collect();
        assert_eq!((names[0].as_str(), names[11].as_str()), ("Patient 01", "Patient 12"));
        assert!(names.is_sorted());
    }
}
