//! Normalisation.

use burn::tensor::Tensor;

use super::layer::Loader;
use crate::GraphError;
use crate::graph::{BatchNorm, GroupNorm};

/// Batch normalisation, as one factor and one offset for each channel.
#[derive(Debug)]
pub(super) struct BatchNormLayer {
    scale: Tensor<4>,
    offset: Tensor<4>,
}

impl BatchNormLayer {
    pub(super) fn load(op: &BatchNorm, loader: &Loader) -> Result<Self, GraphError> {
        let mean = &loader.weight(&op.mean)?.values;
        let variance = &loader.weight(&op.variance)?.values;
        let gamma = optional(op.gamma.as_deref(), loader, 1.0, mean.len())?;
        let beta = optional(op.beta.as_deref(), loader, 0.0, mean.len())?;
        let scale: Vec<f32> = gamma
            .iter()
            .zip(variance)
            .map(|(gamma, variance)| gamma / (variance + op.epsilon).sqrt())
            .collect();
        let offset =
            beta.iter().zip(mean.iter().zip(&scale)).map(|(beta, (mean, scale))| beta - mean * scale);
        let offset = offset.collect();
        Ok(Self { scale: loader.channels(scale), offset: loader.channels(offset) })
    }

    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        x * self.scale.clone() + self.offset.clone()
    }
}

/// Group normalisation with its weights.
#[derive(Debug)]
pub(super) struct GroupNormLayer {
    groups: usize,
    epsilon: f32,
    gamma: Option<Tensor<4>>,
    beta: Option<Tensor<4>>,
}

impl GroupNormLayer {
    pub(super) fn load(op: &GroupNorm, loader: &Loader) -> Result<Self, GraphError> {
        let affine = |name: &Option<String>| {
            let weight = name.as_deref().map(|name| loader.weight(name)).transpose()?;
            Ok::<_, GraphError>(weight.map(|weight| loader.channels(weight.values.clone())))
        };
        Ok(Self {
            groups: op.groups,
            epsilon: op.epsilon,
            gamma: affine(&op.gamma)?,
            beta: affine(&op.beta)?,
        })
    }

    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [images, channels, rows, columns] = x.dims();
        let of_group = channels / self.groups * rows * columns;
        let grouped = x.reshape([images, self.groups, of_group]);
        let centred = grouped.clone() - grouped.mean_dim(2);
        let variance = centred.clone().square().mean_dim(2);
        let normalised = centred / (variance + self.epsilon).sqrt();
        let mut y = normalised.reshape([images, channels, rows, columns]);
        if let Some(gamma) = &self.gamma {
            y = y * gamma.clone();
        }
        if let Some(beta) = &self.beta {
            y = y + beta.clone();
        }
        y
    }
}

/// The weight's values, or as many constants.
fn optional(
    name: Option<&str>,
    loader: &Loader,
    constant: f32,
    channels: usize,
) -> Result<Vec<f32>, GraphError> {
    match name {
        Some(name) => Ok(loader.weight(name)?.values.clone()),
        None => Ok(vec![constant; channels]),
    }
}
