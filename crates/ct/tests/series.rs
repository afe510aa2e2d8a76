//! Slices of many files become the same series in whatever order the files come.
#![allow(clippy::indexing_slicing, clippy::panic, reason = "a helper of tests may stop them")]

use rachis_ct::series::{Entry, Note, Series, SliceId, arrange};
use rachis_ct::{DicomIdentity, Placement, SeriesKey, SliceInfo, Turn};

/// A file of one slice.
#[derive(Debug, Clone)]
struct File {
    name: String,
    series: Option<SeriesKey>,
    info: SliceInfo,
}

const AXIAL: ([f64; 3], [f64; 3]) = ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]);

fn file(name: &str, origin_mm: Option<[f64; 3]>, instance: Option<i32>, acquisition: Option<i32>) -> File {
    let (right, down) = AXIAL;
    let dicom = DicomIdentity {
        sop_instance_uid: format!("1.2.{name}"),
        frame: 1,
        instance_number: instance,
        acquisition,
        ..DicomIdentity::default()
    };
    let info = SliceInfo {
        rows: 4,
        columns: 4,
        spacing: None,
        thickness_mm: None,
        placement: origin_mm.map(|origin_mm| Placement { origin_mm, right, down }),
        turn: Turn::NONE,
        dicom: Some(Box::new(dicom)),
    };
    File { name: name.to_owned(), series: Some(SeriesKey(1)), info }
}

/// Files at these heights, numbered from the last: an axial series is often numbered from the head.
fn at(heights: &[f64]) -> Vec<File> {
    let count = heights.len();
    let numbered = heights.iter().enumerate();
    numbered
        .map(|(index, &z)| {
            file(&format!("s{index}"), Some([0.0, 0.0, z]), Some((count - index) as i32), Some(1))
        })
        .collect()
}

fn series(files: &[File]) -> Vec<Series> {
    let entries = files.iter().enumerate().map(|(index, file)| Entry {
        file: index,
        name: &file.name,
        slice: 0,
        series: file.series,
        info: &file.info,
    });
    arrange(&entries.collect::<Vec<_>>())
}

/// The names of each series' slices.
fn names(files: &[File]) -> Vec<Vec<&str>> {
    let name = |id: &SliceId| files[id.file].name.as_str();
    series(files).iter().map(|series| series.slices.iter().map(name).collect()).collect()
}

#[test]
fn slices_are_sorted_from_the_feet_to_the_head() {
    let files = at(&[5.0, -5.0, 0.0]);
    assert_eq!(names(&files), [["s1", "s2", "s0"]]);
    let found = &series(&files)[0];
    assert_eq!((found.distance_mm, found.notes.as_slice()), (Some(5.0), [].as_slice()));
}

#[test]
fn slices_without_places_are_sorted_by_number_then_by_name() {
    let numbered =
        [("a", 10), ("b", 9), ("c", -1)].map(|(name, number)| file(name, None, Some(number), None));
    assert_eq!(names(&numbered), [["c", "b", "a"]]);
    assert_eq!(series(&numbered)[0].notes, [Note::Unplaced]);
    let named = ["s10", "s2", "s02", "s1b", "s1", "t"].map(|name| file(name, None, None, None));
    assert_eq!(names(&named), [["s1", "s1b", "s02", "s2", "s10", "t"]]);
}

#[test]
fn series_sizes_and_orientations_stay_apart() {
    let mut files = at(&[0.0, 1.0, 2.0, 3.0, 4.0]);
    files[1].series = Some(SeriesKey(2));
    files[2].info.rows = 5;
    files[3].info.placement =
        Some(Placement { origin_mm: [0.0; 3], right: [0.0, 1.0, 0.0], down: [0.0, 0.0, -1.0] });
    let mut found = names(&files);
    found.sort();
    assert_eq!(found, [vec!["s0", "s4"], vec!["s1"], vec!["s2"], vec!["s3"]]);
}

#[test]
fn files_of_no_series_stay_single() {
    let mut files = at(&[0.0, 1.0]);
    files.iter_mut().for_each(|file| file.series = None);
    assert_eq!(series(&files).len(), 2);
}

#[test]
fn missing_slices_and_uneven_distances_are_noted() {
    let missing = at(&[0.0, 2.5, 5.0, 12.5, 15.0]);
    assert_eq!(series(&missing)[0].notes, [Note::Missing { count: 2 }]);
    let rounded = at(&[0.0, 0.63, 1.25, 1.88, 2.5, 3.13]);
    assert_eq!(series(&rounded)[0].notes, []);
    let uneven = at(&[0.0, 5.0, 10.0, 17.0]);
    assert_eq!(series(&uneven)[0].notes, [Note::Uneven { least_mm: 5.0, most_mm: 7.0 }]);
}

