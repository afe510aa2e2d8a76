//! Each folder of `tests/dicom_stacks` and `tests/dicom_segmentations` holds a DICOM file and what opening it must give.
//! `make_dicom_stacks.py` writes them.
#![cfg(feature = "read")]
#![allow(clippy::unwrap_used, reason = "a helper of tests may stop them")]

mod files;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::{Path, PathBuf};

use rachis_ct::{
    LabelChoice, Meaning, Placement, ReadError, SliceInfo, Spacing, Turn, Window, open_dicom, open_mask,
    open_segmentation, read_slice,
};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
struct Expected<S> {
    /// The name of the [`ReadError`] variant; without it the file must be read.
    error: Option<String>,
    #[serde(default = "Vec::new")]
    slices: Vec<S>,
    description: Option<String>,
    #[serde(default)]
    warning: bool,
    /// Number, label, category, property.
    #[serde(default)]
    segments: Vec<(u16, String, String, String)>,
    /// SeriesInstanceUID of the images that were segmented.
    series: Option<String>,
}

#[derive(Deserialize)]
struct Layout {
    rows: u32,
    columns: u32,
    spacing: Option<(f32, f32)>,
    placement: Option<ExpectedPlacement>,
    /// Transposed, upside down, mirrored.
    turn: [bool; 3],
}

#[derive(Deserialize)]
struct ExpectedPlacement {
    origin: [f64; 3],
    right: [f64; 3],
    down: [f64; 3],
}

#[derive(Deserialize)]
struct ExpectedSlice {
    #[serde(flatten)]
    layout: Layout,
    pixels: Vec<i16>,
    frame: u32,
    thickness: Option<f32>,
    acquisition: Option<i32>,
    window: Option<(f32, f32)>,
}

#[derive(Deserialize)]
struct ExpectedMasks {
    #[serde(flatten)]
    layout: Layout,
    masks: BTreeMap<u16, Vec<u8>>,
    union: Vec<u8>,
    /// SOPInstanceUID of the image that was segmented.
    image: String,
}

impl Layout {
    fn check(&self, info: &SliceInfo) {
        assert_eq!((info.rows, info.columns), (self.rows, self.columns));
        assert_eq!(info.spacing, self.spacing.map(|(row_mm, column_mm)| Spacing { row_mm, column_mm }));
        let [transposed, upside_down, mirrored] = self.turn;
        assert_eq!(info.turn, Turn { transposed, upside_down, mirrored });
        assert_eq!(info.placement.is_some(), self.placement.is_some());
        if let (Some(Placement { origin_mm, right, down }), Some(wanted)) = (info.placement, &self.placement)
        {
            let parts = [(origin_mm, wanted.origin), (right, wanted.right), (down, wanted.down)];
            for (read, wanted) in parts {
                let is_near = |(a, b): (f64, f64)| (a - b).abs() < 1e-6;
                assert!(read.into_iter().zip(wanted).all(is_near), "{read:?}, not {wanted:?}");
            }
        }
    }
}

/// Whether the file was to be refused, as it was.
fn is_refused<T>(error: Option<&str>, opened: &Result<T, ReadError>) -> bool {
    let refusal = opened.as_ref().err().map(|error| format!("{error:?}"));
    let variant = refusal.as_ref().and_then(|shown| shown.split(|c: char| !c.is_alphanumeric()).next());
    assert_eq!(variant, error, "{refusal:?}");
    refusal.is_some()
}

fn check_stack(folder: &Path) {
    let expected: Expected<ExpectedSlice> =
        serde_json::from_slice(&files::read(&folder.join("expected.json"))).unwrap();
    let bytes = files::read(&folder.join("input.dcm"));
    let opened = open_dicom(bytes.clone());
    if is_refused(expected.error.as_deref(), &opened) {
        return;
    }
    let mut stack = opened.ok().unwrap();
    assert_eq!(stack.info.slices.len(), expected.slices.len());
    assert_eq!(stack.info.warning.is_some(), expected.warning);
    if let Some(description) = &expected.description {
        assert_eq!(&stack.info.description, description);
    }
    assert!(stack.info.series.is_some());
    assert_eq!(stack.info.meanings, [Meaning::Hu]);
    for (index, (wanted, info)) in expected.slices.iter().zip(&stack.info.slices).enumerate() {
        wanted.layout.check(info);
        assert_eq!(info.thickness_mm, wanted.thickness);
        let identity = info.dicom.as_ref().unwrap();
        assert_eq!((identity.frame, identity.acquisition), (wanted.frame, wanted.acquisition));
        assert_eq!(identity.patient.name, "Müller^Eva");
        let slice = stack.reader.slice(index, Meaning::Hu).unwrap();
        assert_eq!((slice.rows, slice.columns), (wanted.layout.rows, wanted.layout.columns));
        assert_eq!(slice.pixels, wanted.pixels, "slice {index}");
        assert_eq!(slice.spacing, info.spacing);
        assert_eq!(slice.window, wanted.window.map(|(center, width)| Window { center, width }));
        match expected.slices.len() {
            1 => assert_eq!(read_slice("input.dcm", &bytes).unwrap(), slice),
            _ => assert!(matches!(read_slice("input.dcm", &bytes), Err(ReadError::Volume))),
        }
    }
    let past = expected.slices.len();
    assert!(stack.reader.slice(past, Meaning::Hu).is_err());
}

