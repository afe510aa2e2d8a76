//! Functions of each value.

use serde::{Deserialize, Serialize};

/// A function of each value (of all channels of a pixel, for [`Activation::Softmax`]).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// `max` at and above it, `x` from the threshold up to it, `slope * (x - threshold)` below the threshold.
    Relu {
        /// Upper limit.
        max: Option<f32>,
        /// Slope below the threshold.
        slope: f32,
        /// Where the slope ends.
        threshold: f32,
    },
    /// `x` where positive, `alpha * (exp(x) - 1)` elsewhere.
    Elu {
        /// Minus the limit for very negative values.
        alpha: f32,
    },
    /// Scaled ELU with its published constants (Klambauer et al. 2017).
    Selu,
    /// `x` times the normal distribution's cumulative function (Hendrycks and Gimpel 2016).
    Gelu {
        /// By the hyperbolic tangent instead of the error function.
        approximate: bool,
    },
    /// `x * sigmoid(x)`, also called SiLU.
    Swish,
    /// Hyperbolic tangent.
    Tanh,
    /// `1 / (1 + exp(-x))`.
    Sigmoid,
    /// `slope * x + offset`, clipped to 0..1.
    HardSigmoid {
        /// 1/6 in Keras 3, 0.2 in Keras 2.
        slope: f32,
        /// 0.5 in both.
        offset: f32,
    },
    /// Exponentials that sum to 1 along an axis.
    Softmax {
        /// The axis.
        axis: super::Axis,
    },
}

impl Activation {
    /// `max(x, 0)`.
    pub const RELU: Self = Self::Relu { max: None, slope: 0.0, threshold: 0.0 };
}
