//! 3x3 convolutions with a quarter of the multiplications: Winograd's F(4x4, 3x3).
//!
//! Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2016 (arXiv:1509.09308). Each 4x4 pixels of the
//! output come from 6x6 of the input. Both are transformed so that the 36 values become 36 independent products of a
//! matrix of pixels with one of weights.
//!
//! Tiles are computed by the block, so that what lies between input and output stays in the cache.

mod place;
mod transform;

use fearless_simd::{Simd, dispatch};

use crate::Shape;
use crate::cpu::conv::joined;
use crate::cpu::panels::{PIXELS, WIDTH, add_products, zeros};
use crate::cpu::vector::{LANES, LEVEL, load, store};
use crate::cpu::{Image, Scratch, resized};
use place::{Target, Window};
use transform::{INNER, Output, POSITIONS};

/// Transformed inputs of a block that are held at once, in values: half of a usual second-level cache.
const BLOCK: usize = 1 << 16;
/// Tiles of a block, whatever they take: enough to make use of weights that are loaded, and no more than needed for that.
const FEWEST: usize = 32;
const MOST: usize = 64;

/// What is added to the distance between the 36 positions, so that they do not fall onto the same lines of the cache.
const SKEW: usize = 16;

#[derive(Debug)]
pub(crate) struct Winograd {
    inputs: usize,
    outputs: usize,
    rectify: bool,
    /// For each position `[outputs / WIDTH][inputs][WIDTH]`
    panels: Vec<f32>,
    /// As long as the panels are wide.
    bias: Vec<f32>,
}

/// Where things lie while a block of tiles is computed.
#[derive(Clone, Copy)]
struct Block {
    /// The first tile's number.
    first: usize,
    /// Tiles.
    tiles: usize,
    /// Tiles of a row of the image.
    across: usize,
    /// From one tile's transformed inputs to the next.
    pitch: usize,
    /// From one position's transformed inputs to the next.
    inputs_step: usize,
    /// From one position's products to the next.
    products_step: usize,
}

impl Winograd {
    /// Weights `[3, 3, inputs, outputs]`.
    pub(crate) fn new(inputs: usize, weights: &[f32], bias: &[f32], rectify: bool) -> Self {
        let outputs = bias.len();
        let mut bias = bias.to_vec();
        bias.resize(outputs.next_multiple_of(WIDTH), 0.0);
        let step = inputs * bias.len();
        let mut panels = vec![0.0; POSITIONS * step];
        // What lies far apart is read and written once, a panel's width at a time.
        let (mut taps, mut transformed) = ([[0.0; WIDTH]; 9], [[0.0; WIDTH]; POSITIONS]);
        for (panel, first) in (0..outputs).step_by(WIDTH).enumerate() {
            let width = WIDTH.min(outputs - first);
            for input in 0..inputs {
                for (tap, kept) in taps.iter_mut().enumerate() {
                    let from = (tap * inputs + input) * outputs + first;
                    kept[..width].copy_from_slice(&weights[from..from + width]);
                }
                for lane in 0..width {
                    let kernel = transform::kernel(&taps.map(|tap| tap[lane]));
                    for (values, value) in transformed.iter_mut().zip(kernel) {
                        values[lane] = value;
                    }
                }
                let place = (panel * inputs + input) * WIDTH;
                for (position, values) in transformed.iter().enumerate() {
                    panels[position * step + place..][..width].copy_from_slice(&values[..width]);
                }
            }
        }
        Self { inputs, outputs, rectify, panels, bias }
    }

    /// Values that the packed weights take.
    pub(crate) fn weights(&self) -> usize {
        self.panels.len()
    }

