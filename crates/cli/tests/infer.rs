//! `rachis infer` gives what Keras gives, for each model of the zoo and for the real one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::path::{Path, PathBuf};

use common::{largest_difference, rachis, shared, succeed, text};

/// The folder's inputs, each with the output that Keras gave for it.
fn golden(folder: &Path) -> Vec<(PathBuf, PathBuf)> {
    let mut pairs: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let input = entry.unwrap().path();
            let name = text(&input).strip_suffix(".input.npy")?;
            let expected = PathBuf::from(format!("{name}.expected.npy"));
            Some((input, expected))
        })
        .collect();
    pairs.sort();
    assert!(!pairs.is_empty());
    pairs
}

fn agrees(model: &Path, input: &Path, expected: &Path, engine: &str, tolerance: f32) {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("output.npy");
    succeed(&[
        "infer",
        "--model",
        text(model),
        "--input",
        text(input),
        "--output",
        text(&output),
        "--engine",
        engine,
    ]);
    let difference = largest_difference(&output, expected);
    println!("{engine} {}: largest difference {difference:.1e}", input.display());
    assert!(difference < tolerance, "{}: {difference}", input.display());
}

fn zoo_agrees(engine: &str, tolerance: f32) {
    let Some(zoo) = shared("model/zoo") else { return };
    for (input, expected) in golden(&zoo) {
        let name = text(&input).strip_suffix(".input.npy").unwrap();
        let model = ["h5", "keras"].map(|kind| PathBuf::from(format!("{name}.{kind}")));
        let model = model.iter().find(|path| path.exists()).unwrap();
        agrees(model, &input, &expected, engine, tolerance);
    }
}

#[test]
fn the_zoo_agrees_with_keras_on_the_cpu() {
    zoo_agrees("cpu", 1e-4);
}

#[test]
fn the_real_model_agrees_with_keras_on_the_cpu() {
    let Some(model) = shared("model/spine-unet-16.h5") else { return };
    for (input, expected) in golden(&shared("model/golden").unwrap()) {
        agrees(&model, &input, &expected, "cpu", 1e-4);
    }
}

/// Whether this machine has a graphics device, even one in software.
fn has_webgpu() -> bool {
    let Some(zoo) = shared("model/zoo") else { return false };
    let folder = tempfile::tempdir().unwrap();
    let output = rachis(&[
        "infer",
        "--model",
        text(&zoo.join("batchnorm.h5")),
        "--input",
        text(&zoo.join("batchnorm.input.npy")),
        "--output",
        text(&folder.path().join("output.npy")),
        "--engine",
        "webgpu",
    ]);
    let absent = String::from_utf8_lossy(&output.stderr).contains("No graphics device");
    if absent {
        eprintln!("NOTICE: there is no graphics device, so this test checks nothing");
    }
    !absent
}

#[test]
fn the_zoo_agrees_with_keras_on_webgpu() {
    if has_webgpu() {
        zoo_agrees("webgpu", 1e-3);
    }
}

#[test]
fn the_real_model_agrees_with_keras_on_webgpu() {
    if has_webgpu() {
        let golden = shared("model/golden").unwrap();
        let [input, expected] =
            ["input", "expected"].map(|what| golden.join(format!("crops-160.{what}.npy")));
        agrees(&shared("model/spine-unet-16.h5").unwrap(), &input, &expected, "webgpu", 1e-3);
    }
}

#[test]
fn an_array_of_another_shape_is_refused_with_the_shape_that_is_wanted() {
    let Some(zoo) = shared("model/zoo") else { return };
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("input.npy");
    std::fs::write(&input, rachis_unet::npy::write(&[2, 3], &[0.0; 6])).unwrap();
    let output = rachis(&[
        "infer",
        "--model",
        text(&zoo.join("batchnorm.h5")),
        "--input",
        text(&input),
        "--output",
        text(&folder.path().join("output.npy")),
    ]);
    assert!(!output.status.success());
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("[2, 3]") && errors.contains("(images, rows, columns, 1)"), "{errors}");
}
