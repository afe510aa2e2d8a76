//! Each folder of `tests/cases` holds a file and what reading it must give. `make_cases.py` writes them.
#![cfg(feature = "read")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a helper of tests may stop them")]

use std::fs;
use std::path::{Path, PathBuf};

use rachis_ct::{Quantity, ReadError, Spacing, Window, read_mask, read_slice};
use serde_json::Value;

fn folders() -> Vec<PathBuf> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<PathBuf> = fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    folders
}

fn input(folder: &Path) -> PathBuf {
    let mut entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .find(|path| path.file_stem().is_some_and(|stem| stem.to_string_lossy().starts_with("input")))
        .unwrap()
}

fn numbers<T: TryFrom<i64, Error: std::fmt::Debug>>(value: &Value) -> Vec<T> {
    value.as_array().unwrap().iter().map(|n| T::try_from(n.as_i64().unwrap()).unwrap()).collect()
}

fn check_error(error: &ReadError, expected: &Value) -> Result<(), String> {
    let shown = format!("{error:?}");
    let variant = shown.split(|c: char| !c.is_alphanumeric()).next().unwrap();
    if expected["error"] != variant {
        return Err(format!("expected {}, got {shown}", expected["error"]));
    }
    match expected["message"].as_str() {
        Some(message) if message != error.to_string() => Err(format!("expected '{message}', got '{error}'")),
        _ => Ok(()),
    }
}

fn check_pixels<T: PartialEq + std::fmt::Debug>(
    size: (u32, u32),
    pixels: &[T],
    expected: (u32, u32, Vec<T>),
) -> Result<(), String> {
    if size != (expected.0, expected.1) {
        return Err(format!("{size:?} pixels"));
    }
    match pixels.iter().zip(&expected.2).position(|(got, wanted)| got != wanted) {
        Some(index) => Err(format!("pixel {index} is {:?}, expected {:?}", pixels[index], expected.2[index])),
        None => Ok(()),
    }
}

fn check(folder: &Path) -> Result<(), String> {
    let expected: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    let path = input(folder);
    let bytes = fs::read(&path).unwrap();
    let side = |name: &str| u32::try_from(expected[name].as_u64().unwrap()).unwrap();
    if expected["as"] == "mask" {
        return match read_mask(&bytes) {
            Ok(_) if !expected["error"].is_null() => Err("was read".to_owned()),
            Ok(mask) => check_pixels(
                (mask.rows, mask.columns),
                &mask.pixels,
                (side("rows"), side("columns"), numbers(&expected["pixels"])),
            ),
            Err(error) => check_error(&error, &expected),
        };
    }
    match read_slice(&path.file_name().unwrap().to_string_lossy(), &bytes) {
        Ok(_) if !expected["error"].is_null() => Err("was read".to_owned()),
        Ok(slice) => {
            let quantity = match expected["quantity"]["brightness"].as_i64() {
                Some(white) => Quantity::Brightness { white: i16::try_from(white).unwrap() },
                None => Quantity::Hu,
            };
            let pair = |name: &str| {
                let pair = expected[name].as_array()?;
                Some((pair[0].as_f64().unwrap() as f32, pair[1].as_f64().unwrap() as f32))
            };
            let spacing = pair("spacing").map(|(row_mm, column_mm)| Spacing { row_mm, column_mm });
            let window = pair("window").map(|(center, width)| Window { center, width });
            if (slice.quantity, slice.spacing, slice.window) != (quantity, spacing, window) {
                return Err(format!("{:?}, {:?}, {:?}", slice.quantity, slice.spacing, slice.window));
            }
            check_pixels(
                (slice.rows, slice.columns),
                &slice.pixels,
                (side("rows"), side("columns"), numbers(&expected["pixels"])),
            )
        }
        Err(error) => check_error(&error, &expected),
    }
}

#[test]
fn every_case_reads_as_expected() {
    let failures: Vec<String> = folders()
        .iter()
        .filter_map(|folder| {
            check(folder).err().map(|why| format!("{}: {why}", folder.file_name().unwrap().display()))
        })
        .collect();
    assert!(failures.is_empty(), "{} cases failed:\n{}", failures.len(), failures.join("\n"));
}
