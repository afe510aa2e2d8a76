//! The labels of TotalSegmentator's task `total`, version 2 (<https://github.com/wasserth/TotalSegmentator>, Apache-2.0).

use std::collections::BTreeSet;

/// Columns: label, name, 1 for parts of the spine.
const TABLE: &str = include_str!("totalsegmentator.csv");

/// The last label of the VerSe data sets, whose vertebrae have the numbers of other organs here.
const LAST_OF_VERSE: i32 = 28;
/// The last label of any release: early ones had one more than the table.
const LAST: i32 = 118;
/// Parts of the spine without which a volume is not taken for TotalSegmentator's.
const MIN_SPINE: usize = 2;

fn rows() -> impl Iterator<Item = (i32, &'static str, bool)> {
    TABLE.lines().skip(1).filter_map(|line| {
        let mut fields = line.split(',');
        let (label, name) = (fields.next()?.parse().ok()?, fields.next()?);
        Some((label, name, fields.next()? == "1"))
    })
}

/// What a label stands for.
pub(super) fn name(label: i32) -> Option<&'static str> {
    rows().find(|(of_row, ..)| *of_row == label).map(|(_, name, _)| name)
}

/// The labels of the spine, where these labels look like TotalSegmentator's.
pub(super) fn spine(labels: &BTreeSet<i32>) -> Option<BTreeSet<i32>> {
    let of_spine: BTreeSet<i32> = rows().filter(|(.., spine)| *spine).map(|(label, ..)| label).collect();
    let is_known = labels.first().is_some_and(|&label| label > 0)
        && labels.last().is_some_and(|label| (LAST_OF_VERSE + 1..=LAST).contains(label));
    let has_spine = labels.intersection(&of_spine).count() >= MIN_SPINE;
    (is_known && has_spine).then_some(of_spine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spine_reaches_from_the_sacrum_to_c1() {
        let spine = spine(&BTreeSet::from([1, 26, 27, 92])).unwrap();
        assert_eq!(spine, (25..=50).collect());
        assert_eq!((name(25), name(50)), (Some("sacrum"), Some("vertebra C1")));
        assert_eq!((name(27), name(118)), (Some("vertebra L5"), None));
    }

    #[test]
    fn labels_of_other_sources_are_not_taken_for_these() {
        let verse: BTreeSet<i32> = (8..=28).collect();
        assert_eq!(spine(&verse), None);
        assert_eq!(spine(&BTreeSet::from([1, 2, 92])), None, "no vertebra");
        assert_eq!(spine(&BTreeSet::from([27, 28, 29, 200])), None, "a label of something else");
    }
}
