//! Running a program.

use futures::lock::Mutex;

use super::device::{Dispatch, Gpu, GpuError};
use super::kernel::{Kernel, pack, unpack};
use super::{View, values};
use crate::program::Plan;
use crate::{Layer, Program, Shape};

/// Bytes of an f32.
const VALUE: u64 = 4;

/// A program with its weights on the device.
#[derive(Debug)]
pub struct Packed {
    gpu: Gpu,
    program: Program<Kernel>,
    /// For images of the size that was last run.
    ready: Mutex<Option<Ready>>,
}

/// What runs the program on images of one size.
#[derive(Debug)]
struct Ready {
    shapes: Vec<Shape>,
    input: wgpu::Buffer,
    dispatches: Vec<Dispatch>,
    output: wgpu::Buffer,
    /// What the host reads.
    read: wgpu::Buffer,
}

impl Packed {
    /// Packs the weights. `channels` are those of each image.
    ///
    /// # Panics
    /// If a layer has not as many weights as its sizes say, or a convolution reads more than 4 images.
    #[must_use]
    pub fn new(gpu: &Gpu, program: Program<Layer>, channels: &[usize]) -> Self {
        let program = program.map(|layer, inputs| {
            let channels: Vec<usize> = inputs.iter().map(|&image| channels[image]).collect();
            Kernel::new(gpu, layer, &channels)
        });
        Self { gpu: gpu.clone(), program, ready: Mutex::default() }
    }

    /// Runs all steps.
    ///
    /// # Shapes
    /// - `input`: image 0, `[rows, columns, channels]`
    /// - `shapes`: of each image
    /// - output: `[rows, columns, channels]`
    ///
    /// # Errors
    /// If the device does not answer.
    ///
    /// # Panics
    /// If the shapes do not suit the layers.
    pub async fn run(&self, input: &[f32], shapes: &[Shape]) -> Result<Vec<f32>, GpuError> {
        let mut ready = self.ready.lock().await;
        if ready.as_ref().is_none_or(|ready| ready.shapes != shapes) {
            // The old buffers go before the new ones come.
            *ready = None;
        }
        let ready = ready.get_or_insert_with(|| self.prepare(shapes));
        self.gpu.run((&ready.input, input), &ready.dispatches, (&ready.output, &ready.read)).await
    }

    /// Bytes of the largest buffer, and of all of them, weights included.
    #[must_use]
    pub fn bytes(&self, shapes: &[Shape]) -> (u64, u64) {
        let weights = self.program.steps.iter().map(|step| step.layer.bytes());
        let images = self.plan(shapes).sizes.into_iter().map(|values| values.saturating_mul(VALUE));
        weights
            .chain(images)
            .fold((0, 0), |(largest, sum), bytes| (largest.max(bytes), sum.saturating_add(bytes)))
    }

    fn plan(&self, shapes: &[Shape]) -> Plan {
        let wanted: Vec<u64> = shapes.iter().map(|&shape| values(shape)).collect();
        self.program.plan(&wanted)
    }

    fn prepare(&self, shapes: &[Shape]) -> Ready {
        use wgpu::BufferUsages as Usage;
        let gpu = &self.gpu;
        let Plan { places, sizes } = self.plan(shapes);
        let buffers: Vec<wgpu::Buffer> =
            sizes.iter().map(|values| gpu.buffer(values * VALUE, Usage::STORAGE)).collect();
        let view = |image: usize| View { shape: shapes[image], buffer: &buffers[places[image]] };
        let plain = |image: usize, usage: Usage| {
            let Shape { rows, columns, channels } = shapes[image];
            gpu.buffer((rows * columns * channels) as u64 * VALUE, usage)
        };
        let input = plain(0, Usage::STORAGE | Usage::COPY_DST);
        let output = plain(self.program.output, Usage::STORAGE | Usage::COPY_SRC);
        let read = plain(self.program.output, Usage::MAP_READ | Usage::COPY_DST);

        let mut dispatches = vec![pack(gpu, &input, view(0))];
        for step in &self.program.steps {
            let images: Vec<View<'_>> = step.inputs.iter().map(|&image| view(image)).collect();
            step.layer.plan(gpu, &images, view(step.output), step.pooled.map(view), &mut dispatches);
        }
        dispatches.push(unpack(gpu, view(self.program.output), &output));
        Ready { shapes: shapes.to_vec(), input, dispatches, output, read }
    }
}
