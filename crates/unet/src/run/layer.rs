//! One node with its weights on the device.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData, ops::PadMode};

use super::activation::{activate, prelu};
use super::conv::{ConvLayer, ConvTransposeLayer};
use super::norm::{BatchNormLayer, GroupNormLayer};
use super::pool::{pool, upsample};
use crate::graph::{Activation, Axis, Edges, Op, Pool, Upsampling};
use crate::{GraphError, Weight};

/// One node, ready to run on `[images, channels, rows, columns]`.
#[derive(Debug)]
pub(super) enum Layer {
    Input,
    Conv(ConvLayer),
    ConvTranspose(ConvTransposeLayer),
    Pool(Pool),
    Upsample { factor: [usize; 2], method: Upsampling },
    Concat { dimension: usize },
    Add,
    Multiply,
    BatchNorm(BatchNormLayer),
    GroupNorm(GroupNormLayer),
    Activation(Activation),
    Prelu { slope: Tensor<4> },
    Pad(Edges),
    Crop(Edges),
    Rescale { scale: Tensor<4>, offset: Tensor<4> },
}

/// Puts named weights on a device.
pub(super) struct Loader<'a> {
    pub weights: &'a BTreeMap<String, Weight>,
    pub node: &'a str,
    pub device: &'a Device,
}

impl Loader<'_> {
    /// The weight as it is stored.
    pub(super) fn weight(&self, name: &str) -> Result<&Weight, GraphError> {
        self.weights
            .get(name)
            .ok_or_else(|| GraphError::MissingWeight { node: self.node.to_owned(), weight: name.to_owned() })
    }

    /// The weight on the device, with its `D` dimensions.
    pub(super) fn tensor<const D: usize>(&self, name: &str) -> Result<Tensor<D>, GraphError> {
        let Weight { shape, values } = self.weight(name)?;
        Ok(Tensor::from_data(TensorData::new(values.clone(), shape.clone()), self.device))
    }

    /// One number for each channel, to be combined with images.
    pub(super) fn channels(&self, values: Vec<f32>) -> Tensor<4> {
        let channels = values.len();
        Tensor::from_data(TensorData::new(values, [1, channels, 1, 1]), self.device)
    }
}

impl Layer {
    pub(super) fn load(
        op: &Op,
        node: &str,
        weights: &BTreeMap<String, Weight>,
        device: &Device,
    ) -> Result<Self, GraphError> {
        let loader = Loader { weights, node, device };
        Ok(match op {
            Op::Input { .. } => Self::Input,
            Op::Conv(conv) => Self::Conv(ConvLayer::load(conv, &loader)?),
            Op::ConvTranspose(conv) => Self::ConvTranspose(ConvTransposeLayer::load(conv, &loader)?),
            Op::Pool(pool) => Self::Pool(pool.clone()),
            Op::Upsample { factor, method } => Self::Upsample { factor: *factor, method: *method },
            Op::Concat { axis } => Self::Concat { dimension: dimension(*axis) },
            Op::Add => Self::Add,
            Op::Multiply => Self::Multiply,
            Op::BatchNorm(norm) => Self::BatchNorm(BatchNormLayer::load(norm, &loader)?),
            Op::GroupNorm(norm) => Self::GroupNorm(GroupNormLayer::load(norm, &loader)?),
            Op::Activation(activation) => Self::Activation(*activation),
            Op::Prelu { slope, .. } => {
                Self::Prelu { slope: loader.tensor::<3>(slope)?.permute([2, 0, 1]).unsqueeze() }
            }
            Op::Pad(edges) => Self::Pad(*edges),
            Op::Crop(edges) => Self::Crop(*edges),
            Op::Rescale { scale, offset } => Self::Rescale {
                scale: loader.channels(scale.clone()),
                offset: loader.channels(offset.clone()),
            },
        })
    }

    /// Runs it on inputs whose number and sizes the graph's checks have found right.
    pub(super) fn forward(&self, input: Tensor<4>, others: Vec<Tensor<4>>) -> Tensor<4> {
        match self {
            Self::Input => input,
            Self::Conv(conv) => conv.forward(input),
            Self::ConvTranspose(conv) => conv.forward(input),
            Self::Pool(op) => pool(input, op),
            Self::Upsample { factor, method } => upsample(input, *factor, *method),
            Self::Concat { dimension } => {
                Tensor::cat(std::iter::once(input).chain(others).collect(), *dimension)
            }
            Self::Add => others.into_iter().fold(input, Tensor::add),
            Self::Multiply => others.into_iter().fold(input, Tensor::mul),
            Self::BatchNorm(norm) => norm.forward(input),
            Self::GroupNorm(norm) => norm.forward(input),
            Self::Activation(activation) => activate(input, *activation),
            Self::Prelu { slope } => prelu(input, slope.clone()),
            Self::Pad(Edges { top, bottom, left, right }) => {
                input.pad([(*top, *bottom), (*left, *right)], PadMode::Constant(0.0))
            }
            Self::Crop(edges) => crop(input, *edges),
            Self::Rescale { scale, offset } => input * scale.clone() + offset.clone(),
        }
    }
}

fn crop(input: Tensor<4>, Edges { top, bottom, left, right }: Edges) -> Tensor<4> {
    let [_, _, rows, columns] = input.dims();
    input.narrow(2, top, rows - top - bottom).narrow(3, left, columns - left - right)
}

/// Where an axis lies in `[images, channels, rows, columns]`.
pub(super) fn dimension(axis: Axis) -> usize {
    match axis {
        Axis::Channels => 1,
        Axis::Height => 2,
        Axis::Width => 3,
    }
}
