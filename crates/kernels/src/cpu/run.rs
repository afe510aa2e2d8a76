//! Running a program.

use super::kernel::Kernel;
use super::{Image, Scratch, resized};
use crate::program::Plan;
use crate::{Layer, Program, Shape};

/// A program whose weights lie as the kernels read them.
#[derive(Debug)]
pub struct Packed(Program<Kernel>);

/// Memory of a program, kept from run to run.
#[derive(Debug, Default)]
pub struct Memory {
    buffers: Vec<Vec<f32>>,
    scratch: Scratch,
}

impl Packed {
    /// Packs the weights.
    ///
    /// # Panics
    /// If a layer has not as many weights as its sizes say.
    #[must_use]
    pub fn new(program: Program<Layer>) -> Self {
        Self(program.map(|layer, _| Kernel::new(layer)))
    }

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
        let Plan { places, sizes } = plan(&self.0, shapes);
        let Memory { buffers, scratch } = memory;
        buffers.resize_with(buffers.len().max(sizes.len()), Vec::new);
        lay_out(input, shapes[0], resized(&mut buffers[places[0]], shapes[0].len()));
        for step in &self.0.steps {
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
        without_gaps(Image::new(shapes[self.0.output], &buffers[places[self.0.output]]))
    }

    /// Bytes that a run takes, weights included, but for a few megabytes.
    #[must_use]
    pub fn bytes(&self, shapes: &[Shape]) -> u64 {
        let weights = self.0.steps.iter().map(|step| step.layer.weights() as u64);
        let values = weights.chain(plan(&self.0, shapes).sizes).fold(0, u64::saturating_add);
        values.saturating_mul(size_of::<f32>() as u64)
    }
}

fn plan(program: &Program<Kernel>, shapes: &[Shape]) -> Plan {
    let wanted: Vec<u64> = shapes.iter().map(|shape| shape.values()).collect();
    program.plan(&wanted)
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
    use crate::Step;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn step(layer: Layer, inputs: &[usize], output: usize) -> Step<Layer> {
        Step { layer, inputs: inputs.to_vec(), output, pooled: None }
    }

    /// Doubles the image, adds it to itself as often as there are steps, and to the first.
    fn sums(count: usize) -> Packed {
        let mut steps: Vec<Step<Layer>> = (0..count).map(|at| step(Layer::Add, &[at, at], at + 1)).collect();
        steps.push(step(Layer::Add, &[0, count], count + 1));
        Packed::new(Program { steps, output: count + 1 })
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
