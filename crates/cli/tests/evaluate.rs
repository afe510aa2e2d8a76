//! `rachis evaluate` on masks whose scores are known by counting.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::path::Path;

use common::{rachis, succeed, text};
use rachis_ct::{Mask, Turn, mask_png};

fn write_mask(path: &Path, rows: u32, columns: u32, pixels: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mask = Mask::new(rows, columns, pixels.to_vec()).unwrap();
    fs::write(path, mask_png(&mask, Turn::NONE).unwrap()).unwrap();
}

/// Two patients: `a` agrees wholly, `b` shares one pixel of three.
fn two_cases(folder: &Path) {
    write_mask(&folder.join("predictions/a.mask.png"), 2, 2, &[1, 1, 0, 0]);
    write_mask(&folder.join("references/a.png"), 2, 2, &[1, 1, 0, 0]);
    write_mask(&folder.join("predictions/b.mask.png"), 2, 2, &[1, 1, 0, 0]);
    write_mask(&folder.join("references/b_mask.png"), 2, 2, &[0, 1, 1, 0]);
}

fn arguments<'a>(folder: &'a Path, paths: &'a [std::path::PathBuf; 4]) -> Vec<&'a str> {
    let [predictions, references, csv, json] = paths;
    assert!(predictions.starts_with(folder));
    vec![
        "evaluate",
        "--predictions",
        text(predictions),
        "--references",
        text(references),
        "--csv",
        text(csv),
        "--json",
        text(json),
    ]
}

fn paths(folder: &Path) -> [std::path::PathBuf; 4] {
    ["predictions", "references", "out/cases.csv", "out/all.json"].map(|name| folder.join(name))
}

#[test]
fn masks_are_paired_by_name_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    two_cases(folder.path());
    let patients = folder.path().join("patients.csv");
    fs::write(&patients, "name,patient\na,P1\nb,P2\n").unwrap();
    let paths = paths(folder.path());
    let mut arguments = arguments(folder.path(), &paths);
    arguments.extend(["--spacing", "0.5,2", "--patients", text(&patients)]);
    let printed = succeed(&arguments);
    assert!(printed.contains("mean Dice of 2 slices: 0.750"), "{printed}");

    let csv = fs::read_to_string(&paths[2]).unwrap();
    let mut rows = csv.lines();
    assert!(rows.next().unwrap().starts_with("case,dice,sensitivity,specificity,precision,accuracy,"));
    assert!(rows.next().unwrap().starts_with("a,1.000000,1.000000,1.000000,1.000000,1.000000,"));
    assert!(rows.next().unwrap().starts_with("b,0.500000,0.500000,0.500000,0.500000,0.500000,"));

    let json: serde_json::Value = serde_json::from_slice(&fs::read(&paths[3]).unwrap()).unwrap();
    assert_eq!(json["patients"].as_array().unwrap().len(), 2);
    assert_eq!(json["overall"]["counts"]["tp"], 3);
    assert!(json["notice"].as_str().unwrap().contains("not a medical device"));
}

#[test]
fn a_mask_without_reference_or_of_another_size_is_named_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    two_cases(folder.path());
    write_mask(&folder.path().join("predictions/c.mask.png"), 2, 2, &[0; 4]);
    write_mask(&folder.path().join("predictions/d.mask.png"), 2, 2, &[0; 4]);
    write_mask(&folder.path().join("references/d.png"), 2, 3, &[0; 6]);
    let paths = paths(folder.path());
    let output = rachis(&arguments(folder.path(), &paths));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(errors.contains("c.mask.png: no reference") && errors.contains("3 x 2 pixels but"), "{errors}");
    assert_eq!(fs::read_to_string(&paths[2]).unwrap().lines().count(), 3);
}

#[test]
fn a_folder_without_masks_is_said_to_be_empty() {
    let folder = tempfile::tempdir().unwrap();
    let paths = paths(folder.path());
    fs::create_dir(&paths[0]).unwrap();
    let output = rachis(&arguments(folder.path(), &paths));
    assert!(String::from_utf8(output.stderr).unwrap().contains("has no masks"));
}
