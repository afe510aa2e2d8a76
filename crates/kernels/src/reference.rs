//! The same in plain loops: what the kernels are tested against.

use crate::cpu::Image;
use crate::{Geometry, PoolKind, Shape};

/// An image with no gaps, to be compared and to be made.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plain {
    pub(crate) shape: Shape,
    /// `[rows, columns, channels]`
    pub(crate) values: Vec<f32>,
}

impl Plain {
    /// Values between -1 and 1 without a pattern, the same for the same seed.
    pub(crate) fn noise(shape: Shape, seed: u64) -> Self {
        Self { shape, values: noise(shape.rows * shape.columns * shape.channels, seed) }
    }

    pub(crate) fn at(&self, row: usize, column: usize, channel: usize) -> f32 {
        self.values[(row * self.shape.columns + column) * self.shape.channels + channel]
    }

    /// The same image as kernels want it, with gaps that spoil any sum they get into.
    pub(crate) fn laid_out(&self) -> Vec<f32> {
        let mut values = vec![f32::NAN; self.shape.len()];
        let pixels = values.chunks_exact_mut(self.shape.stride());
        for (target, source) in pixels.zip(self.values.chunks_exact(self.shape.channels)) {
            target[..source.len()].copy_from_slice(source);
        }
        values
    }

    /// Images of one size with their channels side by side.
    pub(crate) fn joined(images: &[Self]) -> Self {
        let Shape { rows, columns, .. } = images[0].shape;
        let channels = images.iter().map(|image| image.shape.channels).sum();
        let pixel = |pixel: usize| {
            images.iter().flat_map(move |image| {
                let channels = image.shape.channels;
                image.values[pixel * channels..][..channels].iter().copied()
            })
        };
        Self {
            shape: Shape { rows, columns, channels },
            values: (0..rows * columns).flat_map(pixel).collect(),
        }
    }

    /// A kernel's output without its gaps.
    pub(crate) fn of(image: Image<'_>) -> Self {
        let pixels = image.values.chunks_exact(image.shape.stride());
        let values = pixels.flat_map(|pixel| pixel[..image.shape.channels].to_vec()).collect();
        Self { shape: image.shape, values }
    }

    /// The largest difference; infinite if there is a value that is not a number.
    pub(crate) fn difference(&self, other: &Self) -> f32 {
        assert_eq!(self.shape, other.shape);
        let pairs = self.values.iter().zip(&other.values);
        pairs.map(|(a, b)| (a - b).abs()).fold(0.0, |worst, d| {
            if d <= worst {
                worst
            } else if d.is_nan() {
                f32::INFINITY
            } else {
                d
            }
        })
    }
}

