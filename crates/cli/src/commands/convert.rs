//! `rachis convert`: a Keras file into a model file.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use futures_lite::future::block_on;
use rachis_engine::{Engine, Runner, sha256_hex};
use rachis_unet::{Dtype, Model, Preprocessing, SelfTest};

use crate::array;
use crate::error::CliError;
use crate::files::write;
use crate::manifest::{Entry, Manifest};
use crate::model;

/// Convert a Keras model to a model file, with a self-test inside.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The model (.h5, .keras, or a .safetensors to write anew).
    file: PathBuf,
    /// Where to write the model file (.safetensors).
    #[arg(long)]
    out: PathBuf,
    /// How the weights are stored.
    #[arg(long, value_enum, default_value_t = Precision::F16)]
    dtype: Precision,
    /// The model's name; without it, the file's.
    #[arg(long)]
    name: Option<String>,
    /// Where it came from, in words.
    #[arg(long)]
    origin: Option<String>,
    /// The licence of the weights, such as Apache-2.0.
    #[arg(long)]
    licence: Option<String>,
    /// How an image becomes the network's input: twelve-bit, unit, or window:CENTRE/WIDTH (HU).
    #[arg(long, value_parser = preprocessing)]
    preprocessing: Option<Preprocessing>,
    /// The pixel size of the slices that it was trained on, in mm: much coarser slices are enlarged.
    #[arg(long, value_parser = millimetres)]
    pixel_size: Option<f32>,
    /// A probability above this is spine.
    #[arg(long, value_parser = probability)]
    threshold: Option<f32>,
    /// The input of the self-test, a NumPy array (images, rows, columns, channels); without it, a drawn one.
    #[arg(long)]
    self_test: Option<PathBuf>,
    /// A list of models (manifest.json) to enter the model in.
    #[arg(long)]
    manifest: Option<PathBuf>,
    /// What the list calls the model; without it, its name.
    #[arg(long, requires = "manifest")]
    title: Option<String>,
}

/// How weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Precision {
    I8,
    F16,
    F32,
}

fn preprocessing(text: &str) -> Result<Preprocessing, String> {
    let window = |text: &str| {
        let (center, width) = text.split_once('/')?;
        let (center, width) = (center.parse().ok()?, width.parse().ok()?);
        (f32::is_finite(center) && f32::is_finite(width) && width > 0.0)
            .then_some(Preprocessing::Window { center, width })
    };
    match text {
        "twelve-bit" => Some(Preprocessing::TwelveBit),
        "unit" => Some(Preprocessing::Unit),
        _ => text.strip_prefix("window:").and_then(window),
    }
    .ok_or_else(|| "say twelve-bit, unit, or window:CENTRE/WIDTH such as window:350/1600".to_owned())
}

fn probability(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("say a number from 0 to 1".to_owned()),
    }
}

fn millimetres(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(value) if (0.05..=10.0).contains(&value) => Ok(value),
        _ => Err("say millimetres, from 0.05 to 10".to_owned()),
    }
}

/// Runs the command.
///
/// # Errors
/// If the model cannot be read, run or written.
pub fn run(arguments: &Arguments) -> Result<(), CliError> {
    let mut model = model::load(&arguments.file)?;
    describe(&mut model, arguments);
    let dtype = match arguments.dtype {
        Precision::I8 => Dtype::I8,
        Precision::F16 => Dtype::F16,
        Precision::F32 => Dtype::F32,
    };

    // The stored output is that of the weights as the file will hold them, not of the more exact ones before.
    model.self_test = None;
    let mut model = Model::from_safetensors(&model.to_safetensors(dtype)?)?;
    let (shape, input) = self_test_input(arguments.self_test.as_deref(), &model)?;
    let runner = Runner::load(&model, &Engine::cpu())?;
    let (expected, _) = block_on(runner.run(input.clone(), shape))?;
    model.self_test = Some(SelfTest { shape, input, expected });

    let file = model.to_safetensors(dtype)?;
    write(&arguments.out, &file)?;
    println!("{}: {} weights, {} bytes", model.info.name, model.parameters(), file.len());
    if let Some(manifest) = &arguments.manifest {
        enter(manifest, arguments, &model, &file)?;
    }
    Ok(())
}

