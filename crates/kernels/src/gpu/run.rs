//! Running a program.

use bytemuck::Pod;
use futures::lock::Mutex;

use super::device::{Dispatch, Gpu, GpuError, NO_FAULT};
use super::kernel::{Kernel, LEVELS_OF_WORD, pack, to_levels, unpack};
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

/// The output in 256 steps, for hosts to which reading back is slow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    /// `[rows, columns]`: `q` for a number above `q / 256`, at most `(q + 1) / 256`; 0 below, 255 above.
    pub levels: Vec<u8>,
    /// Whether all were numbers, none of them infinite.
    pub finite: bool,
}

/// How the host gets the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Numbers,
    Levels,
}

/// What runs the program on images of one size.
#[derive(Debug)]
struct Ready {
    shapes: Vec<Shape>,
    answer: Answer,
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
        self.answer(input, shapes, Answer::Numbers).await
    }

    /// As [`Self::run`], for an output of one channel, of which a fourth of the bytes is read back.
    ///
    /// # Errors
    /// If the device does not answer.
    ///
    /// # Panics
    /// If the shapes do not suit the layers.
    pub async fn levels(&self, input: &[f32], shapes: &[Shape]) -> Result<Levels, GpuError> {
        let words: Vec<[u8; LEVELS_OF_WORD]> = self.answer(input, shapes, Answer::Levels).await?;
        let (faults, words) = words.split_last().ok_or(GpuError)?;
        let Shape { rows, columns, .. } = shapes[self.program.output];
        let mut levels = Vec::with_capacity(rows * columns);
        for row in words.chunks_exact(columns.div_ceil(LEVELS_OF_WORD)) {
            levels.extend_from_slice(&row.as_flattened()[..columns]);
        }
        Ok(Levels { levels, finite: *faults == NO_FAULT })
    }

    async fn answer<T: Pod>(
        &self,
        input: &[f32],
        shapes: &[Shape],
        answer: Answer,
    ) -> Result<Vec<T>, GpuError> {
        let mut ready = self.ready.lock().await;
        if ready.as_ref().is_none_or(|ready| (ready.shapes.as_slice(), ready.answer) != (shapes, answer)) {
            // The old buffers go before the new ones come.
            *ready = None;
        }
        let ready = ready.get_or_insert_with(|| self.prepare(shapes, answer));
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

    fn prepare(&self, shapes: &[Shape], answer: Answer) -> Ready {
        use wgpu::BufferUsages as Usage;
        let gpu = &self.gpu;
        let Plan { places, sizes } = self.plan(shapes);
        let buffers: Vec<wgpu::Buffer> =
            sizes.iter().map(|values| gpu.buffer(values * VALUE, Usage::STORAGE)).collect();
        let view = |image: usize| View { shape: shapes[image], buffer: &buffers[places[image]] };
        let numbers = |Shape { rows, columns, channels }: Shape| (rows * columns * channels) as u64 * VALUE;
        let last = shapes[self.program.output];
        let answer_bytes = match answer {
            Answer::Numbers => numbers(last),
            // And a word for faults.
            Answer::Levels => {
                ((last.columns.div_ceil(LEVELS_OF_WORD) * last.rows + 1) * LEVELS_OF_WORD) as u64
            }
        };
        let input = gpu.buffer(numbers(shapes[0]), Usage::STORAGE | Usage::COPY_DST);
        let output = gpu.buffer(answer_bytes, Usage::STORAGE | Usage::COPY_SRC | Usage::COPY_DST);
        let read = gpu.buffer(answer_bytes, Usage::MAP_READ | Usage::COPY_DST);

        let mut dispatches = vec![pack(gpu, &input, view(0))];
        for step in &self.program.steps {
            let images: Vec<View<'_>> = step.inputs.iter().map(|&image| view(image)).collect();
            step.layer.plan(gpu, &images, view(step.output), step.pooled.map(view), &mut dispatches);
        }
        let last = view(self.program.output);
        dispatches.push(match answer {
            Answer::Numbers => unpack(gpu, last, &output),
            Answer::Levels => to_levels(gpu, last, &output),
        });
        Ready { shapes: shapes.to_vec(), answer, input, dispatches, output, read }
    }
}
