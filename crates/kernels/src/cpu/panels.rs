//! Matrix products, by small tiles that stay in registers.
//!
//! Pixels times weights: `PIXELS` rows of inputs against a panel of weights for `WIDTH` outputs. Each weight that is
//! loaded serves all pixels, each input all outputs.

use fearless_simd::{Simd, prelude::*};

use crate::cpu::vector::{LANES, Vector, load, multiply_add, store};

/// Pixels that are computed at once. Their sums, with the inputs and weights that are at hand, fill the registers: 16,
/// of which a browser keeps some for itself.
pub(crate) const PIXELS: usize = if cfg!(target_arch = "wasm32") { 2 } else { 6 };

/// The weights of each input, with what each pixel has of it. Iterators that are zipped need no check of any index.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
fn zipped<'a, W>(
    panel: &'a [W],
    [a, b]: [&'a [f32]; PIXELS],
) -> impl Iterator<Item = (&'a W, [f32; PIXELS])> {
    panel.iter().zip(a).zip(b).map(|((weights, a), b)| (weights, [*a, *b]))
}
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
fn zipped<'a, W>(
    panel: &'a [W],
    [a, b, c, d, e, f]: [&'a [f32]; PIXELS],
) -> impl Iterator<Item = (&'a W, [f32; PIXELS])> {
    let zipped = panel.iter().zip(a).zip(b).zip(c).zip(d).zip(e).zip(f);
    zipped.map(|((((((weights, a), b), c), d), e), f)| (weights, [*a, *b, *c, *d, *e, *f]))
}

/// Outputs that are computed at once.
pub(crate) const WIDTH: usize = 16;

/// Vectors of a pixel's outputs.
pub(crate) const VECTORS: usize = WIDTH / LANES;

/// The sums of a tile.
pub(crate) type Tile<S> = [[Vector<S>; VECTORS]; PIXELS];

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
    let mut sums = [Vector::<S>::splat(simd, 0.0); VECTORS];
    for (at, sum) in sums.iter_mut().enumerate() {
        *sum = load(simd, bias, at * LANES);
    }
    [sums; PIXELS]
}

/// A tile of zeros.
#[inline(always)]
pub(crate) fn zeros<S: Simd>(simd: S) -> Tile<S> {
    [[Vector::<S>::splat(simd, 0.0); VECTORS]; PIXELS]
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
    pixels: [&[f32]; PIXELS],
    panel: &[f32],
) -> Tile<S> {
    let (panel, _) = panel.as_chunks::<LANES>();
    let (panel, _) = panel.as_chunks::<VECTORS>();
    for (weights, values) in zipped(panel, pixels) {
        for at in 0..VECTORS {
            let weights = Vector::<S>::load_array_ref(simd, &weights[at]);
            for pixel in 0..PIXELS {
                let value = Vector::<S>::splat(simd, values[pixel]);
                tile[pixel][at] = multiply_add(value, weights, tile[pixel][at]);
            }
        }
    }
    tile
}

/// Stores a pixel's sums as its channels from `channel` on, as many as `pixel` has.
#[inline(always)]
pub(crate) fn store_sums<S: Simd>(
    simd: S,
    sums: [Vector<S>; VECTORS],
    rectify: bool,
    pixel: &mut [f32],
    channel: usize,
) {
    let pixel = &mut pixel[channel..];
    if let Some((values, _)) = pixel.split_first_chunk_mut::<WIDTH>() {
        for (at, sum) in sums.into_iter().enumerate() {
            store(rectified(simd, sum, rectify), values, at * LANES);
        }
    } else {
        let mut values = [0.0; WIDTH];
        for (at, sum) in sums.into_iter().enumerate() {
            store(rectified(simd, sum, rectify), &mut values, at * LANES);
        }
        pixel.copy_from_slice(&values[..pixel.len()]);
    }
}

/// `max(x, 0)` where asked.
#[inline(always)]
pub(crate) fn rectified<S: Simd>(simd: S, value: Vector<S>, rectify: bool) -> Vector<S> {
    if rectify { value.max(Vector::<S>::splat(simd, 0.0)) } else { value }
}
