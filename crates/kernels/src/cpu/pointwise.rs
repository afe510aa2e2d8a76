//! What happens to each value, or to each pixel, by itself.

use crate::cpu::Image;
use crate::{Activation, Shape};

impl Activation {
    /// Applies it; the output has the image's size.
    ///
    /// # Panics
    /// If the output is too short.
    pub(crate) fn run(self, image: Image<'_>, output: &mut [f32]) {
        match self {
            Self::Relu { max, slope, threshold } => map(image, output, |x| {
                let y = if x < threshold { slope * (x - threshold) } else { x };
                y.min(max)
            }),
            Self::Elu { alpha, scale } => {
                map(image, output, |x| scale * if x > 0.0 { x } else { alpha * x.exp_m1() });
            }
            Self::GeluTanh => map(image, output, |x| {
                let inner = std::f32::consts::FRAC_2_PI.sqrt() * (x + 0.044_715 * x * x * x);
                0.5 * x * (1.0 + inner.tanh())
            }),
            Self::Swish => map(image, output, |x| x * sigmoid(x)),
            Self::Tanh => map(image, output, f32::tanh),
            Self::Sigmoid => map(image, output, sigmoid),
            Self::HardSigmoid { slope, offset } => {
                map(image, output, |x| (slope * x + offset).clamp(0.0, 1.0));
            }
            Self::Softmax => softmax(image, output),
        }
    }
}

/// `1 / (1 + exp(-x))`
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

fn map(image: Image<'_>, output: &mut [f32], function: impl Fn(f32) -> f32) {
    let output = &mut output[..image.values.len()];
    for (y, x) in output.iter_mut().zip(image.values) {
        *y = function(*x);
    }
}

fn softmax(image: Image<'_>, output: &mut [f32]) {
    let (stride, channels) = (image.shape.stride(), image.shape.channels);
    let output = &mut output[..image.values.len()];
    for (output, pixel) in output.chunks_exact_mut(stride).zip(image.values.chunks_exact(stride)) {
        let pixel = &pixel[..channels];
        let largest = pixel.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for (y, x) in output.iter_mut().zip(pixel) {
            *y = (x - largest).exp();
            sum += *y;
        }
        for y in &mut output[..channels] {
            *y /= sum;
        }
    }
}

/// `x * scale + offset` with one pair for each channel.
///
/// # Panics
/// If the output is too short.
pub(crate) fn scale(image: Image<'_>, scale: &[f32], offset: &[f32], output: &mut [f32]) {
    let stride = image.shape.stride();
    let output = &mut output[..image.values.len()];
    for (output, pixel) in output.chunks_exact_mut(stride).zip(image.values.chunks_exact(stride)) {
        for (((y, x), scale), offset) in output.iter_mut().zip(pixel).zip(scale).zip(offset) {
            *y = x * scale + offset;
        }
    }
}