fn check_segmentation(folder: &Path) {
    let expected: Expected<ExpectedMasks> =
        serde_json::from_slice(&files::read(&folder.join("expected.json"))).unwrap();
    let opened = open_segmentation(files::read(&folder.join("input.dcm")));
    if is_refused(expected.error.as_deref(), &opened) {
        return;
    }
    let segmentation = opened.ok().unwrap();
    let segments = segmentation.segments.iter().cloned();
    let segments: Vec<_> = segments.map(|s| (s.number, s.label, s.category, s.property)).collect();
    assert_eq!(segments, expected.segments);
    assert_eq!(segmentation.info.slices.len(), expected.slices.len());
    for (index, (wanted, info)) in expected.slices.iter().zip(&segmentation.info.slices).enumerate() {
        wanted.layout.check(info);
        let image = info.dicom.as_ref().unwrap();
        assert_eq!((&image.sop_instance_uid, image.frame), (&wanted.image, 1));
        assert_eq!(Some(&image.series_uid), expected.series.as_ref());
        for (&segment, pixels) in &wanted.masks {
            let mask = segmentation.mask(index, |number| number == segment).unwrap();
            assert_eq!(&mask.pixels(), pixels, "slice {index}, segment {segment}");
        }
        assert_eq!(segmentation.mask(index, |_| true).unwrap().pixels(), wanted.union, "slice {index}");
        let inside = segmentation.numbers(index).unwrap().into_iter().map(|number| u8::from(number != 0));
        assert!(inside.eq(wanted.union.iter().copied()), "slice {index}");
    }
}

/// Segments are labels with names, of which those of bone are taken for spine.
fn check_labels(folder: &Path) {
    let bytes = files::read(&folder.join("input.dcm"));
    let expected: Expected<ExpectedMasks> =
        serde_json::from_slice(&files::read(&folder.join("expected.json"))).unwrap();
    if expected.error.is_some() {
        return;
    }
    let mut stack = open_mask("input.dcm", Cursor::new(bytes)).ok().unwrap();
    let labels = stack.labels().unwrap();
    let found: Vec<_> =
        labels.found.iter().map(|label| (label.value, label.name.as_deref().unwrap())).collect();
    assert_eq!(found, [(1, "Wirbel (Vertebra)"), (2, "Bandscheibe (Intervertebral disc)")]);
    for label in &labels.found {
        let of_slices: Vec<u64> = expected
            .slices
            .iter()
            .map(|slice| {
                slice.masks.get(&(label.value as u16)).unwrap().iter().map(|&pixel| u64::from(pixel)).sum()
            })
            .collect();
        assert_eq!(label.voxels, of_slices.iter().sum::<u64>());
        assert_eq!(label.slices as usize, of_slices.iter().filter(|&&pixels| pixels > 0).count());
    }
    assert_eq!(labels.choice, LabelChoice::Values(BTreeSet::from([1])));
    for (index, slice) in expected.slices.iter().enumerate() {
        // Where segments overlap, each has its own pixels.
        for (&segment, pixels) in &slice.masks {
            let choice = LabelChoice::Values(BTreeSet::from([segment.into()]));
            assert_eq!(&stack.mask(index, &choice).unwrap().pixels(), pixels);
        }
    }
}

fn check_all(cases: &str, check: impl Fn(&Path) + std::panic::RefUnwindSafe) {
    let folders = files::list(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(cases));
    assert!(!folders.is_empty());
    let is_failing = |folder: &&PathBuf| {
        println!("{}", folder.display());
        std::panic::catch_unwind(|| check(folder)).is_err()
    };
    let failures: Vec<&PathBuf> = folders.iter().filter(is_failing).collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn every_stack_opens_as_expected() {
    check_all("dicom_stacks", check_stack);
}

#[test]
fn every_segmentation_opens_as_expected() {
    check_all("dicom_segmentations", check_segmentation);
}

#[test]
fn segments_are_labels_to_choose_from() {
    check_all("dicom_segmentations", check_labels);
}

#[test]
fn a_segmentation_has_the_key_of_the_series_it_was_drawn_on() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let open = |case: &str| files::read(&tests.join(case).join("input.dcm"));
    let image = open_dicom(open("dicom_stacks/single-prone")).ok().unwrap().info;
    let mask = open_segmentation(open("dicom_segmentations/binary-prone")).ok().unwrap().info;
    assert_eq!(mask.series, image.series);
    let other = open_dicom(open("dicom_stacks/single-sagittal")).ok().unwrap().info;
    assert_ne!(other.series, image.series, "of another orientation");
}
