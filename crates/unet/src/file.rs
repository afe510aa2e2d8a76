//! Rachis's model file: one `.safetensors` with the graph and the model's description in its metadata.
//!
//! The metadata has one entry, `rachis`: JSON with the format's version, the graph and [`ModelInfo`]. One entry, so
//! that the same model always gives the same bytes. Tensors: the graph's weights by their names, and, where there is
//! a self-test, `self_test.input` and `self_test.expected`. A weight `NAME` in 8 bits comes with `NAME.scale`, an f32 for
//! each place along its last axis, by which the integers there are multiplied.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use half::f16;
use safetensors::{Dtype as Stored, SafeTensors, View, tensor::TensorView};
use serde::{Deserialize, Serialize};

use crate::{Graph, GraphError, Model, ModelInfo, SelfTest, Weight};

const KEY: &str = "rachis";
const VERSION: u32 = 1;
const SELF_TEST_INPUT: &str = "self_test.input";
const SELF_TEST_EXPECTED: &str = "self_test.expected";
const SCALE: &str = ".scale";

/// How weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dtype {
    /// Kernels as integers of 8 bits, each channel with a scale of its own; all else as `F16`. Large kernels, in which
    /// errors average out, use few of the integers, so that the file compresses to half of its size.
    I8,
    /// Kernels in 16 bits; biases and statistics, which are few, in 32, as is what does not fit 16.
    F16,
    /// 32 bits.
    F32,
}

/// Why a model file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Not a safetensors file, or a damaged one.
    #[error("This is not a complete model file (.safetensors): {0}. Copy or download it again.")]
    Damaged(safetensors::SafeTensorError),
    /// Somebody else's safetensors file.
    #[error(
        "This .safetensors file holds only weights, not a Rachis model. Convert the Keras model instead."
    )]
    NotRachis,
    /// The description does not have the agreed form.
    #[error("The model's description cannot be read: {0}. Convert the original model again.")]
    Description(serde_json::Error),
    /// Written by a later version.
    #[error(
        "The model file has format version {found}, but this version of Rachis reads up to {VERSION}. Update it."
    )]
    Version {
        /// The file's version.
        found: u32,
    },
    /// An element type that no model of Rachis's has.
    #[error(
        "The weights '{name}' are stored as {dtype}; only I8, F16 and F32 are supported. Convert the model again."
    )]
    ElementType {
        /// The weight's name.
        name: String,
        /// The type found.
        dtype: String,
    },
    /// Integers without their scale, or with one of another size.
    #[error("The weights '{name}' lack their scale. Convert the original model again.")]
    Scale {
        /// The weight's name.
        name: String,
    },
    /// The self-test is not complete.
    #[error("The model's self-test is damaged. Convert the original model again.")]
    SelfTest,
    /// The graph cannot run.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

/// What the metadata entry holds.
#[derive(Serialize, Deserialize)]
struct Description<'a> {
    version: u32,
    info: Cow<'a, ModelInfo>,
    graph: Cow<'a, Graph>,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

impl Model {
    /// Writes the model file.
    ///
    /// # Errors
    /// If graph, weights and self-test do not fit together.
    pub fn to_safetensors(&self, dtype: Dtype) -> Result<Vec<u8>, FileError> {
        self.graph.check(&self.weights)?;
        let description = Description {
            version: VERSION,
            info: Cow::Borrowed(&self.info),
            graph: Cow::Borrowed(&self.graph),
        };
        let json = serde_json::to_string(&description).map_err(FileError::Description)?;
        let mut tensors = BTreeMap::new();
        for (name, weight) in &self.weights {
            if dtype == Dtype::I8
                && let Some((integers, scale)) = quantized(weight)
            {
                tensors.insert(name.clone(), integers);
                tensors.insert(format!("{name}{SCALE}"), scale);
            } else {
                tensors.insert(name.clone(), Tensor::new(&weight.shape, &weight.values, dtype));
            }
        }
        if let Some(test) = &self.self_test {
            let expected = expected_shape(&self.graph, test.shape)?;
            if expected.iter().product::<usize>() != test.expected.len()
                || test.shape.iter().product::<usize>() != test.input.len()
            {
                return Err(FileError::SelfTest);
            }
            let [input, expected] = [(&test.shape, &test.input), (&expected, &test.expected)]
                .map(|(shape, values)| Tensor::new(shape, values, Dtype::F32));
            tensors.insert(SELF_TEST_INPUT.to_owned(), input);
            tensors.insert(SELF_TEST_EXPECTED.to_owned(), expected);
        }
        let metadata = HashMap::from([(KEY.to_owned(), json)]);
        safetensors::serialize(tensors, Some(metadata)).map_err(FileError::Damaged)
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// If the file is damaged, of a later version, or describes a network that cannot run.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self, FileError> {
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(FileError::Damaged)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(FileError::Damaged)?;
        let json =
            header.metadata().as_ref().and_then(|entries| entries.get(KEY)).ok_or(FileError::NotRachis)?;
        let VersionOnly { version } = serde_json::from_str(json).map_err(FileError::Description)?;
        if version > VERSION {
            return Err(FileError::Version { found: version });
        }
        let description: Description = serde_json::from_str(json).map_err(FileError::Description)?;
        let mut weights = BTreeMap::new();
        for (name, view) in tensors.iter() {
            weights.insert(name.to_owned(), read(name, &view)?);
        }
        for (name, _) in tensors.iter().filter(|(_, view)| view.dtype() == Stored::I8) {
            let scale = weights.remove(&format!("{name}{SCALE}"));
            weights
                .get_mut(name)
                .zip(scale)
                .and_then(|(weight, scale)| weight.scale_by(&scale.values))
                .ok_or_else(|| FileError::Scale { name: name.to_owned() })?;
        }
        let self_test = match (weights.remove(SELF_TEST_INPUT), weights.remove(SELF_TEST_EXPECTED)) {
            (Some(input), Some(expected)) => Some((input, expected)),
            (None, None) => None,
            _ => return Err(FileError::SelfTest),
        };
        let graph = description.graph.into_owned();
        graph.check(&weights)?;
        let self_test =
            self_test.map(|(input, expected)| self_test_of(&graph, input, expected)).transpose()?;
        Ok(Self { graph, weights, info: description.info.into_owned(), self_test })
    }
}

