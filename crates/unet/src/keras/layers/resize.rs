//! Layers that make the image smaller or larger.

use serde_json::Value;

use super::super::ImportError;
use super::super::builder::Builder;
use super::super::config::Layer;
use super::super::fields::as_count;
use super::super::site::Site;
use crate::graph::{Edges, Op, Pool, PoolKind, Upsampling};

pub(super) fn pool(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    let layer = site.layer;
    let size = layer.pair("pool_size")?.unwrap_or([2, 2]);
    let kind = if layer.class.starts_with("Max") { PoolKind::Max } else { PoolKind::Average };
    let stride = layer.pair("strides")?.unwrap_or(size);
    let op = Op::Pool(Pool { kind, size, stride, padding: layer.padding()? });
    builder.push(&site.path, op, vec![input])
}

pub(super) fn upsample(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    let layer = site.layer;
    let method = match layer.text("interpolation").unwrap_or("nearest") {
        "nearest" => Upsampling::Nearest,
        "bilinear" => Upsampling::Bilinear,
        _ => return Err(layer.unsupported("interpolation")),
    };
    let factor = layer.pair("size")?.unwrap_or([2, 2]);
    builder.push(&site.path, Op::Upsample { factor, method }, vec![input])
}

pub(super) fn pad(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    let op = Op::Pad(edges(site.layer, "padding")?);
    builder.push(&site.path, op, vec![input])
}

pub(super) fn crop(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    let op = Op::Crop(edges(site.layer, "cropping")?);
    builder.push(&site.path, op, vec![input])
}

/// `n`, `[rows, columns]` or `[[top, bottom], [left, right]]`.
fn edges(layer: &Layer, option: &str) -> Result<Edges, ImportError> {
    let both = |value: &Value| match value.as_array().map(Vec::as_slice) {
        Some([before, after]) => as_count(before).zip(as_count(after)),
        Some(_) => None,
        None => as_count(value).map(|count| (count, count)),
    };
    let edges = layer.get(option).and_then(|value| match value.as_array().map(Vec::as_slice) {
        Some([rows, columns]) => both(rows).zip(both(columns)),
        Some(_) => None,
        None => both(value).map(|both| (both, both)),
    });
    let ((top, bottom), (left, right)) = edges.ok_or_else(|| layer.unsupported(option))?;
    Ok(Edges { top, bottom, left, right })
}
