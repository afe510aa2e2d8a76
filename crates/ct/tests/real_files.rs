//! Real CT slices read as pydicom reads them, upright; `real_files.py` wrote the numbers.
#![cfg(feature = "read")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of tests may stop them"
)]

use std::fs;
use std::path::{Path, PathBuf};

use rachis_ct::series::{Entry, arrange};
use rachis_ct::{Meaning, Placement, Spacing, Turn, Window, open_dicom, read_slice};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    file: String,
    rows: u32,
    columns: u32,
    sum: i64,
    weighted_sum: i64,
    min: i16,
    max: i16,
    diagonal: Vec<i16>,
    spacing: (f32, f32),
    window: Option<(f32, f32)>,
    placement: ExpectedPlacement,
    /// Transposed, upside down, mirrored.
    turn: [bool; 3],
}

#[derive(Deserialize)]
struct ExpectedPlacement {
    origin: [f64; 3],
    right: [f64; 3],
    down: [f64; 3],
}

impl ExpectedPlacement {
    fn is_near(&self, placement: Placement) -> bool {
        let Placement { origin_mm, right, down } = placement;
        let parts = [(origin_mm, self.origin), (right, self.right), (down, self.down)];
        parts.iter().all(|(read, wanted)| read.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-4))
    }
}

#[derive(Deserialize)]
struct ExpectedSeries {
    folder: String,
    /// From the feet to the head.
    files: Vec<String>,
    /// Between slices, in mm.
    distance: f64,
}

/// The data beside the project, where it is.
fn shared() -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !shared.exists() {
        println!("skipped: the CT data of docs and training is not at ../shared/data");
        return None;
    }
    Some(shared)
}

fn expectations<T: serde::de::DeserializeOwned>(file: &str) -> Vec<T> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    serde_json::from_slice(&fs::read(tests.join(file)).unwrap()).unwrap()
}

#[test]
fn hounsfield_units_equal_those_of_pydicom() {
    let Some(shared) = shared() else { return };
    for wanted in expectations::<Expected>("real_files.json") {
        let file = &wanted.file;
        let bytes = fs::read(shared.join(file)).unwrap();
        let slice = read_slice(file, &bytes).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!((slice.rows, slice.columns), (wanted.rows, wanted.columns), "{file}");
        let pixels = &slice.pixels;
        assert_eq!(pixels.iter().map(|&hu| i64::from(hu)).sum::<i64>(), wanted.sum, "{file}");
        let weighted = pixels.iter().zip((0..1009_i64).cycle()).map(|(&hu, weight)| i64::from(hu) * weight);
        assert_eq!(weighted.sum::<i64>(), wanted.weighted_sum, "{file}");
        assert_eq!(pixels.iter().copied().min(), Some(wanted.min), "{file}");
        assert_eq!(pixels.iter().copied().max(), Some(wanted.max), "{file}");
        let step = wanted.rows as usize / 8 * (wanted.columns as usize + 1);
        let diagonal: Vec<i16> = pixels.iter().copied().step_by(step).collect();
        assert_eq!(diagonal, wanted.diagonal, "{file}");
        let (row_mm, column_mm) = wanted.spacing;
        assert_eq!(slice.spacing, Some(Spacing { row_mm, column_mm }), "{file}");
        assert_eq!(slice.window, wanted.window.map(|(center, width)| Window { center, width }), "{file}");
        let mut stack = open_dicom(bytes).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(stack.reader.slice(0, Meaning::Hu).unwrap(), slice, "{file}");
        let info = &stack.info.slices[0];
        let [transposed, upside_down, mirrored] = wanted.turn;
        assert_eq!(info.turn, Turn { transposed, upside_down, mirrored }, "{file}");
        assert!(wanted.placement.is_near(info.placement.unwrap()), "{file}: {:?}", info.placement);
    }
}

#[test]
fn the_slices_of_a_folder_make_one_series_from_the_feet_to_the_head() {
    let Some(shared) = shared() else { return };
    for wanted in expectations::<ExpectedSeries>("real_series.json") {
        let folder = fs::read_dir(shared.join(&wanted.folder)).unwrap();
        let paths: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
        let stacks: Vec<_> =
            paths.iter().map(|path| open_dicom(fs::read(path).unwrap()).ok().unwrap().info).collect();
        let names: Vec<_> = paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
        let entries: Vec<Entry> = stacks
            .iter()
            .enumerate()
            .map(|(file, stack)| Entry {
                file,
                name: names[file],
                slice: 0,
                series: stack.series,
                info: &stack.slices[0],
            })
            .collect();
        let all = arrange(&entries);
        assert_eq!(all.len(), 1, "{}", wanted.folder);
        let series = &all[0];
        let order: Vec<&str> = series.slices.iter().map(|id| names[id.file]).collect();
        assert_eq!(order, wanted.files);
        assert!((series.distance_mm.unwrap() - wanted.distance).abs() < 1e-3, "{series:?}");
        assert!(series.notes.is_empty() && series.duplicates.is_empty(), "{:?}", series.notes);
    }
}
