//! Layers in the order in which they run, and the memory that they share.

use crate::frame::frame;
use crate::pointwise::{combine, join, scale};
use crate::pool::pool;
use crate::resize::{upsample_bilinear, upsample_nearest};
use crate::{Activation, Conv, Geometry, Image, PoolKind, Scratch, Shape, TransposedConv, UpConv, resized};

/// What a step does.
#[derive(Debug)]
pub enum Layer {
    /// A convolution.
    Conv(Conv),
    /// A transposed convolution that doubles the image.
    UpConv(UpConv),
    /// Any other transposed convolution.
    TransposedConv(TransposedConv),
    /// The largest value or the mean of windows.
    Pool(Geometry, PoolKind),
    /// Copies of each pixel, by rows and columns.
    UpsampleNearest([usize; 2]),
    /// Linear between pixels, by rows and columns.
    UpsampleBilinear([usize; 2]),
    /// The image at another place: by how many rows and columns it moves. What it leaves is 0.
    Frame([isize; 2]),
    /// Channels side by side.
    Join,
    /// Sum of its inputs.
    Add,
    /// Product of its inputs.
    Multiply,
    /// A function of each value.
    Activation(Activation),
    /// A factor and an offset for each channel.
    Scale(Vec<f32>, Vec<f32>),
}

/// One layer, and the numbers of the images that it takes and makes.
#[derive(Debug)]
pub struct Step {
    /// What it does.
    pub layer: Layer,
    /// The images that it takes.
    pub inputs: Vec<usize>,
    /// The image that it makes.
    pub output: usize,
    /// The image that becomes the largest of each 2x2 pixels of its output, an odd last row or column left out; of
    /// convolutions only.
    pub pooled: Option<usize>,
}

/// Steps that turn image 0 into another. Every image is made once, before it is taken.
#[derive(Debug)]
pub struct Program {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The image that is wanted.
    pub output: usize,
}

/// Memory of a program, kept from run to run.
#[derive(Debug, Default)]
pub struct Memory {
    buffers: Vec<Vec<f32>>,
    scratch: Scratch,
}

/// Where images lie.
struct Plan {
    /// Each image's buffer.
    places: Vec<usize>,
    /// Each buffer's values.
    sizes: Vec<u64>,
}

impl Program {
    /// Runs all steps.
    ///
    /// # Shapes
    /// - `input`: image 0, `[rows, columns, channels]`
    /// - `shapes`: of each image
    /// - output: `[rows, columns, channels]`
    ///
    /// # Panics
    /// If the shapes do not suit the layers.
    #[must_use]
    pub fn run(&self, input: &[f32], shapes: &[Shape], memory: &mut Memory) -> Vec<f32> {
        let Plan { places, sizes } = self.plan(shapes);
        let Memory { buffers, scratch } = memory;
        buffers.resize_with(buffers.len().max(sizes.len()), Vec::new);
        lay_out(input, shapes[0], resized(&mut buffers[places[0]], shapes[0].len()));
        for step in &self.steps {
            let shape = shapes[step.output];
            let mut output = std::mem::take(&mut buffers[places[step.output]]);
            resized(&mut output, shape.len());
            let mut pooled = step.pooled.map(|image| {
                let mut pooled = std::mem::take(&mut buffers[places[image]]);
                resized(&mut pooled, shapes[image].len());
                pooled
            });
            let images: Vec<Image<'_>> =
                step.inputs.iter().map(|&image| Image::new(shapes[image], &buffers[places[image]])).collect();
            step.layer.run(&images, shape, &mut output, pooled.as_deref_mut(), scratch);
            buffers[places[step.output]] = output;
            if let (Some(image), Some(pooled)) = (step.pooled, pooled) {
                buffers[places[image]] = pooled;
            }
        }
        without_gaps(Image::new(shapes[self.output], &buffers[places[self.output]]))
    }

    /// Bytes that a run takes, weights included, but for a few megabytes.
    #[must_use]
    pub fn bytes(&self, shapes: &[Shape]) -> u64 {
        let weights = self.steps.iter().map(|step| step.layer.weights() as u64);
        let values = weights.chain(self.plan(shapes).sizes).fold(0, u64::saturating_add);
        values.saturating_mul(size_of::<f32>() as u64)
    }

