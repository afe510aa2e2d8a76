//! What the tests share: cases on disk, and how far two outputs lie apart.

#![allow(dead_code, reason = "each test uses its own part")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a helper of tests may stop them")]

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use futures_lite::future::block_on;
use rachis_unet::{CpuNetwork, Gpu, GpuNetwork, Model, Network, RunError, keras, npy};

/// An array of `[images, rows, columns, channels]`.
pub struct Images {
    pub shape: [usize; 4],
    pub values: Vec<f32>,
}

/// Reads a `.npy` file.
pub fn images(path: &Path) -> Images {
    let (shape, values) = npy::read(&fs::read(path).unwrap()).unwrap();
    Images { shape: shape.try_into().unwrap(), values }
}

/// The folders under `tests/cases` that have a file of this name, by their names.
pub fn cases_with(file: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join(file).exists());
    folders.sort();
    assert!(!folders.is_empty(), "there are no cases with {file}");
    folders
}

/// The Keras file of a case.
pub fn model_bytes(folder: &Path) -> Vec<u8> {
    let path =
        ["model.keras", "model.h5"].map(|name| folder.join(name)).into_iter().find(|path| path.exists());
    fs::read(path.expect("a case has model.keras or model.h5")).unwrap()
}

pub fn import(bytes: &[u8]) -> Model {
    keras::import(bytes, "test").unwrap()
}

/// A folder beside the repository that holds what is too large for it; a notice where there is none.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder);
    if !path.exists() {
        println!("Not tested: {} does not exist.", path.display());
        return None;
    }
    Some(path)
}

/// The largest difference between the model's output on Burn and the expected one, or what went wrong.
pub fn difference(model: &Model, input: &Images, expected: &Images, device: &Device) -> Result<f32, String> {
    let network = Network::load(model, device).map_err(|error| error.to_string())?;
    let run = network.run(input.values.clone(), input.shape);
    compare(block_on(run), expected)
}

/// The same without Burn; nothing if the kernels lack one of the model's layers.
pub fn kernels_difference(model: &Model, input: &Images, expected: &Images) -> Option<Result<f32, String>> {
    let network = CpuNetwork::load(model).unwrap()?;
    Some(compare(network.run(&input.values, input.shape), expected))
}

/// How far the shaders are from what Keras gave; `None` if they lack a layer.
pub fn shaders_difference(
    model: &Model,
    input: &Images,
    expected: &Images,
    gpu: &Gpu,
) -> Option<Result<f32, String>> {
    let network = GpuNetwork::load(model, gpu).unwrap()?;
    Some(compare(block_on(network.run(&input.values, input.shape)), expected))
}

/// Any graphics device, one in software too.
pub fn gpu() -> Option<Gpu> {
    let gpu = block_on(Gpu::open());
    if gpu.is_none() {
        println!("Not tested: there is no graphics adapter; mesa-vulkan-drivers has one in software.");
    }
    gpu
}

fn compare(output: Result<(Vec<f32>, [usize; 4]), RunError>, expected: &Images) -> Result<f32, String> {
    let (output, shape) = output.map_err(|error| error.to_string())?;
    if shape != expected.shape {
        return Err(format!("the output has the shape {shape:?} instead of {:?}", expected.shape));
    }
    Ok(largest_difference(&output, &expected.values))
}

/// The largest absolute difference; infinite where one of the two is not a number.
pub fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    differences
        .map(|difference| if difference.is_nan() { f32::INFINITY } else { difference })
        .fold(0.0, f32::max)
}
