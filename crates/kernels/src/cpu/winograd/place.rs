//! Where tiles come from and where they go.

use fearless_simd::Simd;
use fearless_simd::prelude::*;

use super::transform::{INNER, OUTER, Output};
use crate::Shape;
use crate::cpu::Image;
use crate::cpu::image::GROUP;
use crate::cpu::panels::rectified;
use crate::cpu::vector::{Vector, store};

/// The 6x6 pixels behind a tile.
pub(super) struct Window<'a> {
    pub(super) values: &'a [f32],
    /// From one row to the next.
    pub(super) pitch: usize,
    /// From one pixel to the next: whole groups of channels.
    pub(super) stride: usize,
}

impl<'a> Window<'a> {
    /// Values that a window of an image takes.
    pub(super) fn length(channels: usize) -> usize {
        OUTER * OUTER * channels.next_multiple_of(GROUP)
    }

    /// The window behind the tile whose 4x4 pixels lie at `corner` of the output.
    ///
    /// It is the image's own memory where all of it lies inside; else `patch` is filled with it and with zeros.
    #[inline(always)]
    pub(super) fn of(
        image: Image<'a>,
        before: [usize; 2],
        [row, column]: [usize; 2],
        patch: &'a mut [f32],
    ) -> Self {
        let Shape { rows, columns, channels } = image.shape;
        let stride = image.shape.stride();
        let [above, left] = before;
        let inside =
            row >= above && column >= left && row - above + OUTER <= rows && column - left + OUTER <= columns;
        if inside && stride.is_multiple_of(GROUP) {
            let pitch = columns * stride;
            let values = &image.values[(row - above) * pitch + (column - left) * stride..];
            return Self { values, pitch, stride };
        }
        let patch = &mut patch[..Self::length(channels)];
        copy(image, before, [row, column], patch);
        let stride = channels.next_multiple_of(GROUP);
        Self { values: patch, pitch: OUTER * stride, stride }
    }
}

/// Fills `patch` with a window that is not all inside the image.
#[cold]
fn copy(image: Image<'_>, [above, left]: [usize; 2], [row, column]: [usize; 2], patch: &mut [f32]) {
    let Shape { rows, columns, channels } = image.shape;
    let stride = channels.next_multiple_of(GROUP);
    patch.fill(0.0);
    for (row, target) in (row..).zip(patch.chunks_exact_mut(OUTER * stride)) {
        if !(above..above + rows).contains(&row) {
            continue;
        }
        let source = image.row(row - above);
        for (column, target) in (column..).zip(target.chunks_exact_mut(stride)) {
            if (left..left + columns).contains(&column) {
                let source = &source[(column - left) * image.shape.stride()..][..channels];
                target[..channels].copy_from_slice(source);
            }
        }
    }
}

/// Where the tiles' results go.
pub(super) struct Target<'a> {
    pub(super) shape: Shape,
    pub(super) values: &'a mut [f32],
    /// Half as large.
    pub(super) pooled: Option<&'a mut [f32]>,
}

impl Target<'_> {
    /// Stores what of a tile's 4x4 pixels lies inside the image, for a vector of channels, and their 2x2 largest.
    #[inline(always)]
    pub(super) fn put<S: Simd>(
        &mut self,
        simd: S,
        [row, column]: [usize; 2],
        channel: usize,
        sums: &Output,
        bias: Vector<S>,
        rectify: bool,
    ) {
        let Shape { rows, columns, .. } = self.shape;
        let stride = self.shape.stride();
        let width = columns - column;
        for pair in (0..INNER).step_by(2) {
            let above = finished(simd, sums.row(simd, pair), bias, rectify);
            let below = finished(simd, sums.row(simd, pair + 1), bias, rectify);
            let at = ((row + pair) * columns + column) * stride + channel;
            if row + pair < rows {
                put_row(above, self.values, at, stride, width);
            }
            if row + pair + 1 < rows {
                put_row(below, self.values, at + columns * stride, stride, width);
                if let Some(pooled) = &mut self.pooled {
                    let [a, b, c, d] = [
                        above[0].max(below[0]),
                        above[1].max(below[1]),
                        above[2].max(below[2]),
                        above[3].max(below[3]),
                    ];
                    let at = ((row + pair) / 2 * (columns / 2) + column / 2) * stride + channel;
                    if width > 1 {
                        store(a.max(b), pooled, at);
                    }
                    if width > 3 {
                        store(c.max(d), pooled, at + stride);
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn finished<S: Simd>(
    simd: S,
    [a, b, c, d]: [Vector<S>; INNER],
    bias: Vector<S>,
    rectify: bool,
) -> [Vector<S>; INNER] {
    [
        rectified(simd, a + bias, rectify),
        rectified(simd, b + bias, rectify),
        rectified(simd, c + bias, rectify),
        rectified(simd, d + bias, rectify),
    ]
}

/// Stores the first `width` of four pixels.
#[inline(always)]
fn put_row<S: Simd>(
    [a, b, c, d]: [Vector<S>; INNER],
    values: &mut [f32],
    at: usize,
    stride: usize,
    width: usize,
) {
    store(a, values, at);
    if width > 1 {
        store(b, values, at + stride);
    }
    if width > 2 {
        store(c, values, at + 2 * stride);
    }
    if width > 3 {
        store(d, values, at + 3 * stride);
    }
}
