//! Real CT slices read as pydicom reads them; `real_files.py` wrote the numbers.
#![cfg(feature = "read")]

use std::fs;
use std::path::Path;

use rachis_ct::{Spacing, Window, read_slice};
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
}

#[test]
fn hounsfield_units_equal_those_of_pydicom() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = manifest.join("../../../shared/data");
    if !shared.exists() {
        println!("skipped: the CT data of docs and training is not at ../shared/data");
        return;
    }
    let json = fs::read_to_string(manifest.join("tests/real_files.json")).unwrap();
    let expected: Vec<Expected> = serde_json::from_str(&json).unwrap();
    for wanted in expected {
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
    }
}