#[test]
fn a_tilted_gantry_is_noted() {
    let tangent = 15.0_f64.to_radians().tan();
    let files: Vec<File> = (0..4)
        .map(|index| {
            let z = f64::from(index) * 5.0;
            file(&format!("s{index}"), Some([0.0, z * tangent, z]), None, None)
        })
        .collect();
    let found = &series(&files)[0];
    assert_eq!(found.distance_mm, Some(5.0), "between the planes");
    let [Note::Tilted { degrees }] = found.notes[..] else { panic!("{:?}", found.notes) };
    assert!((degrees - 15.0).abs() < 1e-9);
}

#[test]
fn two_phases_become_two_stacks_by_acquisition() {
    let phase = |phase: i32| {
        (0..3).map(move |z| {
            let name = format!("p{phase}z{z}");
            file(&name, Some([0.0, 0.0, f64::from(z)]), Some(z), Some(phase))
        })
    };
    let mut files: Vec<File> = phase(2).chain(phase(1)).collect();
    assert_eq!(names(&files), [["p1z0", "p1z1", "p1z2"], ["p2z0", "p2z1", "p2z2"]]);
    assert_eq!(series(&files)[1].notes, [Note::OneOfSeveral { which: 2, of: 2 }]);
    files.pop();
    assert_eq!(names(&files), [vec!["p1z0", "p1z1"], vec!["p2z0", "p2z1", "p2z2"]], "though one is shorter");
}

#[test]
fn phases_without_acquisitions_are_told_apart_by_number() {
    let files: Vec<File> = (0..6)
        .map(|index| file(&format!("i{index}"), Some([0.0, 0.0, f64::from(index / 2)]), Some(index), None))
        .collect();
    assert_eq!(names(&files), [["i0", "i2", "i4"], ["i1", "i3", "i5"]]);
}

#[test]
fn of_single_duplicates_the_first_by_number_stays() {
    let mut files = at(&[0.0, 1.0, 2.0]);
    files.push(file("again", Some([0.0, 0.0, 1.0]), Some(99), Some(1)));
    let found = &series(&files)[0];
    assert_eq!(names(&files), [["s0", "s1", "s2"]]);
    assert_eq!(found.duplicates, [SliceId { file: 3, slice: 0 }]);
    assert_eq!(found.notes, [Note::Duplicates { count: 1 }]);
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use proptest::prelude::*;
    use proptest::sample::SizeRange;

    use super::*;

    fn files() -> impl Strategy<Value = Vec<File>> {
        let one = (
            prop::option::weighted(0.9, (-3_i32..4, 0_i32..2)),
            prop::option::of(0_i32..6),
            prop::option::of(0_i32..3),
            prop::option::weighted(0.9, 0_u64..2),
        );
        prop::collection::vec(one, SizeRange::from(0..16)).prop_map(|all| {
            let numbered = all.into_iter().enumerate();
            numbered
                .map(|(index, (place, instance, acquisition, series))| {
                    let origin = place.map(|(z, y)| [0.0, f64::from(y), f64::from(z) * 1.5]);
                    let file = file(&format!("f{index}"), origin, instance, acquisition);
                    File { series: series.map(SeriesKey), ..file }
                })
                .collect()
        })
    }

    /// What was found, by name.
    fn found(files: &[File]) -> Vec<String> {
        let named =
            |ids: &[SliceId]| -> Vec<&str> { ids.iter().map(|id| files[id.file].name.as_str()).collect() };
        let describe = |s: &Series| {
            format!("{:?} {:?} {:?} {:?}", named(&s.slices), named(&s.duplicates), s.distance_mm, s.notes)
        };
        series(files).iter().map(describe).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_order_of_files_does_not_matter(
            (files, shuffled) in files().prop_flat_map(|files| (Just(files.clone()), Just(files).prop_shuffle())),
        ) {
            prop_assert_eq!(found(&files), found(&shuffled));
        }

        #[test]
        fn every_slice_is_in_one_series_once(files in files()) {
            let mut all: Vec<usize> = series(&files)
                .iter()
                .flat_map(|series| series.slices.iter().chain(&series.duplicates))
                .map(|id| id.file)
                .collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..files.len()).collect::<Vec<_>>());
        }
    }
}
