//! The transforms of F(4x4, 3x3) for the points 0, 1, -1, 2, -2 and infinity.
//!
//! Each works on rows and columns alike: along one axis first, then along the other.

use fearless_simd::{Simd, prelude::*};

use crate::panels::rectified;
use crate::vector::{Vector, multiply_add};

/// Pixels of the output along a tile's side.
pub(crate) const INNER: usize = 4;
/// Pixels of the input along a tile's side.
pub(crate) const OUTER: usize = 6;
/// Values of a transformed tile.
pub(crate) const POSITIONS: usize = OUTER * OUTER;

/// Transforms a kernel of 3x3 weights, in double precision.
pub(crate) fn kernel(weights: &[f32; 9]) -> [f32; POSITIONS] {
    let axis = |[a, b, c]: [f64; 3]| {
        let (even, odd) = ((a + c) / 6.0, b / 6.0);
        let (outer_even, outer_odd) = (a / 24.0 + c / 6.0, b / 12.0);
        [a / 4.0, -even - odd, odd - even, outer_even + outer_odd, outer_even - outer_odd, c]
    };
    let rows: [[f64; OUTER]; 3] =
        std::array::from_fn(|row| axis(std::array::from_fn(|column| f64::from(weights[row * 3 + column]))));
    let columns: [[f64; OUTER]; OUTER] =
        std::array::from_fn(|column| axis(std::array::from_fn(|row| rows[row][column])));
    std::array::from_fn(|position| columns[position % OUTER][position / OUTER] as f32)
}

/// Transforms 6x6 pixels.
#[inline(always)]
pub(crate) fn input<S: Simd>(simd: S, mut tile: [[Vector<S>; OUTER]; OUTER]) -> [[Vector<S>; OUTER]; OUTER] {
    for column in 0..OUTER {
        let [a, b, c, d, e, f] = tile;
        let axis = [a[column], b[column], c[column], d[column], e[column], f[column]];
        for (row, value) in tile.iter_mut().zip(input_axis(simd, axis)) {
            row[column] = value;
        }
    }
    for row in &mut tile {
        *row = input_axis(simd, *row);
    }
    tile
}

#[inline(always)]
fn input_axis<S: Simd>(simd: S, [a, b, c, d, e, f]: [Vector<S>; OUTER]) -> [Vector<S>; OUTER] {
    let (inner_even, inner_odd) = (scaled_add(simd, c, -4.0, e), scaled_add(simd, b, -4.0, d));
    let (outer_even, outer_odd) = (e - c, d - b);
    [
        scaled_add(simd, c, -5.0, scaled_add(simd, a, 4.0, e)),
        inner_even + inner_odd,
        inner_even - inner_odd,
        scaled_add(simd, outer_odd, 2.0, outer_even),
        scaled_add(simd, outer_odd, -2.0, outer_even),
        scaled_add(simd, d, -5.0, scaled_add(simd, b, 4.0, f)),
    ]
}

/// Turns the 36 products into 4x4 pixels.
#[inline(always)]
pub(crate) fn output<S: Simd>(
    simd: S,
    products: [[Vector<S>; OUTER]; OUTER],
    bias: Vector<S>,
    rectify: bool,
) -> [[Vector<S>; INNER]; INNER] {
    let mut halfway = [[bias; OUTER]; INNER];
    for column in 0..OUTER {
        let [a, b, c, d, e, f] = products;
        let axis = [a[column], b[column], c[column], d[column], e[column], f[column]];
        for (row, value) in halfway.iter_mut().zip(output_axis(simd, axis)) {
            row[column] = value;
        }
    }
    let mut pixels = [[bias; INNER]; INNER];
    for (pixels, row) in pixels.iter_mut().zip(halfway) {
        for (pixel, sum) in pixels.iter_mut().zip(output_axis(simd, row)) {
            *pixel = rectified(simd, sum + bias, rectify);
        }
    }
    pixels
}

#[inline(always)]
fn output_axis<S: Simd>(simd: S, [a, b, c, d, e, f]: [Vector<S>; OUTER]) -> [Vector<S>; INNER] {
    let (inner_even, inner_odd) = (b + c, b - c);
    let (outer_even, outer_odd) = (d + e, d - e);
    [
        a + inner_even + outer_even,
        scaled_add(simd, outer_odd, 2.0, inner_odd),
        scaled_add(simd, outer_even, 4.0, inner_even),
        scaled_add(simd, outer_odd, 8.0, inner_odd) + f,
    ]
}

/// `value * factor + plus`
#[inline(always)]
fn scaled_add<S: Simd>(simd: S, value: Vector<S>, factor: f32, plus: Vector<S>) -> Vector<S> {
    multiply_add(value, Vector::<S>::splat(simd, factor), plus)
}
