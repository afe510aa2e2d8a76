//! Each folder of `tests/cases` holds a file and what reading it must give. `make_cases.py` writes them.
#![cfg(feature = "read")]
#![allow(clippy::unwrap_used, reason = "a helper of tests may stop them")]

mod files;

use std::path::{Path, PathBuf};

use rachis_ct::{Quantity, ReadError, Spacing, Window, read_mask, read_slice};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
struct Expected {
    /// `mask`, or nothing for a slice.
    #[serde(rename = "as")]
    read_as: Option<String>,
    /// The name of the [`ReadError`] variant; without it the file must be read.
    error: Option<String>,
    message: Option<String>,
    #[serde(default)]
    rows: u32,
    #[serde(default)]
    columns: u32,
    pixels: Option<Pixels>,
    /// How far pixels of a lossy compression may be from those that were compressed.
    #[serde(default)]
    tolerance: u16,
    quantity: Option<ExpectedQuantity>,
    spacing: Option<(f32, f32)>,
    window: Option<(f32, f32)>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Pixels {
    All(i16),
    Each(Vec<i16>),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum ExpectedQuantity {
    Hu,
    Brightness(i16),
}

impl Expected {
    fn check_error(&self, error: &ReadError) {
        let shown = format!("{error:?}");
        let variant = shown.split(|c: char| !c.is_alphanumeric()).next();
        assert_eq!(variant, self.error.as_deref(), "{shown}");
        if let Some(message) = &self.message {
            assert_eq!(&error.to_string(), message);
        }
    }

    fn check_pixels(&self, rows: u32, columns: u32, pixels: &[i16]) {
        assert_eq!((rows, columns), (self.rows, self.columns));
        match self.pixels.as_ref().unwrap() {
            Pixels::All(value) => assert!(pixels.iter().all(|pixel| pixel == value), "not all are {value}"),
            Pixels::Each(values) => {
                assert_eq!(pixels.len(), values.len());
                let is_near = |(read, wanted): (&i16, &i16)| read.abs_diff(*wanted) <= self.tolerance;
                assert!(pixels.iter().zip(values).all(is_near), "{pixels:?}");
            }
        }
        assert_eq!(pixels.len(), rows as usize * columns as usize);
    }

    fn quantity(&self) -> Quantity {
        match self.quantity.as_ref().unwrap() {
            ExpectedQuantity::Hu => Quantity::Hu,
            ExpectedQuantity::Brightness(white) => Quantity::Brightness { white: *white },
        }
    }
}

fn check(folder: &Path) {
    let expected: Expected = serde_json::from_slice(&files::read(&folder.join("expected.json"))).unwrap();
    let input = files::list(folder).into_iter().find(|path| !path.ends_with("expected.json")).unwrap();
    let bytes = files::read(&input);
    if expected.read_as.as_deref() == Some("mask") {
        match read_mask(&bytes) {
            Ok(mask) => {
                assert_eq!(expected.error, None, "was read");
                let pixels: Vec<i16> = mask.pixels().into_iter().map(i16::from).collect();
                expected.check_pixels(mask.rows, mask.columns, &pixels);
            }
            Err(error) => expected.check_error(&error),
        }
        return;
    }
    match read_slice(&input.to_string_lossy(), &bytes) {
        Ok(slice) => {
            assert_eq!(expected.error, None, "was read");
            expected.check_pixels(slice.rows, slice.columns, &slice.pixels);
            assert_eq!(slice.quantity, expected.quantity());
            let spacing = expected.spacing.map(|(row_mm, column_mm)| Spacing { row_mm, column_mm });
            assert_eq!(slice.spacing, spacing);
            assert_eq!(slice.window, expected.window.map(|(center, width)| Window { center, width }));
        }
        Err(error) => expected.check_error(&error),
    }
}

#[test]
fn every_case_reads_as_expected() {
    let folders = files::list(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"));
    assert!(!folders.is_empty());
    let is_failing = |folder: &&PathBuf| {
        println!("{}", folder.display());
        std::panic::catch_unwind(|| check(folder)).is_err()
    };
    let failures: Vec<&PathBuf> = folders.iter().filter(is_failing).collect();
    assert!(failures.is_empty(), "{failures:#?}");
}