/// Takes over what the user says of the model.
fn describe(model: &mut Model, arguments: &Arguments) {
    let info = &mut model.info;
    let Arguments { name, origin, licence, preprocessing, pixel_size, threshold, .. } = arguments;
    if let Some(name) = name {
        info.name.clone_from(name);
    }
    if let Some(origin) = origin {
        info.origin.clone_from(origin);
    }
    if let Some(licence) = licence {
        info.licence.clone_from(licence);
    }
    if let Some(preprocessing) = preprocessing {
        info.preprocessing = *preprocessing;
    }
    if pixel_size.is_some() {
        info.pixel_mm = *pixel_size;
    }
    if let Some(threshold) = threshold {
        info.threshold = *threshold;
    }
}

fn self_test_input(path: Option<&Path>, model: &Model) -> Result<([usize; 4], Vec<f32>), CliError> {
    let channels = model.graph.input_channels();
    match path {
        Some(path) => array::load(path, channels),
        None => {
            let [rows, columns] =
                model.graph.size_multiple().map(|multiple| 64_usize.next_multiple_of(multiple));
            Ok(([1, rows, columns, channels], drawn(rows, columns, channels)))
        }
    }
}

/// A bright ellipse on a slope: edges of every direction and all values between 0 and 1, the same on every machine.
fn drawn(rows: usize, columns: usize, channels: usize) -> Vec<f32> {
    let mut picture = Vec::with_capacity(rows * columns * channels);
    for row in 0..rows {
        for column in 0..columns {
            let (down, across) = (row as f32 / rows as f32, column as f32 / columns as f32);
            let (y, x) = ((down - 0.5) / 0.3, (across - 0.5) / 0.2);
            let value = if y * y + x * x < 1.0 { 1.0 - 0.5 * down } else { 0.4 * across };
            picture.extend(std::iter::repeat_n(value, channels));
        }
    }
    picture
}

/// Enters the model in a list that lies above it.
fn enter(manifest: &Path, arguments: &Arguments, model: &Model, file: &[u8]) -> Result<(), CliError> {
    let folder = manifest.parent().unwrap_or(Path::new(""));
    let outside = || CliError::OutsideManifest { path: arguments.out.clone() };
    let relative = arguments.out.strip_prefix(folder).map_err(|_| outside())?;
    let mut list = Manifest::open(manifest)?;
    list.put(Entry {
        name: model.info.name.clone(),
        title: arguments.title.clone().unwrap_or_else(|| model.info.name.clone()),
        file: relative.to_string_lossy().replace('\\', "/"),
        sha256: sha256_hex(file),
        bytes: file.len() as u64,
        licence: model.info.licence.clone(),
        default: false,
    });
    list.save(manifest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preprocessing_is_named_or_a_window() {
        assert_eq!(preprocessing("twelve-bit"), Ok(Preprocessing::TwelveBit));
        assert_eq!(preprocessing("unit"), Ok(Preprocessing::Unit));
        assert_eq!(
            preprocessing("window:-600/1500"),
            Ok(Preprocessing::Window { center: -600.0, width: 1500.0 })
        );
        for wrong in ["", "window:40", "window:40/0", "window:a/b", "window:1/inf", "12-bit"] {
            assert!(preprocessing(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_drawn_picture_is_finite_and_spans_most_of_the_range() {
        let picture = drawn(64, 48, 2);
        assert_eq!(picture.len(), 64 * 48 * 2);
        assert!(picture.iter().all(|value| (0.0..=1.0).contains(value)));
        assert!(picture.iter().any(|value| *value > 0.8) && picture.iter().any(|value| *value < 0.1));
    }
}
