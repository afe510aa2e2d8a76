//! Layers that take several images.

use super::super::ImportError;
use super::super::builder::Builder;
use super::super::site::Site;
use crate::graph::Op;

pub(super) fn add(builder: &mut Builder, site: &Site, inputs: Vec<usize>) -> Result<usize, ImportError> {
    builder.push(&site.path, Op::Add, inputs)
}

pub(super) fn multiply(builder: &mut Builder, site: &Site, inputs: Vec<usize>) -> Result<usize, ImportError> {
    builder.push(&site.path, Op::Multiply, inputs)
}

pub(super) fn concatenate(
    builder: &mut Builder,
    site: &Site,
    inputs: Vec<usize>,
) -> Result<usize, ImportError> {
    let axis = site.layer.axis("axis", builder.order)?;
    builder.push(&site.path, Op::Concat { axis }, inputs)
}
