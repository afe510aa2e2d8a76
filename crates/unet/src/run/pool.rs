//! Making images smaller and larger.

use burn::tensor::{
    Tensor,
    module::{avg_pool2d, interpolate, max_pool2d},
    ops::{AvgPoolOptions, InterpolateMode, InterpolateOptions, MaxPoolOptions},
};

use super::window::edge_padding;
use crate::graph::{Pool, PoolKind, Upsampling};

/// Maximum or mean over a window.
pub(super) fn pool(x: Tensor<4>, op: &Pool) -> Tensor<4> {
    let [_, _, rows, columns] = x.dims();
    let ([size_rows, size_columns], [stride_rows, stride_columns]) = (op.size, op.stride);
    let padding = [
        edge_padding(op.padding, rows, size_rows, stride_rows),
        edge_padding(op.padding, columns, size_columns, stride_columns),
    ];
    match op.kind {
        PoolKind::Max => {
            let options = MaxPoolOptions::new(op.size).with_stride(op.stride).with_padding_pairs(padding);
            max_pool2d(x, options)
        }
        PoolKind::Average => {
            let options = AvgPoolOptions::new(op.size)
                .with_stride(op.stride)
                .with_padding_pairs(padding)
                .with_count_include_pad(false);
            avg_pool2d(x, options)
        }
    }
}

/// Makes several pixels of each.
pub(super) fn upsample(x: Tensor<4>, factor: [usize; 2], method: Upsampling) -> Tensor<4> {
    let [images, channels, rows, columns] = x.dims();
    let [by_rows, by_columns] = factor;
    let size = [rows * by_rows, columns * by_columns];
    match method {
        // Copies, so that no rounding of coordinates can pick a neighbour.
        Upsampling::Nearest => {
            let [rows_out, columns_out] = size;
            x.reshape([images * channels * rows, 1, columns, 1])
                .expand([images * channels * rows, by_rows, columns, by_columns])
                .reshape([images, channels, rows_out, columns_out])
        }
        Upsampling::Bilinear => {
            let options = InterpolateOptions::new(InterpolateMode::Bilinear)
                .with_align_corners(false)
                .with_output_size(size);
            interpolate(x, options)
        }
    }
}
