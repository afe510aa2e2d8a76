//! Where tiles come from and where they go.

use fearless_simd::Simd;
use fearless_simd::prelude::*;

use super::transform::{INNER, OUTER};
use crate::vector::{LANES, Vector, store};
use crate::{Image, Shape};

/// The 6x6 pixels behind the tile whose 4x4 lie at `corner` of the output: values, and the distance between rows.
///
/// They are the image's own where all lie inside; else `patch` is filled with them and with zeros.
pub(super) fn window<'a>(
    image: Image<'a>,
    before: [usize; 2],
    corner: [usize; 2],
    patch: &'a mut [f32],
) -> (&'a [f32], usize) {
    let Shape { rows, columns, .. } = image.shape;
    let stride = image.shape.stride();
    let ([row, column], [above, left]) = (corner, before);
    if row >= above && column >= left && row - above + OUTER <= rows && column - left + OUTER <= columns {
        let pitch = columns * stride;
        return (&image.values[(row - above) * pitch + (column - left) * stride..], pitch);
    }
    let pitch = OUTER * stride;
    patch.fill(0.0);
    // Columns of the window that lie inside the image.
    let start = left.saturating_sub(column).min(OUTER);
    let end = (columns + left).saturating_sub(column).clamp(start, OUTER);
    for (at, target) in (row..).zip(patch.chunks_exact_mut(pitch).take(OUTER)) {
        if start < end && (above..above + rows).contains(&at) {
            let source = &image.row(at - above)[(column + start - left) * stride..];
            let count = (end - start) * stride;
            target[start * stride..][..count].copy_from_slice(&source[..count]);
        }
    }
    (patch, pitch)
}

/// Where the tiles' results go.
pub(super) struct Target<'a> {
    pub(super) shape: Shape,
    pub(super) values: &'a mut [f32],
    /// Half as large.
    pub(super) pooled: Option<&'a mut [f32]>,
}

impl Target<'_> {
    /// Stores what of a tile's 4x4 pixels lies inside the image, for some channels, and their 2x2 largest.
    #[inline(always)]
    pub(super) fn put<S: Simd>(
        &mut self,
        [row, column]: [usize; 2],
        channel: usize,
        pixels: [[Vector<S>; INNER]; INNER],
    ) {
        let Shape { rows, columns, .. } = self.shape;
        put(self.values, [rows, columns, self.shape.stride()], [row, column, channel], pixels);
        if let Some(pooled) = &mut self.pooled {
            let largest = std::array::from_fn(|y| {
                std::array::from_fn(|x| {
                    let [above, below] = [pixels[2 * y], pixels[2 * y + 1]];
                    above[2 * x].max(above[2 * x + 1]).max(below[2 * x].max(below[2 * x + 1]))
                })
            });
            let size = [rows / 2, columns / 2, self.shape.stride()];
            put::<S, { INNER / 2 }>(pooled, size, [row / 2, column / 2, channel], largest);
        }
    }
}

#[inline(always)]
fn put<S: Simd, const SIDE: usize>(
    values: &mut [f32],
    [rows, columns, stride]: [usize; 3],
    [row, column, channel]: [usize; 3],
    pixels: [[Vector<S>; SIDE]; SIDE],
) {
    let width = SIDE.min(columns.saturating_sub(column));
    for (row, pixels) in (row..rows).zip(pixels) {
        let target = &mut values[(row * columns + column) * stride..][..width * stride];
        for (target, pixel) in target.chunks_exact_mut(stride).zip(pixels) {
            store(pixel, &mut target[channel..channel + LANES], 0);
        }
    }
}
