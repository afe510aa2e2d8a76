//! Convolutions: which kernel serves which.

use crate::cpu::direct::Direct;
use crate::cpu::image::GROUP;
use crate::cpu::pool::max_pool_2x2;
use crate::cpu::winograd::Winograd;
use crate::cpu::{Image, Scratch};
use crate::{Filters, Geometry, Shape};

/// A convolution with its weights, its bias and, where asked, `max(x, 0)` of the result.
#[derive(Debug)]
pub struct Conv {
    geometry: Geometry,
    kernel: Kernel,
}

#[derive(Debug)]
enum Kernel {
    Winograd(Winograd),
    Direct(Direct),
}

impl Conv {
    /// Packs the weights.
    ///
    /// # Panics
    /// If there are not as many weights as the sizes say.
    #[must_use]
    pub fn new(geometry: Geometry, Filters { inputs, weights, bias, rectify }: &Filters) -> Self {
        let (inputs, rectify) = (*inputs, *rectify);
        let [rows, columns] = geometry.size;
        assert_eq!(weights.len(), rows * columns * inputs * bias.len(), "weights fit their geometry");
        let plain = Geometry { size: [3, 3], stride: [1, 1], dilation: [1, 1] };
        // With fewer channels the transforms cost more than the products that they save.
        let kernel = if geometry == plain && inputs >= GROUP && bias.len() >= GROUP {
            Kernel::Winograd(Winograd::new(inputs, weights, bias, rectify))
        } else {
            Kernel::Direct(Direct::new(geometry, inputs, weights, bias, rectify))
        };
        Self { geometry, kernel }
    }

    /// Values that the packed weights take.
    pub(crate) fn weights(&self) -> usize {
        match &self.kernel {
            Kernel::Winograd(kernel) => kernel.weights(),
            Kernel::Direct(kernel) => kernel.weights(),
        }
    }