/// Combines images value by value. The output is as large as the largest image; an image that has one row, one column
/// or one channel instead is repeated.
///
/// # Panics
/// If there is no image or the output is too short.
pub(crate) fn combine(
    images: &[Image<'_>],
    shape: Shape,
    function: impl Fn(f32, f32) -> f32,
    output: &mut [f32],
) {
    let output = &mut output[..shape.len()];
    repeat(images[0], shape, output, |_, x| x);
    for image in &images[1..] {
        if image.shape == shape {
            for (y, x) in output.iter_mut().zip(image.values) {
                *y = function(*y, *x);
            }
        } else {
            repeat(*image, shape, output, &function);
        }
    }
}

/// Combines each value of the output with the image's value at its place.
fn repeat(image: Image<'_>, shape: Shape, output: &mut [f32], function: impl Fn(f32, f32) -> f32) {
    let step = |length: usize| usize::from(length > 1);
    let Shape { rows, columns, channels } = image.shape;
    for (row, output) in output.chunks_exact_mut(shape.columns * shape.stride()).enumerate() {
        let source = image.row(row * step(rows));
        for (column, output) in output.chunks_exact_mut(shape.stride()).enumerate() {
            let pixel = &source[column * step(columns) * image.shape.stride()..][..channels];
            for (channel, y) in output[..shape.channels].iter_mut().enumerate() {
                *y = function(*y, pixel[channel * step(channels)]);
            }
        }
    }
}

/// Puts the channels of images of one size side by side.
///
/// # Panics
/// If their sizes differ or the output is too short.
pub(crate) fn join(images: &[Image<'_>], output: &mut [f32]) {
    let shape = crate::cpu::conv::joined(images);
    let output = &mut output[..shape.len()];
    let mut first = 0;
    for image in images {
        let channels = image.shape.channels;
        let pixels = image.values.chunks_exact(image.shape.stride());
        for (output, pixel) in output.chunks_exact_mut(shape.stride()).zip(pixels) {
            output[first..first + channels].copy_from_slice(&pixel[..channels]);
        }
        first += channels;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::Plain;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn run(shape: Shape, kernel: impl Fn(&mut [f32])) -> Plain {
        let mut output = vec![f32::NAN; shape.len()];
        kernel(&mut output);
        Plain::of(Image::new(shape, &output))
    }

    fn activated(function: Activation, values: &[f32]) -> Vec<f32> {
        let plain =
            Plain { shape: Shape { rows: 1, columns: values.len(), channels: 1 }, values: values.to_vec() };
        run(plain.shape, |output| function.run(Image::new(plain.shape, &plain.laid_out()), output)).values
    }

    #[test]
    fn functions_have_their_published_values() {
        let close = |function, x: &[f32], expected: &[f32]| {
            let y = activated(function, x);
            assert!(y.iter().zip(expected).all(|(y, e)| (y - e).abs() < 1e-6), "{function:?}: {y:?}");
        };
        let x = [-2.0, -0.5, 0.0, 0.5, 8.0];
        let relu = |max, slope, threshold| Activation::Relu { max, slope, threshold };
        close(relu(f32::INFINITY, 0.0, 0.0), &x, &[0.0, 0.0, 0.0, 0.5, 8.0]);
        close(relu(6.0, 0.1, 0.0), &x, &[-0.2, -0.05, 0.0, 0.5, 6.0]);
        close(relu(f32::INFINITY, 0.5, 1.0), &x, &[-1.5, -0.75, -0.5, -0.25, 8.0]);
        close(Activation::Elu { alpha: 1.0, scale: 1.0 }, &x[..3], &[-0.864_664_7, -0.393_469_34, 0.0]);
        close(Activation::Sigmoid, &[-100.0, -2.0, 0.0, 2.0], &[0.0, 0.119_202_92, 0.5, 0.880_797_1]);
        close(Activation::Swish, &[-2.0, 2.0], &[-0.238_405_84, 1.761_594_2]);
        close(Activation::Tanh, &[0.5], &[0.462_117_16]);
        close(Activation::GeluTanh, &[-1.0, 1.0], &[-0.158_808, 0.841_192]);
        close(Activation::HardSigmoid { slope: 0.2, offset: 0.5 }, &[-9.0, 1.0, 9.0], &[0.0, 0.7, 1.0]);
    }

    proptest! {
        #[test]
        fn softmax_sums_to_one_in_the_ratio_of_exponentials(columns in 1_usize..9, channels in 1_usize..20) {
            let image = Plain::noise(Shape { rows: 2, columns, channels }, 1);
            let softmax = |output: &mut [f32]| {
                Activation::Softmax.run(Image::new(image.shape, &image.laid_out()), output);
            };
            let output = run(image.shape, softmax);
            for (y, x) in output.values.chunks(channels).zip(image.values.chunks(channels)) {
                prop_assert!((y.iter().sum::<f32>() - 1.0).abs() < 1e-5);
                for channel in 0..channels {
                    prop_assert!((y[channel] / y[0] - (x[channel] - x[0]).exp()).abs() < 1e-4);
                }
            }
        }

        #[test]
        fn each_channel_has_its_own_scale(columns in 1_usize..9, channels in 1_usize..20) {
            let image = Plain::noise(Shape { rows: 2, columns, channels }, 1);
            let factors: Vec<f32> = (0..channels).map(|channel| channel as f32).collect();
            let offsets = vec![0.5; channels];
            let output = run(image.shape, |output| {
                scale(Image::new(image.shape, &image.laid_out()), &factors, &offsets, output);
            });
            for (at, value) in output.values.iter().enumerate() {
                prop_assert!((value - (image.values[at] * (at % channels) as f32 + 0.5)).abs() < 1e-5);
            }
        }

        #[test]
        fn smaller_images_are_repeated(
            rows in 1_usize..5,
            columns in 1_usize..5,
            channels in 1_usize..20,
            whole in [any::<bool>(), any::<bool>(), any::<bool>()],
        ) {
            let shape = Shape { rows, columns, channels };
            let side = |whole: bool, length: usize| if whole { length } else { 1 };
            let smaller = Shape {
                rows: side(whole[0], rows),
                columns: side(whole[1], columns),
                channels: side(whole[2], channels),
            };
            let (a, b) = (Plain::noise(smaller, 1), Plain::noise(shape, 2));
            let (a_values, b_values) = (a.laid_out(), b.laid_out());
            let images = [Image::new(smaller, &a_values), Image::new(shape, &b_values)];
            for images in [images, [images[1], images[0]]] {
                let output = run(shape, |output| combine(&images, shape, |a, b| a * b, output));
                for row in 0..rows {
                    for column in 0..columns {
                        for channel in 0..channels {
                            let expected = a.at(row % smaller.rows, column % smaller.columns, channel % smaller.channels)
                                * b.at(row, column, channel);
                            prop_assert_eq!(output.at(row, column, channel), expected);
                        }
                    }
                }
            }
        }

        #[test]
        fn joined_images_lie_side_by_side(
            columns in 1_usize..5,
            channels in prop::collection::vec(1_usize..20, 1..4),
        ) {
            let images: Vec<Plain> =
                channels.iter().map(|&channels| Plain::noise(Shape { rows: 2, columns, channels }, 3)).collect();
            let laid_out: Vec<Vec<f32>> = images.iter().map(Plain::laid_out).collect();
            let views: Vec<Image<'_>> =
                images.iter().zip(&laid_out).map(|(plain, values)| Image::new(plain.shape, values)).collect();
            let expected = Plain::joined(&images);
            let output = run(expected.shape, |output| join(&views, output));
            prop_assert_eq!(output, expected);
        }
    }
}
