//! A model: graph, weights, and what to tell its user.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Graph;

/// A network with everything needed to use it.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Its layers.
    pub graph: Graph,
    /// The weights that the graph names.
    pub weights: BTreeMap<String, Weight>,
    /// What to tell its user.
    pub info: ModelInfo,
    /// An input with the output that it must give, for an engine to prove itself with.
    pub self_test: Option<SelfTest>,
}

impl Model {
    /// Number of weights.
    #[must_use]
    pub fn parameters(&self) -> u64 {
        self.weights.values().map(|weight| weight.values.len() as u64).sum()
    }
}

/// One array of weights, in C order.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// Its dimensions; each operation in [`crate::graph::Op`] says which it expects.
    pub shape: Vec<usize>,
    /// As many values as the dimensions' product.
    pub values: Vec<f32>,
}

/// What a person must know to use a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Its name, such as `spine-unet-16`.
    pub name: String,
    /// How an image becomes the network's input.
    pub preprocessing: Preprocessing,
    /// The pixel size of the slices that it was trained on, roughly, in mm: much coarser ones are enlarged. `None` where
    /// that is unknown or does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pixel_mm: Option<f32>,
    /// What each output channel means, in order; empty where unknown.
    pub classes: Vec<String>,
    /// A probability above this belongs to the class.
    pub threshold: f32,
    /// Where it came from, in words.
    pub origin: String,
    /// The licence of the weights, such as `Apache-2.0`.
    pub licence: String,
    /// The version that it was retrained from.
    pub parent: Option<String>,
}

/// How an image becomes the network's input, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preprocessing {
    /// HU clipped to -1024..3071, then `round((HU + 1024) / 4095 * 255) / 255`, as in Kim, Ganbold and Kim,
    /// Healthc Inform Res 2020;26(1):61-67.
    TwelveBit,
    /// HU clipped to the window, which becomes 0 to 1 linearly.
    Window {
        /// Centre, HU.
        center: f32,
        /// Width, HU.
        width: f32,
    },
    /// HU clipped to -1024..3071, which becomes 0 to 1 linearly; 8-bit pictures divided by white.
    Unit,
}

impl ModelInfo {
    /// How an image becomes the network's input, in a sentence or two for the user.
    #[must_use]
    pub fn describe_input(&self) -> String {
        let mut text = self.preprocessing.describe();
        if let Some(pixel_mm) = self.pixel_mm {
            text += &format!(" Slices of much larger pixels are enlarged to about {pixel_mm} mm.");
        }
        text
    }
}

impl Preprocessing {
    fn describe(&self) -> String {
        match self {
            Self::TwelveBit => "HU from -1024 to 3071, in 256 steps from 0 to 1.".to_owned(),
            Self::Window { center, width } => {
                let (low, high) = (center - width / 2.0, center + width / 2.0);
                format!("HU from {low} to {high}, linearly from 0 to 1.")
            }
            Self::Unit => "HU from -1024 to 3071, linearly from 0 to 1.".to_owned(),
        }
    }
}

/// An input and the output that the network must give for it.
#[derive(Debug, Clone, PartialEq)]
pub struct SelfTest {
    /// The input's shape: images, rows, columns, channels.
    pub shape: [usize; 4],
    /// The input, channels last.
    pub input: Vec<f32>,
    /// The output, channels last.
    pub expected: Vec<f32>,
}
