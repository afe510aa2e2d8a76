//! A convolution's weights on the way into a kernel.

use std::collections::BTreeMap;

use rachis_kernels::Filters;

use crate::graph::{BatchNorm, Conv, ConvTranspose};
use crate::{GraphError, Weight};

/// The weights of a model, for one of its nodes.
pub(super) struct Weights<'a> {
    pub(super) weights: &'a BTreeMap<String, Weight>,
    pub(super) node: &'a str,
}

impl Weights<'_> {
    pub(super) fn get(&self, name: &str) -> Result<&Weight, GraphError> {
        self.weights
            .get(name)
            .ok_or_else(|| GraphError::MissingWeight { node: self.node.to_owned(), weight: name.to_owned() })
    }

    /// The weight's values, or as many constants.
    fn optional(&self, name: Option<&str>, constant: f32, count: usize) -> Result<Vec<f32>, GraphError> {
        match name {
            Some(name) => Ok(self.get(name)?.values.clone()),
            None => Ok(vec![constant; count]),
        }
    }

    /// Batch normalisation as one factor and one offset for each channel.
    pub(super) fn factors(&self, norm: &BatchNorm) -> Result<(Vec<f32>, Vec<f32>), GraphError> {
        let (mean, variance) = (&self.get(&norm.mean)?.values, &self.get(&norm.variance)?.values);
        let gamma = self.optional(norm.gamma.as_deref(), 1.0, mean.len())?;
        let beta = self.optional(norm.beta.as_deref(), 0.0, mean.len())?;
        let factors: Vec<f32> = gamma
            .iter()
            .zip(variance)
            .map(|(gamma, variance)| gamma / (variance + norm.epsilon).sqrt())
            .collect();
        let offsets =
            beta.iter().zip(mean.iter().zip(&factors)).map(|(beta, (mean, factor))| beta - mean * factor);
        let offsets = offsets.collect();
        Ok((factors, offsets))
    }

    pub(super) fn conv(&self, conv: &Conv) -> Result<FoldedFilters, GraphError> {
        Ok(FoldedFilters {
            weights: self.get(&conv.kernel)?.values.clone(),
            bias: self.optional(conv.bias.as_deref(), 0.0, conv.filters)?,
            inner: 1,
        })
    }

    pub(super) fn conv_transpose(&self, conv: &ConvTranspose) -> Result<FoldedFilters, GraphError> {
        let kernel = self.get(&conv.kernel)?;
        Ok(FoldedFilters {
            weights: kernel.values.clone(),
            bias: self.optional(conv.bias.as_deref(), 0.0, conv.filters)?,
            inner: kernel.shape.last().copied().unwrap_or(1),
        })
    }
}

/// FoldedFilters and their bias.
pub(super) struct FoldedFilters {
    /// `[.., filters, inner]`
    weights: Vec<f32>,
    /// `[filters]`
    bias: Vec<f32>,
    inner: usize,
}

impl FoldedFilters {
    /// As the kernels want them.
    pub(super) fn with(self, inputs: usize, rectify: bool) -> Filters {
        Filters { inputs, weights: self.weights, bias: self.bias, rectify }
    }

    /// The filters whose result is this one's times a factor and plus an offset.
    pub(super) fn scaled(mut self, factors: &[f32], offsets: &[f32]) -> Self {
        for (weights, factor) in self.weights.chunks_exact_mut(self.inner).zip(factors.iter().cycle()) {
            for weight in weights {
                *weight *= factor;
            }
        }
        for (bias, (factor, offset)) in self.bias.iter_mut().zip(factors.iter().zip(offsets)) {
            *bias = *bias * factor + offset;
        }
        self
    }
}