/// Values between -1 and 1 without a pattern, the same for the same seed.
pub(crate) fn noise(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// The places of the image that a window of the output sees, as `(tap row, tap column, row, column)`. Zeros that the
/// windows need are half before and half behind the image.
fn window(
    image: Shape,
    geometry: Geometry,
    [rows, columns]: [usize; 2],
    [row, column]: [usize; 2],
) -> Vec<(usize, usize, usize, usize)> {
    let axis = |axis: usize, input: usize, output: usize, at: usize| {
        let (stride, dilation) = (geometry.stride[axis], geometry.dilation[axis]);
        let seen = (output - 1) * stride + (geometry.size[axis] - 1) * dilation + 1;
        let before = seen.saturating_sub(input) / 2;
        (0..geometry.size[axis])
            .map(move |tap| (tap, (at * stride + tap * dilation).wrapping_sub(before)))
            .filter(move |(_, place)| *place < input)
    };
    let columns = || axis(1, image.columns, columns, column);
    axis(0, image.rows, rows, row)
        .flat_map(|(y, row)| columns().map(move |(x, column)| (y, x, row, column)))
        .collect()
}

/// Weights `[kernel rows, kernel columns, inputs, outputs]`; sums in double precision.
pub(crate) fn conv(
    image: &Plain,
    geometry: Geometry,
    weights: &[f32],
    bias: &[f32],
    rectify: bool,
    size: [usize; 2],
) -> Plain {
    let (inputs, outputs) = (image.shape.channels, bias.len());
    let shape = Shape { rows: size[0], columns: size[1], channels: outputs };
    let mut values = Vec::new();
    for (row, column, output) in places(shape) {
        let mut sum = f64::from(bias[output]);
        for (y, x, row, column) in window(image.shape, geometry, size, [row, column]) {
            for input in 0..inputs {
                let weight = weights[((y * geometry.size[1] + x) * inputs + input) * outputs + output];
                sum += f64::from(image.at(row, column, input)) * f64::from(weight);
            }
        }
        values.push(if rectify { sum.max(0.0) } else { sum } as f32);
    }
    Plain { shape, values }
}

/// Weights `[2, 2, outputs, inputs]`; each pixel becomes two by two.
pub(crate) fn upconv(image: &Plain, weights: &[f32], bias: &[f32], rectify: bool) -> Plain {
    let (inputs, outputs) = (image.shape.channels, bias.len());
    let shape = Shape { rows: image.shape.rows * 2, columns: image.shape.columns * 2, channels: outputs };
    let mut values = Vec::new();
    for (row, column, output) in places(shape) {
        let at = ((row % 2 * 2 + column % 2) * outputs + output) * inputs;
        let products = (0..inputs)
            .map(|input| f64::from(image.at(row / 2, column / 2, input)) * f64::from(weights[at + input]));
        let sum = f64::from(bias[output]) + products.sum::<f64>();
        values.push(if rectify { sum.max(0.0) } else { sum } as f32);
    }
    Plain { shape, values }
}

/// Weights `[kernel rows, kernel columns, outputs, inputs]`; `shape` of the full output from `start` on, and the bias
/// beyond it.
#[allow(clippy::too_many_arguments, reason = "all of them vary")]
pub(crate) fn transposed(
    image: &Plain,
    size: [usize; 2],
    stride: [usize; 2],
    start: [usize; 2],
    weights: &[f32],
    bias: &[f32],
    rectify: bool,
    shape: Shape,
) -> Plain {
    let (inputs, outputs) = (image.shape.channels, bias.len());
    let mut sums: Vec<f64> = places(shape).map(|(_, _, output)| f64::from(bias[output])).collect();
    for (row, column, input) in places(image.shape) {
        for (y, x, output) in places(Shape { rows: size[0], columns: size[1], channels: outputs }) {
            let kept_row = (row * stride[0] + y).checked_sub(start[0]).filter(|&row| row < shape.rows);
            let kept_column =
                (column * stride[1] + x).checked_sub(start[1]).filter(|&column| column < shape.columns);
            if let (Some(kept_row), Some(kept_column)) = (kept_row, kept_column) {
                let weight = weights[((y * size[1] + x) * outputs + output) * inputs + input];
                sums[(kept_row * shape.columns + kept_column) * outputs + output] +=
                    f64::from(image.at(row, column, input)) * f64::from(weight);
            }
        }
    }
    let values = sums.into_iter().map(|sum| if rectify { sum.max(0.0) } else { sum } as f32).collect();
    Plain { shape, values }
}

/// The largest value or the mean of what a window sees.
pub(crate) fn pool(image: &Plain, geometry: Geometry, kind: PoolKind, size: [usize; 2]) -> Plain {
    let shape = Shape { rows: size[0], columns: size[1], ..image.shape };
    let of_window = |(row, column, channel): (usize, usize, usize)| {
        let window = window(image.shape, geometry, size, [row, column]);
        let values: Vec<f32> =
            window.iter().map(|&(_, _, row, column)| image.at(row, column, channel)).collect();
        match kind {
            PoolKind::Max => values.into_iter().fold(f32::NEG_INFINITY, f32::max),
            PoolKind::Average => values.iter().sum::<f32>() / values.len() as f32,
        }
    };
    Plain { shape, values: places(shape).map(of_window).collect() }
}

/// The largest of each two by two pixels; an odd last row or column is left out.
pub(crate) fn max_pool_2x2(image: &Plain) -> Plain {
    let shape = Shape { rows: image.shape.rows / 2, columns: image.shape.columns / 2, ..image.shape };
    let largest = |(row, column, channel): (usize, usize, usize)| {
        let four = [(0, 0), (0, 1), (1, 0), (1, 1)];
        let values = four.map(|(y, x)| image.at(row * 2 + y, column * 2 + x, channel));
        values.into_iter().fold(f32::NEG_INFINITY, f32::max)
    };
    Plain { shape, values: places(shape).map(largest).collect() }
}

fn places(Shape { rows, columns, channels }: Shape) -> impl Iterator<Item = (usize, usize, usize)> {
    (0..rows).flat_map(move |row| {
        (0..columns).flat_map(move |column| (0..channels).map(move |channel| (row, column, channel)))
    })
}
