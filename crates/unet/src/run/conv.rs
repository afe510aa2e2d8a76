//! Convolutions.

use burn::tensor::{
    Tensor,
    module::{conv_transpose2d, conv2d},
    ops::{ConvOptions, ConvTransposeOptions},
};

use super::layer::Loader;
use super::window::edge_padding;
use crate::GraphError;
use crate::graph::{Conv, ConvTranspose, span};

/// A convolution with its weights.
#[derive(Debug)]
pub(super) struct ConvLayer {
    /// `[filters, input channels / groups, kernel rows, kernel columns]`
    kernel: Tensor<4>,
    bias: Option<Tensor<1>>,
    op: Conv,
}

impl ConvLayer {
    pub(super) fn load(op: &Conv, loader: &Loader) -> Result<Self, GraphError> {
        Ok(Self {
            kernel: loader.tensor::<4>(&op.kernel)?.permute([3, 2, 0, 1]),
            bias: op.bias.as_deref().map(|name| loader.tensor(name)).transpose()?,
            op: op.clone(),
        })
    }

    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, _, rows, columns] = x.dims();
        let Conv { size, stride, dilation, padding, groups, .. } = &self.op;
        let ([kernel_rows, kernel_columns], [dilation_rows, dilation_columns]) = (size, dilation);
        let [stride_rows, stride_columns] = stride;
        let padding = [
            edge_padding(*padding, rows, span(*kernel_rows, *dilation_rows), *stride_rows),
            edge_padding(*padding, columns, span(*kernel_columns, *dilation_columns), *stride_columns),
        ];
        let options = ConvOptions::new_with_padding(*stride, padding, *dilation, *groups);
        conv2d(x, self.kernel.clone(), self.bias.clone(), options)
    }
}

/// A transposed convolution with its weights.
#[derive(Debug)]
pub(super) struct ConvTransposeLayer {
    /// `[input channels, filters, kernel rows, kernel columns]`
    kernel: Tensor<4>,
    bias: Option<Tensor<1>>,
    op: ConvTranspose,
}

impl ConvTransposeLayer {
    pub(super) fn load(op: &ConvTranspose, loader: &Loader) -> Result<Self, GraphError> {
        Ok(Self {
            kernel: loader.tensor::<4>(&op.kernel)?.permute([3, 2, 0, 1]),
            bias: op.bias.as_deref().map(|name| loader.tensor(name)).transpose()?,
            op: op.clone(),
        })
    }

    pub(super) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let [_, _, rows, columns] = x.dims();
        let kept = self.op.kept([rows, columns]);
        // Burn cuts as much off the end as off the beginning: never more than is to go.
        let options = ConvTransposeOptions::new(
            self.op.stride,
            kept.map(|kept| kept.start),
            kept.map(|kept| kept.missing),
            self.op.dilation,
            1,
        );
        let y = conv_transpose2d(x, self.kernel.clone(), self.bias.clone(), options);
        let [kept_rows, kept_columns] = kept;
        first(first(y, 2, kept_rows.length), 3, kept_columns.length)
    }
}

/// The first `length` positions along an axis.
fn first(x: Tensor<4>, dimension: usize, length: usize) -> Tensor<4> {
    if x.dims().get(dimension) == Some(&length) { x } else { x.narrow(dimension, 0, length) }
}
