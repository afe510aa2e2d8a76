//! Transposed convolutions of any size and step.
//!
//! Pixels of the output that are a step apart meet the same weights of the kernel: they are an ordinary convolution of
//! the input. So there is one for each place within a step, and their results are put together like a chequerboard.

use crate::cpu::direct::Direct;
use crate::cpu::{Image, Scratch, resized};
use crate::{Filters, Geometry, Shape, Spread};

/// A transposed convolution with its weights, its bias and, where asked, `max(x, 0)` of the result.
#[derive(Debug)]
pub struct TransposedConv {
    stride: [usize; 2],
    start: [usize; 2],
    phases: Vec<Phase>,
    /// What a pixel is that no weight reaches.
    bias: Vec<f32>,
}

/// The pixels of the full output whose rows and columns leave `place` when divided by the step.
#[derive(Debug)]
struct Phase {
    place: [usize; 2],
    taps: [usize; 2],
    /// None where no weight reaches.
    conv: Option<Direct>,
}

impl TransposedConv {
    /// Packs the weights.
    ///
    /// # Panics
    /// If there are not as many weights as the sizes say.
    #[must_use]
    pub fn new(
        Spread { size, stride, start }: Spread,
        Filters { inputs, weights, bias, rectify }: &Filters,
    ) -> Self {
        let (inputs, rectify) = (*inputs, *rectify);
        let outputs = bias.len();
        assert_eq!(weights.len(), size[0] * size[1] * inputs * outputs, "weights fit their geometry");
        let phase = |place: [usize; 2]| {
            let taps = [0, 1].map(|axis| size[axis].saturating_sub(place[axis]).div_ceil(stride[axis]));
            let geometry = Geometry { size: taps, stride: [1, 1], dilation: [1, 1] };
            // The last weight meets the first pixel.
            let kernel_at = |axis: usize, tap: usize| place[axis] + (taps[axis] - 1 - tap) * stride[axis];
            let mut kernel = Vec::with_capacity(taps[0] * taps[1] * inputs * outputs);
            for (row, column) in (0..taps[0]).flat_map(|row| (0..taps[1]).map(move |column| (row, column))) {
                let at = (kernel_at(0, row) * size[1] + kernel_at(1, column)) * outputs;
                for input in 0..inputs {
                    kernel.extend((0..outputs).map(|output| weights[(at + output) * inputs + input]));
                }
            }
            let conv = (!kernel.is_empty()).then(|| Direct::new(geometry, inputs, &kernel, bias, rectify));
            Phase { place, taps, conv }
        };
        let places = (0..stride[0]).flat_map(|row| (0..stride[1]).map(move |column| [row, column]));
        let bias = bias.iter().map(|bias| if rectify { bias.max(0.0) } else { *bias }).collect();
        Self { stride, start, phases: places.map(phase).collect(), bias }
    }

    /// Values that the packed weights take.
    pub(crate) fn weights(&self) -> usize {
        self.phases.iter().filter_map(|phase| Some(phase.conv.as_ref()?.weights())).sum()
    }

    /// Computes an image of `shape` into `output`; pixels beyond the full output are the bias. `images` are read as
    /// one, their channels side by side.
    ///
    /// # Panics
    /// If the images' sizes differ or their channels are not those that the weights are for.
    pub fn run(&self, images: &[Image<'_>], shape: Shape, output: &mut [f32], scratch: &mut Scratch) {
        let stride = shape.stride();
        let output = &mut output[..shape.len()];
        let mut buffer = std::mem::take(&mut scratch.products);
        for Phase { place, taps, conv } in &self.phases {
            // Pixels up to the last that is kept.
            let count = |axis: usize, length: usize| {
                (length + self.start[axis]).saturating_sub(place[axis]).div_ceil(self.stride[axis])
            };
            let phase = Shape { rows: count(0, shape.rows), columns: count(1, shape.columns), ..shape };
            if phase.is_empty() {
                continue;
            }
            let pixels = resized(&mut buffer, phase.len());
            if let Some(conv) = conv {
                conv.run(images, [taps[0] - 1, taps[1] - 1], phase, pixels, scratch);
            } else {
                for pixel in pixels.chunks_exact_mut(stride) {
                    pixel[..shape.channels].copy_from_slice(&self.bias);
                }
            }
            for (row, pixels) in pixels.chunks_exact(phase.columns * stride).enumerate() {
                let Some(row) = (place[0] + row * self.stride[0]).checked_sub(self.start[0]) else {
                    continue;
                };
                for (column, pixel) in pixels.chunks_exact(stride).enumerate() {
                    let column = (place[1] + column * self.stride[1]).checked_sub(self.start[1]);
                    if let Some(column) = column {
                        output[(row * shape.columns + column) * stride..][..stride].copy_from_slice(pixel);
                    }
                }
            }
        }
        scratch.products = buffer;
    }
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
        fn what_is_kept_of_the_full_output_agrees_with_plain_loops(
            size in [1_usize..6, 1_usize..6],
            stride in [1_usize..4, 1_usize..4],
            start in [0_usize..3, 0_usize..3],
            rows in 1_usize..9,
            columns in 1_usize..9,
            channels in prop::collection::vec(1_usize..20, 1..3),
            outputs in 1_usize..20,
            kept in [1_usize..12, 1_usize..12],
            rectify: bool,
        ) {
            let images: Vec<Plain> =
                channels.iter().map(|&channels| Plain::noise(Shape { rows, columns, channels }, 1)).collect();
            let joined = Plain::joined(&images);
            let weights = noise(size[0] * size[1] * joined.shape.channels * outputs, 2);
            let bias = noise(outputs, 3);
            let shape = Shape { rows: kept[0], columns: kept[1], channels: outputs };

            let laid_out: Vec<Vec<f32>> = images.iter().map(Plain::laid_out).collect();
            let images: Vec<Image<'_>> =
                images.iter().zip(&laid_out).map(|(plain, values)| Image::new(plain.shape, values)).collect();
            let filters =
                Filters { inputs: joined.shape.channels, weights: weights.clone(), bias: bias.clone(), rectify };
            let conv = TransposedConv::new(Spread { size, stride, start }, &filters);
            let mut output = vec![f32::NAN; shape.len()];
            conv.run(&images, shape, &mut output, &mut Scratch::default());

            let expected = reference::transposed(&joined, size, stride, start, &weights, &bias, rectify, shape);
            let difference = Plain::of(Image::new(shape, &output)).difference(&expected);
            prop_assert!(difference < 5e-5, "{}", difference);
        }
    }
}
