//! The transposed convolution that doubles an image: each pixel becomes two by two.

use fearless_simd::{Simd, dispatch};

use crate::cpu::conv::joined;
use crate::cpu::panels::{PIXELS, WIDTH, add_products, filled, pack, store_sums};
use crate::cpu::vector::LEVEL;
use crate::cpu::{Image, Scratch, resized};
use crate::{Filters, Shape};

/// A 2x2 transposed convolution of step 2 with its weights, its bias and, where asked, `max(x, 0)` of the result.
///
/// No two windows meet, so that every pixel of the output is one product, written where it belongs.
#[derive(Debug)]
pub struct UpConv {
    inputs: usize,
    outputs: usize,
    rectify: bool,
    /// `[2][2][outputs / WIDTH][inputs][WIDTH]`
    panels: Vec<f32>,
    /// As long as the panels are wide.
    bias: Vec<f32>,
}

impl UpConv {
    /// Packs the weights.
    ///
    /// # Panics
    /// If there are not as many weights as the sizes say.
    #[must_use]
    pub fn new(Filters { inputs, weights, bias, rectify }: &Filters) -> Self {
        let (inputs, rectify) = (*inputs, *rectify);
        let outputs = bias.len();
        assert_eq!(weights.len(), 4 * inputs * outputs, "weights fit their geometry");
        let panels = weights
            .chunks_exact(inputs * outputs)
            .flat_map(|weights| pack(inputs, outputs, |input, output| weights[output * inputs + input]))
            .collect();
        let mut bias = bias.to_vec();
        bias.resize(outputs.next_multiple_of(WIDTH), 0.0);
        Self { inputs, outputs, rectify, panels, bias }
    }

    /// Values that the packed weights take.
    pub(crate) fn weights(&self) -> usize {
        self.panels.len()
    }

    /// Computes an image of twice the size into `output`. `images` are read as one, their channels side by side.
    ///
    /// # Panics
    /// If the images' sizes differ, their channels are not those that the weights are for, or `output` is too short.
    #[inline(never)]
    pub fn run(&self, images: &[Image<'_>], output: &mut [f32], scratch: &mut Scratch) {
        let Shape { rows, columns, channels } = joined(images);
        assert_eq!(channels, self.inputs);
        let shape = Shape { rows: 2 * rows, columns: 2 * columns, channels: self.outputs };
        let output = &mut output[..shape.len()];
        let pairs = output.chunks_exact_mut(2 * shape.columns * shape.stride());
        for (row, output) in pairs.enumerate() {
            let (row, pitch) = match images {
                [image] => (image.row(row), image.shape.stride()),
                _ => (join_row(images, row, &mut scratch.rows), channels),
            };
            dispatch!(*LEVEL, simd => self.rows(simd, row, pitch, output, shape.stride()));
        }
    }

    /// Computes the two rows of the output that come from a row of the input.
    #[inline(always)]
    fn rows<S: Simd>(&self, simd: S, row: &[f32], pitch: usize, output: &mut [f32], stride: usize) {
        let length = output.len() / 2;
        let last = length / (2 * stride) - 1;
        let panels_of_tap = self.panels.chunks_exact(self.panels.len() / 4);
        for (tap, weights) in panels_of_tap.enumerate() {
            let output = &mut output[tap / 2 * length..][..length];
            let panels = weights.chunks_exact(self.inputs * WIDTH).zip(self.bias.chunks_exact(WIDTH));
            for (panel, (weights, bias)) in panels.enumerate() {
                for (group, output) in output.chunks_mut(PIXELS * 2 * stride).enumerate() {
                    let mut pixels = [row; PIXELS];
                    for (pixel, values) in pixels.iter_mut().enumerate() {
                        let column = (group * PIXELS + pixel).min(last);
                        *values = &row[column * pitch..][..self.inputs];
                    }
                    let tile = add_products(simd, filled(simd, bias), pixels, weights);
                    for (pair, sums) in output.chunks_exact_mut(2 * stride).zip(tile) {
                        let pixel = &mut pair[tap % 2 * stride..][..stride];
                        store_sums(simd, sums, self.rectify, pixel, panel * WIDTH);
                    }
                }
            }
        }
    }
}

/// A row of images of one size, their channels side by side and without gaps.
fn join_row<'a>(images: &[Image<'_>], row: usize, buffer: &'a mut Vec<f32>) -> &'a [f32] {
    let Shape { columns, channels, .. } = joined(images);
    let joined = resized(buffer, columns * channels);
    let mut first = 0;
    for image in images {
        let count = image.shape.channels;
        let pixels = image.row(row).chunks_exact(image.shape.stride());
        for (joined, pixel) in joined.chunks_exact_mut(channels).zip(pixels) {
            joined[first..first + count].copy_from_slice(&pixel[..count]);
        }
        first += count;
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::{self, Plain, noise};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    proptest! {
        #[test]
        fn each_pixel_becomes_the_four_of_plain_loops(
            rows in 1_usize..12,
            columns in 1_usize..20,
            channels in prop::collection::vec(1_usize..20, 1..3),
            outputs in 1_usize..36,
            rectify: bool,
        ) {
            let shape = |&channels| Shape { rows, columns, channels };
            let images: Vec<Plain> =
                channels.iter().zip(1..).map(|(channels, seed)| Plain::noise(shape(channels), seed)).collect();
            let joined = Plain::joined(&images);
            let weights = noise(4 * joined.shape.channels * outputs, 7);
            let bias = noise(outputs, 8);
            let filters =
                Filters { inputs: joined.shape.channels, weights: weights.clone(), bias: bias.clone(), rectify };

            let laid_out: Vec<Vec<f32>> = images.iter().map(Plain::laid_out).collect();
            let images: Vec<Image<'_>> =
                images.iter().zip(&laid_out).map(|(plain, values)| Image::new(plain.shape, values)).collect();
            let shape = Shape { rows: 2 * rows, columns: 2 * columns, channels: outputs };
            let mut output = vec![f32::NAN; shape.len()];
            UpConv::new(&filters).run(&images, &mut output, &mut Scratch::default());

            let expected = reference::upconv(&joined, &weights, &bias, rectify);
            let difference = Plain::of(Image::new(shape, &output)).difference(&expected);
            prop_assert!(difference < 1e-5, "{}", difference);
        }
    }
}
