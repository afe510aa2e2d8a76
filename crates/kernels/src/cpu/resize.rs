//! Making images larger.

use crate::Shape;
use crate::cpu::Image;

/// Each pixel becomes `factor` rows and columns of copies.
///
/// # Panics
/// If the output is too short.
pub(crate) fn upsample_nearest(image: Image<'_>, factor: [usize; 2], output: &mut [f32]) {
    let stride = image.shape.stride();
    let row_length = image.shape.columns * factor[1] * stride;
    let length = image.shape.rows * factor[0] * row_length;
    for (row, output) in output[..length].chunks_exact_mut(row_length).enumerate() {
        let source = image.row(row / factor[0]).chunks_exact(stride);
        for (copies, pixel) in output.chunks_exact_mut(factor[1] * stride).zip(source) {
            for copy in copies.chunks_exact_mut(stride) {
                copy.copy_from_slice(pixel);
            }
        }
    }
}

/// Linear in both directions between the centres of pixels; the outermost pixels continue to the edges.
///
/// # Panics
/// If the output is too short.
pub(crate) fn upsample_bilinear(image: Image<'_>, factor: [usize; 2], output: &mut [f32]) {
    let stride = image.shape.stride();
    let shape = Shape {
        rows: image.shape.rows * factor[0],
        columns: image.shape.columns * factor[1],
        channels: image.shape.channels,
    };
    let across: Vec<Between> =
        (0..shape.columns).map(|column| Between::of(column, factor[1], image.shape.columns)).collect();
    for (row, output) in output[..shape.len()].chunks_exact_mut(shape.columns * stride).enumerate() {
        let down = Between::of(row, factor[0], image.shape.rows);
        let (above, below) = (image.row(down.first), image.row(down.second));
        for (output, across) in output.chunks_exact_mut(stride).zip(&across) {
            let [left, right] =
                [across.first, across.second].map(|column| column * stride..(column + 1) * stride);
            let corners = above[left.clone()].iter().zip(&above[right.clone()]);
            let corners = corners.zip(below[left].iter().zip(&below[right]));
            for (y, ((a, b), (c, d))) in output.iter_mut().zip(corners) {
                *y = down.mix(across.mix(*a, *b), across.mix(*c, *d));
            }
        }
    }
}

/// Two neighbouring pixels along an axis, and how near the second is.
struct Between {
    first: usize,
    second: usize,
    share: f32,
}

impl Between {
    /// The neighbours of a pixel of the larger image.
    fn of(pixel: usize, factor: usize, length: usize) -> Self {
        let place = ((pixel as f32 + 0.5) / factor as f32 - 0.5).max(0.0);
        let first = (place as usize).min(length - 1);
        Self { first, second: (first + 1).min(length - 1), share: place - first as f32 }
    }

    fn mix(&self, first: f32, second: f32) -> f32 {
        first + (second - first) * self.share
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::Plain;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn upsampled(
        image: &Plain,
        factor: [usize; 2],
        kernel: impl Fn(Image<'_>, [usize; 2], &mut [f32]),
    ) -> Plain {
        let Shape { rows, columns, channels } = image.shape;
        let shape = Shape { rows: rows * factor[0], columns: columns * factor[1], channels };
        let mut output = vec![f32::NAN; shape.len()];
        kernel(Image::new(image.shape, &image.laid_out()), factor, &mut output);
        Plain::of(Image::new(shape, &output))
    }

    #[test]
    fn values_between_two_pixels_lie_on_a_line() {
        let image = Plain { shape: Shape { rows: 1, columns: 2, channels: 1 }, values: vec![0.0, 4.0] };
        assert_eq!(upsampled(&image, [1, 2], upsample_bilinear).values, [0.0, 1.0, 3.0, 4.0]);
        assert_eq!(
            upsampled(&image, [1, 4], upsample_bilinear).values,
            [0.0, 0.0, 0.5, 1.5, 2.5, 3.5, 4.0, 4.0]
        );
    }

    proptest! {
        #[test]
        fn nearest_copies(
            rows in 1_usize..5,
            columns in 1_usize..5,
            channels in 1_usize..20,
            factor in [1_usize..4, 1_usize..4],
        ) {
            let image = Plain::noise(Shape { rows, columns, channels }, 1);
            let output = upsampled(&image, factor, upsample_nearest);
            for row in 0..rows * factor[0] {
                for column in 0..columns * factor[1] {
                    for channel in 0..channels {
                        let expected = image.at(row / factor[0], column / factor[1], channel);
                        prop_assert_eq!(output.at(row, column, channel), expected);
                    }
                }
            }
        }

        #[test]
        fn bilinear_keeps_the_mean_of_a_picture_inside_its_range(
            rows in 1_usize..5,
            columns in 1_usize..5,
            channels in 1_usize..20,
            factor in [1_usize..4, 1_usize..4],
        ) {
            let image = Plain::noise(Shape { rows, columns, channels }, 1);
            let output = upsampled(&image, factor, upsample_bilinear);
            let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
            // Every pixel weighs the same in the larger picture, those at the edges by what they continue.
            prop_assert!((mean(&output.values) - mean(&image.values)).abs() < 1e-5);
            prop_assert!(output.values.iter().all(|value| value.abs() <= 1.0));
        }
    }
}
