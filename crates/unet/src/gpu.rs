//! Running a graph on WebGPU by the project's own shaders.

use rachis_kernels::Shape;
pub use rachis_kernels::gpu::{Gpu, Levels, Scheme};
use rachis_kernels::gpu::{GpuError, Packed};

use crate::lower;
use crate::run_error::check_input;
use crate::{Graph, GraphError, Model, RunError};

/// A model on a WebGPU device, ready to run.
#[derive(Debug)]
pub struct GpuNetwork {
    graph: Graph,
    program: Packed,
}

impl GpuNetwork {
    /// Puts a model's weights on the device; `None` if it has a layer that the shaders do not know.
    ///
    /// # Errors
    /// If graph and weights do not fit together.
    pub fn load(model: &Model, gpu: &Gpu) -> Result<Option<Self>, GraphError> {
        model.graph.check(&model.weights)?;
        let channels = lower::channels(&model.graph)?;
        let program = lower::program(&model.graph, &model.weights)?;
        Ok(program.map(|program| Self {
            graph: model.graph.clone(),
            program: Packed::new(gpu, program, &channels),
        }))
    }

    /// Runs the network.
    ///
    /// # Shapes
    /// - `input`, of `shape`: `[images, rows, columns, channels]`
    /// - output: `[images, rows, columns, classes]`, and its shape
    ///
    /// # Errors
    /// If the input does not fit the network, or the device fails.
    pub async fn run(&self, input: &[f32], shape: [usize; 4]) -> Result<(Vec<f32>, [usize; 4]), RunError> {
        let [images, rows, columns, channels] = shape;
        let shapes = self.shapes(input, shape)?;
        let last = shapes.last().ok_or(GraphError::Structure)?;
        let output_shape = [images, last.rows, last.columns, last.channels];

        let mut output = Vec::with_capacity(output_shape.iter().product());
        for image in input.chunks_exact(rows * columns * channels) {
            let answer = self.program.run(image, &shapes).await;
            output.extend(answer.map_err(failed)?);
        }
        Ok((output, output_shape))
    }

    /// Runs the network on one image, `input` of `[rows, columns]` and as many channels as it takes; the output, rounded to
    /// 256 steps on the device, if it has one class.
    ///
    /// # Errors
    /// If the input does not fit the network, or the device fails.
    pub async fn levels(&self, input: &[f32], size: [usize; 2]) -> Result<Option<Levels>, RunError> {
        let [rows, columns] = size;
        let shapes = self.shapes(input, [1, rows, columns, self.graph.input_channels()])?;
        if shapes.last().is_none_or(|last| last.channels != 1) {
            return Ok(None);
        }
        self.program.levels(input, &shapes).await.map(Some).map_err(failed)
    }

    /// Of all images that lie between the input, which is checked, and the output.
    fn shapes(&self, input: &[f32], shape: [usize; 4]) -> Result<Vec<Shape>, RunError> {
        check_input(&self.graph, input.len(), shape)?;
        let [_, rows, columns, _] = shape;
        Ok(lower::shapes(&self.graph, [rows, columns])?)
    }

    /// Bytes of the largest buffer, and of all of them, for images of `size` rows and columns.
    ///
    /// # Errors
    /// The layer that this size does not suit.
    pub fn bytes(&self, size: [usize; 2]) -> Result<(u64, u64), GraphError> {
        let shapes: Vec<Shape> = lower::shapes(&self.graph, size)?;
        Ok(self.program.bytes(&shapes))
    }
}

fn failed(error: GpuError) -> RunError {
    RunError::Device(error.to_string())
}
