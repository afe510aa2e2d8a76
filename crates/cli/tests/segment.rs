//! `rachis segment` on real slices, on other sizes, and on what is no slice.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::{rachis, repository, shared, succeed, text};
use rachis_ct::{Mask, Turn, mask_png, read_mask};

fn model() -> PathBuf {
    repository().join("weights/spine-unet-16.safetensors")
}

/// The cells of a results file by case, without its first line.
fn results(out: &Path) -> BTreeMap<String, Vec<String>> {
    let csv = fs::read_to_string(out.join("results.csv")).unwrap();
    csv.lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',').map(str::to_owned);
            (cells.next().unwrap(), cells.collect())
        })
        .collect()
}

/// A grey 8-bit picture.
fn picture(rows: u32, columns: u32) -> Vec<u8> {
    let pixels = (0..rows * columns).map(|at| u8::from(at % columns > columns / 2)).collect();
    mask_png(&Mask::new(rows, columns, pixels).unwrap(), Turn::NONE).unwrap()
}

#[test]
fn the_test_patients_score_what_the_model_promises() {
    let Some(images) = shared("data/tcga") else { return };
    let references = shared("data/tcga-masks").unwrap();
    let index = fs::read_to_string(references.join("index.csv")).unwrap();
    let cases: Vec<PathBuf> = index
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|cells| cells[2] == "test")
        .map(|cells| images.join(format!("{}.dcm", cells[0])))
        .collect();
    assert_eq!(cases.len(), 25);

    let out = tempfile::tempdir().unwrap();
    let model = model();
    let mut arguments = vec!["segment"];
    arguments.extend(cases.iter().map(|case| text(case)));
    arguments.extend(["--model", text(&model), "--out", text(out.path()), "--references", text(&references)]);
    println!("{}", succeed(&arguments));

    let scores: Vec<f64> = results(out.path()).values().map(|cells| cells[0].parse().unwrap()).collect();
    let mean = scores.iter().sum::<f64>() / 25.0;
    println!("mean Dice of {} slices: {mean:.4}", scores.len());
    assert_eq!(scores.len(), 25);
    assert!(mean >= 0.92, "{mean}");
}

#[test]
fn a_mask_has_the_size_of_its_picture_whatever_that_is() {
    let folder = tempfile::tempdir().unwrap();
    let sizes = [(1, 1), (17, 33), (100, 250)];
    for (rows, columns) in sizes {
        fs::write(folder.path().join(format!("{rows}x{columns}.png")), picture(rows, columns)).unwrap();
    }
    let out = tempfile::tempdir().unwrap();
    succeed(&["segment", text(folder.path()), "--model", text(&model()), "--out", text(out.path())]);
    for (rows, columns) in sizes {
        let file = fs::read(out.path().join(format!("{rows}x{columns}.mask.png"))).unwrap();
        let mask = read_mask(&file).unwrap();
        assert_eq!((mask.rows, mask.columns), (rows, columns));
    }
    assert_eq!(results(out.path()).len(), sizes.len());
}

#[test]
fn bad_inputs_are_named_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let references = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("empty.png", Vec::new()),
        ("text.dcm", b"not an image".to_vec()),
        ("good.png", picture(16, 16)),
        ("misfit.png", picture(16, 16)),
    ] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    for (name, content) in
        [("good.png", picture(16, 16)), ("misfit.png", picture(16, 8)), ("stranger.png", picture(16, 16))]
    {
        fs::write(references.path().join(name), content).unwrap();
    }

    let out = tempfile::tempdir().unwrap();
    let output = rachis(&[
        "segment",
        text(folder.path()),
        "--model",
        text(&model()),
        "--out",
        text(out.path()),
        "--references",
        text(references.path()),
    ]);

    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8(output.stderr).unwrap();
    for named in ["empty.png", "text.dcm", "misfit.png", "stranger.png"] {
        assert_eq!(errors.lines().filter(|line| line.contains(named)).count(), 1, "{named} in {errors}");
    }
    let results = results(out.path());
    assert_eq!(results.keys().collect::<Vec<_>>(), ["good", "misfit"]);
    assert!(!results["good"][0].is_empty());
    assert_eq!(results["misfit"][..5], [""; 5]);
    let area_reference_px = 11;
    assert_eq!((&*results["good"][area_reference_px], &*results["misfit"][area_reference_px]), ("112", ""));
    assert!(out.path().join("good.mask.png").exists() && out.path().join("misfit.mask.png").exists());
}