    /// Which buffer holds which image: one that no image still wanted is in, as large as needed where there is such.
    fn plan(&self, shapes: &[Shape]) -> Plan {
        let wanted: Vec<u64> = shapes.iter().map(|shape| shape.values()).collect();
        let mut last_uses = vec![0; shapes.len()];
        for (number, step) in self.steps.iter().enumerate() {
            for &image in &step.inputs {
                last_uses[image] = number;
            }
        }
        last_uses[self.output] = self.steps.len();

        let (mut places, mut sizes) = (vec![0; shapes.len()], vec![wanted[0]]);
        let mut free: Vec<usize> = Vec::new();
        for (number, step) in self.steps.iter().enumerate() {
            for image in std::iter::once(step.output).chain(step.pooled) {
                let wanted = wanted[image];
                // The smallest that is large enough, or else the largest.
                let waste = |&at: &usize| (sizes[free[at]] < wanted, sizes[free[at]].abs_diff(wanted));
                let place = match (0..free.len()).min_by_key(waste) {
                    Some(at) => free.swap_remove(at),
                    None => {
                        sizes.push(0);
                        sizes.len() - 1
                    }
                };
                sizes[place] = sizes[place].max(wanted);
                places[image] = place;
            }
            let mut done: Vec<usize> = step
                .inputs
                .iter()
                .filter(|&&image| last_uses[image] == number)
                .map(|&image| places[image])
                .collect();
            done.sort_unstable();
            done.dedup();
            free.extend(done);
        }
        Plan { places, sizes }
    }
}

impl Layer {
    /// Values that its weights take.
    fn weights(&self) -> usize {
        match self {
            Self::Conv(conv) => conv.weights(),
            Self::UpConv(conv) => conv.weights(),
            Self::TransposedConv(conv) => conv.weights(),
            _ => 0,
        }
    }

    fn run(
        &self,
        images: &[Image<'_>],
        shape: Shape,
        output: &mut [f32],
        pooled: Option<&mut [f32]>,
        scratch: &mut Scratch,
    ) {
        match self {
            Self::Conv(conv) => conv.run(images, shape, output, pooled, scratch),
            Self::UpConv(conv) => conv.run(images, output, scratch),
            Self::TransposedConv(conv) => conv.run(images, shape, output, scratch),
            Self::Pool(geometry, kind) => pool(images[0], *geometry, *kind, shape, output),
            Self::UpsampleNearest(factor) => upsample_nearest(images[0], *factor, output),
            Self::UpsampleBilinear(factor) => upsample_bilinear(images[0], *factor, output),
            Self::Frame(at) => frame(images[0], *at, shape, output),
            Self::Join => join(images, output),
            Self::Add => combine(images, shape, |a, b| a + b, output),
            Self::Multiply => combine(images, shape, |a, b| a * b, output),
            Self::Activation(activation) => activation.run(images[0], output),
            Self::Scale(factors, offsets) => scale(images[0], factors, offsets, output),
        }
    }
}

/// Copies pixels to where the shape wants them.
fn lay_out(values: &[f32], shape: Shape, output: &mut [f32]) {
    let pixels = output.chunks_exact_mut(shape.stride()).zip(values.chunks_exact(shape.channels));
    for (output, pixel) in pixels {
        output[..pixel.len()].copy_from_slice(pixel);
    }
}

/// The image's values, and nothing else.
fn without_gaps(image: Image<'_>) -> Vec<f32> {
    let Shape { rows, columns, channels } = image.shape;
    let mut values = Vec::with_capacity(rows * columns * channels);
    for pixel in image.values.chunks_exact(image.shape.stride()) {
        values.extend_from_slice(&pixel[..channels]);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(layer: Layer, inputs: &[usize], output: usize) -> Step {
        Step { layer, inputs: inputs.to_vec(), output, pooled: None }
    }

    /// Doubles the image, adds it to itself as often as there are steps, and to the first.
    fn sums(count: usize) -> Program {
        let mut steps: Vec<Step> = (0..count).map(|at| step(Layer::Add, &[at, at], at + 1)).collect();
        steps.push(step(Layer::Add, &[0, count], count + 1));
        Program { steps, output: count + 1 }
    }

    #[test]
    fn an_image_that_is_wanted_later_is_not_overwritten() {
        let shape = Shape { rows: 2, columns: 3, channels: 9 };
        let input: Vec<f32> = (0..54).map(|value| value as f32).collect();
        let mut memory = Memory::default();
        let output = sums(4).run(&input, &[shape; 6], &mut memory);
        assert_eq!(output, input.iter().map(|value| value * 17.0).collect::<Vec<f32>>());
        // One that is kept, one that is read, one that is written; a pixel's 9 channels take 16 values.
        assert_eq!(memory.buffers.len(), 3);
        assert_eq!(sums(4).bytes(&[shape; 6]), 3 * 2 * 3 * 16 * 4);
    }

    #[test]
    fn no_size_is_too_large_to_be_told() {
        let shape = Shape { rows: 1 << 16, columns: 1 << 16, channels: 1 << 16 };
        assert_eq!(sums(1).bytes(&[shape; 3]), 3 << 50);
    }

    #[test]
    fn memory_serves_images_of_other_sizes() {
        let mut memory = Memory::default();
        for side in [4, 9, 3] {
            let shape = Shape { rows: side, columns: side, channels: 1 };
            let output = sums(2).run(&vec![1.0; side * side], &[shape; 4], &mut memory);
            assert_eq!(output, vec![5.0; side * side]);
        }
    }
}
