//! Where tiles come from and where they go.

use fearless_simd::Simd;
use fearless_simd::prelude::*;

use super::transform::{INNER, OUTER};
use crate::image::GROUP;
use crate::vector::{LANES, Vector, store};
use crate::{Image, Shape};

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
            let mut largest = [[pixels[0][0]; INNER / 2]; INNER / 2];
            for (y, largest) in largest.iter_mut().enumerate() {
                let [above, below] = [pixels[2 * y], pixels[2 * y + 1]];
                for (x, largest) in largest.iter_mut().enumerate() {
                    *largest = above[2 * x].max(above[2 * x + 1]).max(below[2 * x].max(below[2 * x + 1]));
                }
            }
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