    /// Computes an image of `shape` into `output`.
    ///
    /// `images` are read as one, their channels side by side. Zeros around them make up for what the windows need more,
    /// half before and half behind, the larger half behind. Where asked, `pooled` becomes the
    /// largest of each 2x2 pixels of the output, an odd last row or column left out.
    ///
    /// # Panics
    /// If the images' sizes differ or their channels are not those that the weights are for.
    pub fn run(
        &self,
        images: &[Image<'_>],
        shape: Shape,
        output: &mut [f32],
        pooled: Option<&mut [f32]>,
        scratch: &mut Scratch,
    ) {
        if shape.is_empty() {
            return;
        }
        let output = &mut output[..shape.len()];
        let before = self.geometry.before(joined(images).size(), shape.size());
        match &self.kernel {
            Kernel::Winograd(kernel) => kernel.run(images, before, shape, output, pooled, scratch),
            Kernel::Direct(kernel) => {
                kernel.run(images, before, shape, output, scratch);
                if let Some(pooled) = pooled {
                    max_pool_2x2(Image::new(shape, output), pooled);
                }
            }
        }
    }
}

/// The size of images that are read as one.
///
/// # Panics
/// If there is none, or if their rows or columns differ.
pub(crate) fn joined(images: &[Image<'_>]) -> Shape {
    let Shape { rows, columns, .. } = images[0].shape;
    let same = |image: &Image<'_>| image.shape.rows == rows && image.shape.columns == columns;
    assert!(images.iter().all(same), "images that are read as one have the same size");
    Shape { rows, columns, channels: images.iter().map(|image| image.shape.channels).sum() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::{self, Plain, noise};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// A convolution of some images, of which the plain loops see the channels side by side.
    struct Case {
        geometry: Geometry,
        images: Vec<Plain>,
        /// Whether there are as many windows as steps, by zeros around the image, or only those inside.
        same: bool,
        outputs: usize,
        rectify: bool,
    }

    impl Case {
        /// The largest difference from the plain loops, and from pooling their result, in units of the root of the
        /// number of products: sums of so many are about that large.
        fn difference(&self, kernel: impl Fn(usize, &[f32], &[f32]) -> Kernel) -> (f32, f32) {
            let inputs = self.images.iter().map(|image| image.shape.channels).sum();
            let [kernel_rows, kernel_columns] = self.geometry.size;
            let weights = noise(kernel_rows * kernel_columns * inputs * self.outputs, 7);
            let bias = noise(self.outputs, 8);
            let conv = Conv { geometry: self.geometry, kernel: kernel(inputs, &weights, &bias) };

            let Shape { rows, columns, .. } = self.images[0].shape;
            let windows = |axis: usize, length: usize| {
                let span = (self.geometry.size[axis] - 1) * self.geometry.dilation[axis] + 1;
                if self.same {
                    length.div_ceil(self.geometry.stride[axis])
                } else {
                    length.saturating_sub(span) / self.geometry.stride[axis] + usize::from(length >= span)
                }
            };
            let size = [windows(0, rows), windows(1, columns)];
            let shape = Shape { rows: size[0], columns: size[1], channels: self.outputs };
            let half = Shape { rows: size[0] / 2, columns: size[1] / 2, ..shape };

            let laid_out: Vec<Vec<f32>> = self.images.iter().map(Plain::laid_out).collect();
            let images: Vec<Image<'_>> = self
                .images
                .iter()
                .zip(&laid_out)
                .map(|(plain, values)| Image::new(plain.shape, values))
                .collect();
            let mut output = vec![f32::NAN; shape.len()];
            let mut pooled = vec![f32::NAN; half.len()];
            let mut scratch = Scratch::default();
            conv.run(&images, shape, &mut output, Some(&mut pooled), &mut scratch);

            let joined = Plain::joined(&self.images);
            let expected = reference::conv(&joined, self.geometry, &weights, &bias, self.rectify, size);
            let output = Plain::of(Image::new(shape, &output));
            let pooled = Plain::of(Image::new(half, &pooled));
            let scale = ((kernel_rows * kernel_columns * inputs) as f32).sqrt();
            let expected_pooled = reference::max_pool_2x2(&expected);
            (output.difference(&expected) / scale, pooled.difference(&expected_pooled) / scale)
        }

        fn direct(&self) -> (f32, f32) {
            self.difference(|inputs, weights, bias| {
                Kernel::Direct(Direct::new(self.geometry, inputs, weights, bias, self.rectify))
            })
        }

        fn winograd(&self) -> (f32, f32) {
            self.difference(|inputs, weights, bias| {
                Kernel::Winograd(Winograd::new(inputs, weights, bias, self.rectify))
            })
        }
    }

    fn images(rows: usize, columns: usize, channels: &[usize]) -> Vec<Plain> {
        let shape = |&channels| Shape { rows, columns, channels };
        channels.iter().zip(1..).map(|(channels, seed)| Plain::noise(shape(channels), seed)).collect()
    }

    /// Allowed differences. The transforms add and subtract larger numbers than the result.
    const DIRECT: f32 = 5e-6;
    const WINOGRAD: f32 = 5e-5;

    const PLAIN: Geometry = Geometry { size: [3, 3], stride: [1, 1], dilation: [1, 1] };

    proptest! {
        #[test]
        fn sums_over_any_window_are_those_of_plain_loops(
            size in [1_usize..6, 1_usize..6],
            stride in [1_usize..4, 1_usize..4],
            dilation in [1_usize..4, 1_usize..4],
            rows in 1_usize..24,
            columns in 1_usize..24,
            channels in prop::collection::vec(1_usize..20, 1..4),
            same: bool,
            outputs in 1_usize..36,
            rectify: bool,
        ) {
            let geometry = Geometry { size, stride, dilation };
            let case = Case { geometry, images: images(rows, columns, &channels), same, outputs, rectify };
            let (output, pooled) = case.direct();
            prop_assert!(output.max(pooled) < DIRECT, "{output} {pooled}");
        }

        #[test]
        fn winograd_gives_what_plain_loops_give(
            rows in 1_usize..24,
            columns in 1_usize..24,
            channels in prop::collection::vec(prop_oneof![1_usize..8, 8_usize..40], 1..4),
            same: bool,
            outputs in 8_usize..36,
            rectify: bool,
        ) {
            let case =
                Case { geometry: PLAIN, images: images(rows, columns, &channels), same, outputs, rectify };
            let (output, pooled) = case.winograd();
            prop_assert!(output.max(pooled) < WINOGRAD, "{output} {pooled}");
        }
    }

    /// As many blocks of tiles as a real layer has.
    #[test]
    fn large_images_and_many_channels_agree_too() {
        for (side, channels, outputs) in
            [(130, vec![16, 16], 16), (33, vec![128, 128], 24), (9, vec![600], 8)]
        {
            let images = images(side, side + 3, &channels);
            let case = Case { geometry: PLAIN, images, same: true, outputs, rectify: false };
            let (output, pooled) = case.winograd();
            assert!(output.max(pooled) < WINOGRAD, "{output} {pooled}");
            let (output, pooled) = case.direct();
            assert!(output.max(pooled) < DIRECT, "{output} {pooled}");
        }
    }

    #[test]
    #[should_panic(expected = "the same size")]
    fn images_of_different_sizes_are_not_read_as_one() {
        let images = [images(4, 4, &[8]), images(4, 5, &[8])].concat();
        Case { geometry: PLAIN, images, same: true, outputs: 8, rectify: false }.winograd();
    }
}
