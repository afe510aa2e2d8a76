//! A layer with its weights packed.

use super::conv::Conv;
use super::frame::frame;
use super::pointwise::{combine, join, scale};
use super::pool::pool;
use super::resize::{upsample_bilinear, upsample_nearest};
use super::transposed::TransposedConv;
use super::upconv::UpConv;
use super::{Image, Scratch};
use crate::{Layer, Shape};

/// What runs a layer.
#[derive(Debug)]
pub(crate) enum Kernel {
    Conv(Conv),
    UpConv(UpConv),
    TransposedConv(TransposedConv),
    /// Has no weights to pack.
    Plain(Layer),
}

impl Kernel {
    /// Packs the weights of a layer.
    ///
    /// # Panics
    /// If there are not as many weights as the layer's sizes say.
    pub(super) fn new(layer: Layer) -> Self {
        match layer {
            Layer::Conv(geometry, filters) => Self::Conv(Conv::new(geometry, &filters)),
            Layer::UpConv(filters) => Self::UpConv(UpConv::new(&filters)),
            Layer::TransposedConv(spread, filters) => {
                Self::TransposedConv(TransposedConv::new(spread, &filters))
            }
            plain => Self::Plain(plain),
        }
    }

    /// Values that the packed weights take.
    pub(super) fn weights(&self) -> usize {
        match self {
            Self::Conv(conv) => conv.weights(),
            Self::UpConv(conv) => conv.weights(),
            Self::TransposedConv(conv) => conv.weights(),
            Self::Plain(_) => 0,
        }
    }

    pub(super) fn run(
        &self,
        images: &[Image<'_>],
        shape: Shape,
        output: &mut [f32],
        pooled: Option<&mut [f32]>,
        scratch: &mut Scratch,
    ) {
        let layer = match self {
            Self::Conv(conv) => return conv.run(images, shape, output, pooled, scratch),
            Self::UpConv(conv) => return conv.run(images, output, scratch),
            Self::TransposedConv(conv) => return conv.run(images, shape, output, scratch),
            Self::Plain(layer) => layer,
        };
        match layer {
            Layer::Conv(..) | Layer::UpConv(_) | Layer::TransposedConv(..) => {}
            Layer::Pool(geometry, kind) => pool(images[0], *geometry, *kind, shape, output),
            Layer::UpsampleNearest(factor) => upsample_nearest(images[0], *factor, output),
            Layer::UpsampleBilinear(factor) => upsample_bilinear(images[0], *factor, output),
            Layer::Frame(at) => frame(images[0], *at, shape, output),
            Layer::Join => join(images, output),
            Layer::Add => combine(images, shape, |a, b| a + b, output),
            Layer::Multiply => combine(images, shape, |a, b| a * b, output),
            Layer::Activation(activation) => activation.run(images[0], output),
            Layer::Scale(factors, offsets) => scale(images[0], factors, offsets, output),
        }
    }
}
