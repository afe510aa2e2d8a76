//! Functions of each value.

use burn::tensor::{Tensor, activation};

use super::layer::dimension;
use crate::graph::Activation;

/// Applies a function to each value.
pub(super) fn activate(x: Tensor<4>, function: Activation) -> Tensor<4> {
    match function {
        Activation::Relu { max, slope, threshold } => relu(x, max, slope, threshold),
        Activation::Elu { alpha } => activation::elu(x, f64::from(alpha)),
        Activation::Selu => activation::selu(x),
        Activation::Gelu { approximate: false } => activation::gelu(x),
        Activation::Gelu { approximate: true } => activation::gelu_approximate(x),
        Activation::Swish => activation::silu(x),
        Activation::Tanh => x.tanh(),
        Activation::Sigmoid => activation::sigmoid(x),
        Activation::HardSigmoid { slope, offset } => {
            activation::hard_sigmoid(x, f64::from(slope), f64::from(offset))
        }
        Activation::Softmax { axis } => activation::softmax(x, dimension(axis)),
    }
}

fn relu(x: Tensor<4>, max: Option<f32>, slope: f32, threshold: f32) -> Tensor<4> {
    let y = match (slope, threshold) {
        (0.0, 0.0) => activation::relu(x),
        (slope, 0.0) => activation::leaky_relu(x, f64::from(slope)),
        (slope, threshold) => {
            let below = x.clone().lower_elem(threshold);
            let line = (x.clone() - threshold) * slope;
            x.mask_where(below, line)
        }
    };
    match max {
        Some(max) => y.clamp_max(max),
        None => y,
    }
}

/// `x` where positive, `slope * x` elsewhere.
pub(super) fn prelu(x: Tensor<4>, slope: Tensor<4>) -> Tensor<4> {
    let negative = x.clone().clamp_max(0.0) * slope;
    activation::relu(x) + negative
}
