//! A network's layers as data.

mod activation;
mod channels;
mod check;
mod op;
mod size;

use serde::{Deserialize, Serialize};

pub use activation::Activation;
#[cfg(feature = "keras")]
pub(crate) use check::MAX_NODES;
pub use op::{
    Axis, BatchNorm, Conv, ConvTranspose, Edges, GroupNorm, Op, Padding, Pool, PoolKind, Upsampling,
};

#[cfg(feature = "run")]
pub(crate) use size::span;

/// A network: nodes in the order in which they run. The first is the image, the last gives the output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Graph {
    /// The nodes.
    pub nodes: Vec<Node>,
}

/// One step of a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// What its maker called it, for messages.
    pub name: String,
    /// What it does.
    pub op: Op,
    /// Where its inputs come from: positions of earlier nodes.
    pub inputs: Vec<usize>,
}

impl Graph {
    /// Channels of the image that the network takes; 0 for a graph without an input.
    #[must_use]
    pub fn input_channels(&self) -> usize {
        match self.nodes.first() {
            Some(Node { op: Op::Input { channels }, .. }) => *channels,
            _ => 0,
        }
    }
}

/// Why a graph cannot run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// Too few nodes, too many, or the input is not the first node and only the first.
    #[error("The model's list of layers is not valid. Convert the original model again.")]
    Structure,
    /// A node whose numbers or inputs make no sense.
    #[error("Layer '{node}' cannot run: {reason}. Check the model in Keras and save it again.")]
    Node {
        /// The layer's name.
        node: String,
        /// What is wrong.
        reason: String,
    },
    /// A weight that a node needs is not there.
    #[error(
        "Layer '{node}' needs the weights '{weight}', which the file does not have. Save the model again."
    )]
    MissingWeight {
        /// The layer's name.
        node: String,
        /// The weight's name.
        weight: String,
    },
    /// A weight has another shape than its node needs.
    #[error("Layer '{node}' needs weights of shape {expected:?}, but the file has {found:?}.")]
    WeightShape {
        /// The layer's name.
        node: String,
        /// The shape that the layer needs.
        expected: Vec<usize>,
        /// The shape in the file.
        found: Vec<usize>,
    },
    /// The network halves the image so often that no usual image fits.
    #[error(
        "The model needs images whose sides are multiples of {0} pixels; more than 4096 is not supported."
    )]
    SizeMultiple(usize),
    /// The image's size does not suit a node.
    #[error("An image of {height} x {width} pixels does not fit the model: at layer '{node}', {reason}.")]
    ImageSize {
        /// Rows of the image.
        height: usize,
        /// Columns of the image.
        width: usize,
        /// The layer's name.
        node: String,
        /// What is wrong.
        reason: String,
    },
}
