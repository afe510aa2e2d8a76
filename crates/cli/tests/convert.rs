//! `rachis convert`, and the models that it made for the site.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::path::Path;

use common::{rachis, repository, shared, succeed, text};
use rachis_engine::sha256_hex;
use rachis_unet::{Model, Preprocessing};

fn read_model(path: &Path) -> Model {
    Model::from_safetensors(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn a_converted_model_says_what_it_was_told_and_proves_itself() {
    let Some(zoo) = shared("model/zoo") else { return };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("small.safetensors");
    let manifest = folder.path().join("manifest.json");
    let source = zoo.join("batchnorm.h5");
    let mut arguments = vec!["convert", text(&source), "--out", text(&out), "--name", "small"];
    arguments.extend(["--origin", "a test", "--licence", "CC0-1.0", "--threshold", "0.25"]);
    arguments.extend(["--preprocessing", "window:350/1600", "--pixel-size", "0.8"]);
    arguments.extend(["--manifest", text(&manifest), "--title", "Small"]);
    succeed(&arguments);

    let model = read_model(&out);
    assert_eq!(model.info.name, "small");
    assert_eq!((model.info.origin.as_str(), model.info.licence.as_str()), ("a test", "CC0-1.0"));
    assert_eq!(model.info.preprocessing, Preprocessing::Window { center: 350.0, width: 1600.0 });
    assert_eq!((model.info.pixel_mm, model.info.threshold), (Some(0.8), 0.25));
    let test = model.self_test.unwrap();
    assert_eq!(test.input.len(), test.shape.iter().product::<usize>());
    assert!(!test.expected.is_empty());

    let list: serde_json::Value = serde_json::from_slice(&fs::read(&manifest).unwrap()).unwrap();
    let file = fs::read(&out).unwrap();
    assert_eq!(
        list["models"][0],
        serde_json::json!({
            "name": "small",
            "title": "Small",
            "file": "small.safetensors",
            "sha256": sha256_hex(&file),
            "bytes": file.len(),
            "licence": "CC0-1.0",
            "default": true,
        })
    );
}

#[test]
fn a_model_of_which_nothing_is_said_gets_the_defaults_and_a_self_test_for_its_16_bit_weights() {
    let Some(zoo) = shared("model/zoo") else { return };
    let folder = tempfile::tempdir().unwrap();
    let [out, input, output] =
        ["m.safetensors", "input.npy", "output.npy"].map(|name| folder.path().join(name));
    succeed(&["convert", text(&zoo.join("transposed.h5")), "--out", text(&out), "--dtype", "f16"]);

    let model = read_model(&out);
    assert_eq!(model.info.name, "transposed");
    assert_eq!((model.info.preprocessing, model.info.threshold), (Preprocessing::TwelveBit, 0.5));
    let test = model.self_test.unwrap();
    fs::write(&input, rachis_unet::npy::write(&test.shape, &test.input)).unwrap();
    succeed(&["infer", "--model", text(&out), "--input", text(&input), "--output", text(&output)]);
    let (_, values) = common::array(&output);
    let worst = values.iter().zip(&test.expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-6, "{worst}");
}

#[test]
fn what_is_no_model_is_refused_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.h5");
    fs::write(&file, "not a model").unwrap();
    let out = folder.path().join("out.safetensors");
    let output = rachis(&["convert", text(&file), "--out", text(&out)]);
    assert!(!output.status.success() && !out.exists());
    assert!(String::from_utf8(output.stderr).unwrap().contains("notes.h5"));
}

#[test]
fn a_model_outside_of_its_lists_folder_is_refused() {
    let Some(zoo) = shared("model/zoo") else { return };
    let folder = tempfile::tempdir().unwrap();
    let [out, manifest] = ["m.safetensors", "list/manifest.json"].map(|name| folder.path().join(name));
    let source = zoo.join("batchnorm.h5");
    let output = rachis(&["convert", text(&source), "--out", text(&out), "--manifest", text(&manifest)]);
    assert!(!output.status.success() && !manifest.exists());
}

#[test]
fn the_shipped_models_are_those_of_the_list() {
    let weights = repository().join("weights");
    let list: serde_json::Value =
        serde_json::from_slice(&fs::read(weights.join("manifest.json")).unwrap()).unwrap();
    let models = list["models"].as_array().unwrap();
    assert_eq!(models.iter().filter(|model| model["default"] == true).count(), 1);
    for entry in models {
        let file = fs::read(weights.join(entry["file"].as_str().unwrap())).unwrap();
        assert_eq!(entry["sha256"].as_str(), Some(sha256_hex(&file).as_str()));
        assert_eq!(entry["bytes"].as_u64(), Some(file.len() as u64));

        let model = Model::from_safetensors(&file).unwrap();
        assert_eq!(entry["name"].as_str(), Some(model.info.name.as_str()));
        assert_eq!(entry["licence"].as_str(), Some(model.info.licence.as_str()));
        assert_eq!(model.info.preprocessing, Preprocessing::Window { center: 350.0, width: 1600.0 });
        let expected = model.self_test.unwrap().expected;
        let spine = expected.iter().filter(|value| **value > model.info.threshold).count();
        assert!(
            spine * 10 > expected.len() && spine * 10 < expected.len() * 9,
            "{spine} of {}",
            expected.len()
        );
    }
}