fn self_test_of(graph: &Graph, input: Weight, expected: Weight) -> Result<SelfTest, FileError> {
    let shape: [usize; 4] = input.shape.try_into().map_err(|_| FileError::SelfTest)?;
    if expected.shape != expected_shape(graph, shape)? {
        return Err(FileError::SelfTest);
    }
    Ok(SelfTest { shape, input: input.values, expected: expected.values })
}

/// The shape of the output for an input of `shape`.
fn expected_shape(graph: &Graph, shape: [usize; 4]) -> Result<[usize; 4], FileError> {
    let [images, rows, columns, channels] = shape;
    if channels != graph.input_channels() {
        return Err(FileError::SelfTest);
    }
    let [rows, columns] = graph.output_size([rows, columns])?;
    Ok([images, rows, columns, graph.output_channels()?])
}

fn read(name: &str, view: &TensorView) -> Result<Weight, FileError> {
    let values = match view.dtype() {
        Stored::F32 => view.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
        Stored::I8 => view.data().iter().map(|byte| f32::from(byte.cast_signed())).collect(),
        Stored::F16 => {
            view.data().as_chunks().0.iter().map(|bytes| f16::from_le_bytes(*bytes).to_f32()).collect()
        }
        other => {
            return Err(FileError::ElementType { name: name.to_owned(), dtype: format!("{other:?}") });
        }
    };
    Ok(Weight { shape: view.shape().to_vec(), values })
}

/// One tensor ready to be written.
struct Tensor {
    dtype: Stored,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Tensor {
    fn new(shape: &[usize], values: &[f32], dtype: Dtype) -> Self {
        let halved = dtype != Dtype::F32 && shape.len() > 1 && values.iter().all(|&value| fits_f16(value));
        let (dtype, bytes) = if halved {
            (Stored::F16, values.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes()).collect())
        } else {
            (Stored::F32, values.iter().flat_map(|value| value.to_le_bytes()).collect())
        };
        Self { dtype, shape: shape.to_vec(), bytes }
    }
}

/// The largest integer in a kernel of so many weights (docs/performance.md tells what it costs and saves).
fn largest_integer(weights: usize) -> f32 {
    match weights {
        100_000.. => 15.0,
        20_000.. => 31.0,
        _ => 127.0,
    }
}

/// A kernel as integers, and the scale of each place along its last axis; none for what is no kernel, or not finite.
fn quantized(weight: &Weight) -> Option<(Tensor, Tensor)> {
    let channels = *weight.shape.last().filter(|&&channels| channels > 0 && weight.shape.len() > 1)?;
    let mut largest = vec![0.0_f32; channels];
    for row in weight.values.chunks_exact(channels) {
        for (largest, value) in largest.iter_mut().zip(row) {
            *largest = if value.is_finite() { largest.max(value.abs()) } else { return None };
        }
    }
    let most = largest_integer(weight.values.len());
    // A channel of zeros stays one, whatever its scale.
    let scale: Vec<f32> =
        largest.iter().map(|&largest| if largest > 0.0 { largest / most } else { 1.0 }).collect();
    let bytes = weight
        .values
        .iter()
        .zip(scale.iter().cycle())
        .map(|(value, scale)| ((value / scale).round() as i8).cast_unsigned())
        .collect();
    let integers = Tensor { dtype: Stored::I8, shape: weight.shape.clone(), bytes };
    Some((integers, Tensor::new(&[channels], &scale, Dtype::F32)))
}

impl Weight {
    /// Multiplies by a scale for each place along the last axis; nothing where these are not as many.
    fn scale_by(&mut self, scale: &[f32]) -> Option<()> {
        let channels = *self.shape.last()?;
        if scale.len() != channels {
            return None;
        }
        for (value, scale) in self.values.iter_mut().zip(scale.iter().cycle()) {
            *value *= scale;
        }
        Some(())
    }
}

fn fits_f16(value: f32) -> bool {
    f16::from_f32(value).is_finite() || !value.is_finite()
}

impl View for Tensor {
    fn dtype(&self) -> Stored {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_weights_a_kernel_has_the_fewer_integers_it_uses() {
        let distinct = |rows: usize| {
            let values: Vec<f32> = (0..rows * 2).map(|at| (at as f32 * 0.7).sin()).collect();
            let (integers, _) = quantized(&Weight { shape: vec![rows, 2], values }).unwrap();
            integers.bytes.iter().collect::<std::collections::BTreeSet<_>>().len()
        };
        assert_eq!([9_999, 10_000, 50_000].map(distinct), [255, 63, 31]);
    }
}
