//! Every case under `tests/cases`, made by `tests/make_cases.py`: a new folder needs no new code.

#![allow(clippy::unwrap_used, reason = "a helper of tests may stop them")]

mod common;

use std::collections::BTreeMap;
use std::fs;

use burn::tensor::{Device, DeviceKind};
use common::{
    Images, cases_with, difference, gpu, images, import, kernels_difference, model_bytes, shaders_difference,
};
use rachis_unet::{Dtype, Model, Preprocessing, SelfTest, Weight, keras};

#[test]
fn the_cpu_engine_agrees_with_keras() {
    assert_agreement(&Device::flex(), 1e-4);
}

#[test]
fn the_webgpu_engine_agrees_with_keras() {
    let adapter = std::panic::catch_unwind(|| {
        let device = Device::wgpu(DeviceKind::DefaultDevice);
        device.sync().map(|()| device)
    });
    let Ok(Ok(device)) = adapter else {
        println!("Not tested: there is no graphics adapter; mesa-vulkan-drivers has one in software.");
        return;
    };
    assert_agreement(&device, 1e-3);
}

/// What the kernels lack runs on Burn; this list says what that is.
#[test]
fn the_kernels_agree_with_keras() {
    assert_kernels_agree(1e-4, kernels_difference);
}

#[test]
fn the_shaders_agree_with_keras() {
    if let Some(gpu) = gpu() {
        assert_kernels_agree(1e-3, |model, input, expected| shaders_difference(model, input, expected, &gpu));
    }
}

fn assert_kernels_agree(
    tolerance: f32,
    difference: impl Fn(&Model, &Images, &Images) -> Option<Result<f32, String>>,
) {
    let (mut failures, mut lacking) = (BTreeMap::new(), Vec::new());
    for folder in cases_with("expected.npy") {
        let (input, expected) = (images(&folder.join("input.npy")), images(&folder.join("expected.npy")));
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        match difference(&import(&model_bytes(&folder)), &input, &expected) {
            Some(Ok(difference)) if difference <= tolerance => {}
            Some(Ok(difference)) => drop(failures.insert(name, format!("differs by {difference}"))),
            Some(Err(error)) => drop(failures.insert(name, error)),
            None => lacking.push(name),
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
    assert_eq!(lacking, LACKING);
}

/// Softmax along rows, exact GELU, PReLU, group normalisation, grouped and dilated transposed convolution, and joining by
/// rows.
const LACKING: [&str; 18] = [
    "activation-layers",
    "activation-names",
    "activation-objects",
    "channels-first",
    "conv-dilated-grouped",
    "conv-transpose-dilated",
    "depthwise",
    "extreme-values",
    "grey-group-normalization",
    "group-normalization",
    "keras2-13-archive",
    "keras2-archive",
    "keras2-nested",
    "keras2-unet",
    "merging",
    "prelu",
    "separable",
    "sequential-legacy",
];

fn assert_agreement(device: &Device, tolerance: f32) {
    let mut failures = BTreeMap::new();
    for folder in cases_with("expected.npy") {
        let (input, expected) = (images(&folder.join("input.npy")), images(&folder.join("expected.npy")));
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let result = keras::import(&model_bytes(&folder), &name)
            .map_err(|error| error.to_string())
            .and_then(|model| difference(&model, &input, &expected, device));
        match result {
            Ok(difference) if difference <= tolerance => {}
            Ok(difference) => drop(failures.insert(name, format!("differs by {difference}"))),
            Err(error) => drop(failures.insert(name, error)),
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_refused_model_says_what_to_change() {
    for folder in cases_with("error.txt") {
        let expected = fs::read_to_string(folder.join("error.txt")).unwrap();
        let error =
            keras::import(&model_bytes(&folder), "test").expect_err("this model must be refused").to_string();
        assert_eq!(error, expected.trim_end(), "{}", folder.display());
    }
}

#[test]
fn every_case_is_either_run_or_refused() {
    for folder in cases_with("") {
        let run = folder.join("expected.npy").exists();
        let refused = folder.join("error.txt").exists();
        assert!(run != refused, "{} needs either expected.npy or error.txt", folder.display());
    }
}

#[test]
fn a_model_file_in_32_bits_holds_the_model_exactly() {
    for folder in cases_with("expected.npy") {
        let model = described(import(&model_bytes(&folder)), &folder);
        let bytes = model.to_safetensors(Dtype::F32).unwrap();
        let again = Model::from_safetensors(&bytes).unwrap();
        assert_eq!(again, model);
        assert_eq!(again.to_safetensors(Dtype::F32).unwrap(), bytes, "the same model gives the same file");
    }
}

#[test]
fn a_model_file_in_16_bits_holds_the_model_up_to_rounding() {
    for folder in cases_with("expected.npy") {
        for (name, weight, rounded) in weights_after(&folder, Dtype::F16) {
            for (rounded, exact) in rounded.values.iter().zip(&weight.values) {
                // 11 bits of precision; below 2^-14 steps of 2^-24.
                let allowed = (exact.abs() * 2.0_f32.powi(-11)).max(2.0_f32.powi(-25));
                assert!((rounded - exact).abs() <= allowed, "{name}: {exact} became {rounded}");
            }
        }
    }
}

#[test]
fn a_model_file_in_8_bits_holds_small_kernels_up_to_half_a_step_of_their_channel() {
    for folder in cases_with("expected.npy") {
        for (name, weight, rounded) in weights_after(&folder, Dtype::I8) {
            let channels = *weight.shape.last().unwrap();
            for channel in 0..channels {
                let values = || weight.values.iter().skip(channel).step_by(channels);
                let largest = values().fold(0.0_f32, |largest, value| largest.max(value.abs()));
                let step = if weight.shape.len() > 1 { largest / 127.0 } else { 0.0 };
                for (rounded, exact) in rounded.values.iter().skip(channel).step_by(channels).zip(values()) {
                    let off = (rounded - exact).abs();
                    assert!(off <= 0.5001 * step, "{name}: {exact} became {rounded}, in steps of {step}");
                }
            }
        }
    }
}

/// Writes a case's model and reads it again: all but the weights' values is as it was. Gives each weight's name, and the
/// weight before and after.
fn weights_after(folder: &std::path::Path, dtype: Dtype) -> Vec<(String, Weight, Weight)> {
    let model = described(import(&model_bytes(folder)), folder);
    let mut again = Model::from_safetensors(&model.to_safetensors(dtype).unwrap()).unwrap();
    assert_eq!((&again.graph, &again.info, &again.self_test), (&model.graph, &model.info, &model.self_test));
    let before_and_after = |(name, weight): (String, Weight)| {
        let rounded = again.weights.remove(&name).unwrap();
        assert_eq!(rounded.shape, weight.shape);
        (name, weight, rounded)
    };
    model.weights.into_iter().map(before_and_after).collect()
}

/// The model with everything filled in that a model file can hold.
fn described(mut model: Model, folder: &std::path::Path) -> Model {
    let (input, expected) = (images(&folder.join("input.npy")), images(&folder.join("expected.npy")));
    model.info.preprocessing = Preprocessing::Window { center: 300.0, width: 1500.0 };
    model.info.classes = vec!["spine".into(), "sacrum".into()];
    model.info.origin = "made for a test".into();
    model.info.licence = "Apache-2.0".into();
    model.info.parent = Some("first".into());
    model.self_test = Some(SelfTest { shape: input.shape, input: input.values, expected: expected.values });
    model
}
