//! Matrix products, by small tiles that stay in registers.
//!
//! Pixels times weights: `PIXELS` rows of inputs against a panel of weights for `WIDTH` outputs. Each weight that is
//! loaded serves all pixels, each input all outputs.

use fearless_simd::{Simd, prelude::*};

use crate::vector::{LANES, Vector, load, multiply_add};

/// Pixels that are computed at once. With two vectors for each, sums, weights and inputs fill the registers that
/// WebAssembly can count on (16 on x86-64, of which the browser keeps some).
pub(crate) const PIXELS: usize = if cfg!(target_arch = "wasm32") { 4 } else { 6 };

/// Outputs that are computed at once.
pub(crate) const WIDTH: usize = 2 * LANES;

/// The sums of a tile.
pub(crate) type Tile<S> = [[Vector<S>; 2]; PIXELS];

/// Packs a matrix `[inputs][outputs]`, given by `weight(input, output)`, into panels: for each [`WIDTH`] outputs all
/// inputs, for each of them its weights. Outputs that are not there weigh nothing.
pub(crate) fn pack(inputs: usize, outputs: usize, weight: impl Fn(usize, usize) -> f32) -> Vec<f32> {
    let mut packed = Vec::with_capacity(inputs * outputs.next_multiple_of(WIDTH));
    for first in (0..outputs).step_by(WIDTH) {
        for input in 0..inputs {
            packed.extend(
                (first..first + WIDTH)
                    .map(|output| if output < outputs { weight(input, output) } else { 0.0 }),
            );
        }
    }
    packed
}

/// A tile in which every pixel has the same values: a panel's bias.
#[inline(always)]
pub(crate) fn filled<S: Simd>(simd: S, bias: &[f32]) -> Tile<S> {
    [[load(simd, bias, 0), load(simd, bias, LANES)]; PIXELS]
}

/// A tile of zeros.
#[inline(always)]
pub(crate) fn zeros<S: Simd>(simd: S) -> Tile<S> {
    [[Vector::<S>::splat(simd, 0.0); 2]; PIXELS]
}

/// Adds to `tile` the products of each pixel's inputs with a panel's weights.
///
/// # Shapes
/// - `pixels`: `n` inputs each
/// - `panel`: `[n][WIDTH]`
#[inline(always)]
pub(crate) fn add_products<S: Simd>(
    simd: S,
    mut tile: Tile<S>,
    mut pixels: [&[f32]; PIXELS],
    panel: &[f32],
) -> Tile<S> {
    let count = panel.len() / WIDTH;
    for pixel in &mut pixels {
        *pixel = &pixel[..count];
    }
    // Four inputs at a time: less is spent on counting.
    let (fours, rest) = panel.as_chunks::<{ 4 * WIDTH }>();
    for (four, weights) in fours.iter().enumerate() {
        for input in 0..4 {
            tile = add_product(simd, tile, &pixels, 4 * four + input, &weights[input * WIDTH..]);
        }
    }
    for (input, weights) in rest.chunks_exact(WIDTH).enumerate() {
        tile = add_product(simd, tile, &pixels, 4 * fours.len() + input, weights);
    }
    tile
}

#[inline(always)]
fn add_product<S: Simd>(
    simd: S,
    mut tile: Tile<S>,
    pixels: &[&[f32]; PIXELS],
    input: usize,
    weights: &[f32],
) -> Tile<S> {
    let [first, second] = [load(simd, weights, 0), load(simd, weights, LANES)];
    for (sums, pixel) in tile.iter_mut().zip(pixels) {
        let value = Vector::<S>::splat(simd, pixel[input]);
        sums[0] = multiply_add(value, first, sums[0]);
        sums[1] = multiply_add(value, second, sums[1]);
    }
    tile
}

/// `max(x, 0)` where asked.
#[inline(always)]
pub(crate) fn rectified<S: Simd>(simd: S, value: Vector<S>, rectify: bool) -> Vector<S> {
    if rectify { value.max(Vector::<S>::splat(simd, 0.0)) } else { value }
}
