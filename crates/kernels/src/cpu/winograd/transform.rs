//! The transforms of F(4x4, 3x3) for the points 0, 1, -1, 2, -2 and infinity.
//!
//! Each works on rows and columns alike: along one axis first, then along the other.

use fearless_simd::{Simd, prelude::*};

use crate::cpu::vector::{LANES, Vector, load, multiply_add, store};

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

/// Vectors on the way from one axis to the other, in memory: there are more than registers.
type Halfway = [f32; POSITIONS * LANES];

/// Transforms 6x6 pixels of a vector of channels.
///
/// # Shapes
/// - `pixels`: rows `pitch` apart of pixels `stride` apart
/// - `result`: positions `step` apart
#[inline(always)]
pub(crate) fn input<S: Simd>(
    simd: S,
    (pixels, pitch, stride): (&[f32], usize, usize),
    (result, step): (&mut [f32], usize),
) {
    let mut halfway: Halfway = [0.0; POSITIONS * LANES];
    for column in 0..OUTER {
        let values = input_axis(simd, six(simd, pixels, column * stride, pitch));
        store_six(values, &mut halfway, column * LANES, OUTER * LANES);
    }
    for row in 0..OUTER {
        let values = input_axis(simd, six(simd, &halfway, row * OUTER * LANES, LANES));
        store_six(values, result, row * OUTER * step, step);
    }
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

/// The products of a tile, half on their way to 4x4 pixels.
pub(crate) struct Output(Halfway);

impl Output {
    /// # Shapes
    /// - `products`: positions `step` apart
    #[inline(always)]
    pub(crate) fn of<S: Simd>(simd: S, (products, step): (&[f32], usize)) -> Self {
        let mut halfway = [0.0; POSITIONS * LANES];
        for column in 0..OUTER {
            let [a, b, c, d] = output_axis(simd, six(simd, products, column * step, OUTER * step));
            let at = column * LANES;
            store(a, &mut halfway, at);
            store(b, &mut halfway, at + OUTER * LANES);
            store(c, &mut halfway, at + 2 * OUTER * LANES);
            store(d, &mut halfway, at + 3 * OUTER * LANES);
        }
        Self(halfway)
    }

    /// One row of 4 pixels.
    #[inline(always)]
    pub(crate) fn row<S: Simd>(&self, simd: S, row: usize) -> [Vector<S>; INNER] {
        output_axis(simd, six(simd, &self.0, row * OUTER * LANES, LANES))
    }
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

/// Vectors that lie `step` apart.
#[inline(always)]
fn six<S: Simd>(simd: S, values: &[f32], at: usize, step: usize) -> [Vector<S>; OUTER] {
    [
        load(simd, values, at),
        load(simd, values, at + step),
        load(simd, values, at + 2 * step),
        load(simd, values, at + 3 * step),
        load(simd, values, at + 4 * step),
        load(simd, values, at + 5 * step),
    ]
}

/// Stores vectors `step` apart.
#[inline(always)]
fn store_six<S: Simd>([a, b, c, d, e, f]: [Vector<S>; OUTER], values: &mut [f32], at: usize, step: usize) {
    store(a, values, at);
    store(b, values, at + step);
    store(c, values, at + 2 * step);
    store(d, values, at + 3 * step);
    store(e, values, at + 4 * step);
    store(f, values, at + 5 * step);
}
