//! The operations that a network is made of.
//!
//! Images are `[images, rows, columns, channels]`. Pairs are rows first, then columns.

use serde::{Deserialize, Serialize};

use super::Activation;

/// One operation. Weights are named; [`crate::Model::weights`] holds them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// The image; the first node, and only the first.
    Input {
        /// Its channels.
        channels: usize,
    },
    /// Convolution.
    Conv(Conv),
    /// Transposed convolution.
    ConvTranspose(ConvTranspose),
    /// Maximum or mean over a window.
    Pool(Pool),
    /// Each pixel becomes several.
    Upsample {
        /// Rows and columns made of each pixel.
        factor: [usize; 2],
        /// How they are filled.
        method: Upsampling,
    },
    /// Joins its inputs, in order.
    Concat {
        /// Along which axis.
        axis: Axis,
    },
    /// Sum of its inputs; an axis of length 1 is repeated to match.
    Add,
    /// Product of its inputs; an axis of length 1 is repeated to match.
    Multiply,
    /// Normalisation by stored statistics.
    BatchNorm(BatchNorm),
    /// Normalisation by each image's own statistics, over groups of channels.
    GroupNorm(GroupNorm),
    /// A function of each value.
    Activation(Activation),
    /// `x` where positive, `slope * x` elsewhere.
    Prelu {
        /// Weight `[rows or 1, columns or 1, channels or 1]`.
        slope: String,
        /// Its shape.
        shape: [usize; 3],
    },
    /// Zeros around the image.
    Pad(Edges),
    /// Cuts off the image's edges.
    Crop(Edges),
    /// `x * scale + offset`.
    Rescale {
        /// One factor, or one for each channel.
        scale: Vec<f32>,
        /// One offset, or one for each channel.
        offset: Vec<f32>,
    },
}

/// Convolution (cross-correlation, as everywhere in deep learning).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conv {
    /// Weight `[kernel rows, kernel columns, input channels / groups, filters]`.
    pub kernel: String,
    /// Weight `[filters]`.
    pub bias: Option<String>,
    /// Kernel rows and columns.
    pub size: [usize; 2],
    /// Output channels.
    pub filters: usize,
    /// Step between windows.
    pub stride: [usize; 2],
    /// Step inside the window.
    pub dilation: [usize; 2],
    /// Zeros around the image.
    pub padding: Padding,
    /// The channels are split into this many groups, each seen by its own share of the filters.
    pub groups: usize,
}

/// Transposed convolution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConvTranspose {
    /// Weight `[kernel rows, kernel columns, filters, input channels]`.
    pub kernel: String,
    /// Weight `[filters]`.
    pub bias: Option<String>,
    /// Kernel rows and columns.
    pub size: [usize; 2],
    /// Output channels.
    pub filters: usize,
    /// Step between the places where the kernel is added.
    pub stride: [usize; 2],
    /// Step inside the kernel.
    pub dilation: [usize; 2],
    /// Which part of the full output is kept.
    pub padding: Padding,
    /// Rows and columns added at the end; without it the size is that of `padding`'s rule.
    pub output_padding: Option<[usize; 2]>,
}

/// Maximum or mean over a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pool {
    /// What is taken of each window.
    pub kind: PoolKind,
    /// Window rows and columns.
    pub size: [usize; 2],
    /// Step between windows.
    pub stride: [usize; 2],
    /// Whether windows may reach past the edge; what lies there is not counted.
    pub padding: Padding,
}

/// What pooling takes of each window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolKind {
    /// The largest value.
    Max,
    /// The mean of the values inside the image.
    Average,
}

/// How windows meet the edge of the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Padding {
    /// The output has `ceil(input / stride)` pixels; an odd number of padded pixels has the larger part at the end.
    Same,
    /// Only windows that lie wholly inside the image.
    Valid,
}

/// How new pixels are filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Upsampling {
    /// Copies.
    Nearest,
    /// Linear in both directions between pixel centres.
    Bilinear,
}

/// An axis of an image batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// Rows.
    Height,
    /// Columns.
    Width,
    /// Channels.
    Channels,
}

/// `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, for each channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchNorm {
    /// Weight `[channels]`; 1 without it.
    pub gamma: Option<String>,
    /// Weight `[channels]`; 0 without it.
    pub beta: Option<String>,
    /// Weight `[channels]`.
    pub mean: String,
    /// Weight `[channels]`.
    pub variance: String,
    /// Keeps the root away from zero.
    pub epsilon: f32,
}

/// As [`BatchNorm`], with mean and variance of each image over each group of neighbouring channels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupNorm {
    /// Number of groups.
    pub groups: usize,
    /// Weight `[channels]`; 1 without it.
    pub gamma: Option<String>,
    /// Weight `[channels]`; 0 without it.
    pub beta: Option<String>,
    /// Keeps the root away from zero.
    pub epsilon: f32,
}

/// Pixels at the four edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edges {
    /// Rows above.
    pub top: usize,
    /// Rows below.
    pub bottom: usize,
    /// Columns before.
    pub left: usize,
    /// Columns after.
    pub right: usize,
}

impl Op {
    /// The names of the weights it needs, with their shapes, where its input has `channels` channels.
    pub(crate) fn weights(&self, channels: usize) -> Vec<(&str, Vec<usize>)> {
        fn of_channels(name: &Option<String>, channels: usize) -> Option<(&str, Vec<usize>)> {
            name.as_deref().map(|name| (name, vec![channels]))
        }
        match self {
            Self::Conv(Conv { kernel, bias, size: [rows, columns], filters, groups, .. }) => {
                let shape = vec![*rows, *columns, channels / groups, *filters];
                [Some((kernel.as_str(), shape)), of_channels(bias, *filters)].into_iter().flatten().collect()
            }
            Self::ConvTranspose(ConvTranspose { kernel, bias, size: [rows, columns], filters, .. }) => {
                let shape = vec![*rows, *columns, *filters, channels];
                [Some((kernel.as_str(), shape)), of_channels(bias, *filters)].into_iter().flatten().collect()
            }
            Self::BatchNorm(BatchNorm { gamma, beta, mean, variance, .. }) => {
                let statistics = [(mean.as_str(), vec![channels]), (variance.as_str(), vec![channels])];
                let affine = [of_channels(gamma, channels), of_channels(beta, channels)];
                statistics.into_iter().chain(affine.into_iter().flatten()).collect()
            }
            Self::GroupNorm(GroupNorm { gamma, beta, .. }) => {
                [of_channels(gamma, channels), of_channels(beta, channels)].into_iter().flatten().collect()
            }
            Self::Prelu { slope, shape } => vec![(slope.as_str(), shape.to_vec())],
            Self::Input { .. }
            | Self::Pool(_)
            | Self::Upsample { .. }
            | Self::Concat { .. }
            | Self::Add
            | Self::Multiply
            | Self::Activation(_)
            | Self::Pad(_)
            | Self::Crop(_)
            | Self::Rescale { .. } => Vec::new(),
        }
    }
}