    #[inline(never)]
    pub(crate) fn run(
        &self,
        images: &[Image<'_>],
        before: [usize; 2],
        shape: Shape,
        output: &mut [f32],
        pooled: Option<&mut [f32]>,
        scratch: &mut Scratch,
    ) {
        assert_eq!(joined(images).channels, self.inputs);
        assert_eq!(shape.channels, self.outputs);
        let across = shape.columns.div_ceil(INNER);
        let tiles = shape.rows.div_ceil(INNER) * across;
        // The last vector may reach past the last channel.
        let pitch = self.inputs.next_multiple_of(LANES) + LANES;
        let most = (BLOCK / (POSITIONS * pitch)).clamp(FEWEST, MOST).min(tiles).next_multiple_of(PIXELS);
        let (inputs_step, products_step) = (most * pitch + SKEW, most * WIDTH + SKEW);
        let transformed = resized(&mut scratch.transformed, POSITIONS * inputs_step);
        let products = resized(&mut scratch.products, POSITIONS * products_step);
        let most_channels = images.iter().map(|image| image.shape.channels).max().unwrap_or(0);
        let patch = resized(&mut scratch.rows, Window::length(most_channels));
        let mut target = Target { shape, values: output, pooled };
        for first in (0..tiles).step_by(most) {
            let tiles = most.min(tiles - first);
            let block = Block { first, tiles, across, pitch, inputs_step, products_step };
            block.transform_inputs(images, before, transformed, patch);
            for (panel, bias) in self.bias.chunks_exact(WIDTH).enumerate() {
                self.multiply(panel, block, transformed, products);
                block.transform_outputs(products, bias, self.rectify, panel * WIDTH, &mut target);
            }
        }
    }

    /// The products of all positions for one panel.
    fn multiply(&self, panel: usize, block: Block, transformed: &[f32], products: &mut [f32]) {
        let panel_length = self.inputs * WIDTH;
        let weights = self.panels.chunks_exact(self.panels.len() / POSITIONS);
        let positions = weights
            .zip(transformed.chunks_exact(block.inputs_step))
            .zip(products.chunks_exact_mut(block.products_step));
        for ((weights, inputs), products) in positions {
            let weights = &weights[panel * panel_length..][..panel_length];
            dispatch!(*LEVEL, simd => block.multiply(simd, inputs, weights, products));
        }
    }
}

// Each of these is a function of its own in the program: within a larger one, a browser's compiler runs out of
// registers.
impl Block {
    #[inline(never)]
    fn transform_inputs(
        self,
        images: &[Image<'_>],
        before: [usize; 2],
        transformed: &mut [f32],
        patch: &mut [f32],
    ) {
        dispatch!(*LEVEL, simd => self.transform_inputs_with(simd, images, before, transformed, patch));
    }

    /// Transforms the 6x6 pixels of each tile.
    #[inline(always)]
    fn transform_inputs_with<S: Simd>(
        self,
        simd: S,
        images: &[Image<'_>],
        before: [usize; 2],
        transformed: &mut [f32],
        patch: &mut [f32],
    ) {
        for tile in 0..self.tiles {
            let mut at = tile * self.pitch;
            for image in images {
                let window = Window::of(*image, before, self.corner(tile), &mut *patch);
                for channel in (0..image.shape.channels).step_by(LANES) {
                    transform::input(
                        simd,
                        (&window.values[channel..], window.pitch, window.stride),
                        (&mut transformed[at + channel..], self.inputs_step),
                    );
                }
                at += image.shape.channels;
            }
        }
    }

    /// One position's products for one panel.
    #[inline(always)]
    fn multiply<S: Simd>(self, simd: S, inputs: &[f32], weights: &[f32], products: &mut [f32]) {
        let count = weights.len() / WIDTH;
        let groups = inputs.chunks_exact(PIXELS * self.pitch).zip(products.chunks_exact_mut(PIXELS * WIDTH));
        for (inputs, products) in groups.take(self.tiles.div_ceil(PIXELS)) {
            let mut pixels = [inputs; PIXELS];
            for (pixel, values) in pixels.iter_mut().enumerate() {
                *values = &inputs[pixel * self.pitch..][..count];
            }
            let tile = add_products(simd, zeros(simd), pixels, weights);
            for (products, sums) in products.chunks_exact_mut(WIDTH).zip(tile) {
                for (at, sum) in sums.into_iter().enumerate() {
                    store(sum, products, at * LANES);
                }
            }
        }
    }

    #[inline(never)]
    fn transform_outputs(
        self,
        products: &[f32],
        bias: &[f32],
        rectify: bool,
        channel: usize,
        target: &mut Target<'_>,
    ) {
        dispatch!(*LEVEL, simd => {
            self.transform_outputs_with(simd, products, bias, rectify, channel, target);
        });
    }

    /// Turns one panel's products into pixels, whose channels `channel` and on they are.
    #[inline(always)]
    fn transform_outputs_with<S: Simd>(
        self,
        simd: S,
        products: &[f32],
        bias: &[f32],
        rectify: bool,
        channel: usize,
        target: &mut Target<'_>,
    ) {
        let vectors = (target.shape.stride() - channel).min(WIDTH) / LANES;
        for at in (0..vectors).map(|vector| vector * LANES) {
            let bias = load(simd, bias, at);
            for tile in 0..self.tiles {
                let sums = Output::of(simd, (&products[tile * WIDTH + at..], self.products_step));
                target.put(simd, self.corner(tile), channel + at, &sums, bias, rectify);
            }
        }
    }

    /// Where a tile lies in the output: its first row and column.
    fn corner(self, tile: usize) -> [usize; 2] {
        let number = self.first + tile;
        [number / self.across * INNER, number % self.across * INNER]
    }
}
