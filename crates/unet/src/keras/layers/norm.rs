//! Normalisation.

use super::super::ImportError;
use super::super::builder::Builder;
use super::super::site::Site;
use crate::graph::{Axis, BatchNorm, GroupNorm, Op};

/// Keras' default for both normalisations.
const EPSILON: f32 = 1e-3;

pub(super) fn batch(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    if site.layer.flag("renorm", false)? {
        return Err(site.layer.unsupported("renorm"));
    }
    let Parameters { gamma, beta, epsilon } = parameters(builder, site)?;
    let [mean, variance] = ["moving_mean", "moving_variance"].map(|array| site.weight(array));
    let arrays = [gamma.as_deref(), beta.as_deref(), Some(&mean), Some(&variance)];
    builder.load(site, &arrays)?;
    let op = Op::BatchNorm(BatchNorm { gamma, beta, mean, variance, epsilon });
    builder.push(&site.path, op, vec![input])
}

pub(super) fn group(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    let Parameters { gamma, beta, epsilon } = parameters(builder, site)?;
    builder.load(site, &[gamma.as_deref(), beta.as_deref()])?;
    // -1 is Keras' way of saying one group for each channel.
    let groups = match site.layer.get("groups").and_then(serde_json::Value::as_i64) {
        Some(-1) => builder.channels(input)?,
        _ => site.layer.count_or("groups", 32)?,
    };
    let op = Op::GroupNorm(GroupNorm { groups, gamma, beta, epsilon });
    builder.push(&site.path, op, vec![input])
}

pub(super) fn rescale(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    let scale = site.layer.numbers("scale")?.unwrap_or_else(|| vec![1.0]);
    let offset = site.layer.numbers("offset")?.unwrap_or_else(|| vec![0.0]);
    builder.push(&site.path, Op::Rescale { scale, offset }, vec![input])
}

/// What both normalisations have.
struct Parameters {
    gamma: Option<String>,
    beta: Option<String>,
    epsilon: f32,
}

fn parameters(builder: &Builder, site: &Site) -> Result<Parameters, ImportError> {
    let layer = site.layer;
    if layer.axis("axis", builder.order)? != Axis::Channels {
        return Err(layer.unsupported("axis"));
    }
    Ok(Parameters {
        gamma: layer.flag("scale", true)?.then(|| site.weight("gamma")),
        beta: layer.flag("center", true)?.then(|| site.weight("beta")),
        epsilon: layer.number("epsilon")?.unwrap_or(EPSILON),
    })
}
