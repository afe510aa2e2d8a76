//! Running a graph on the CPU's vector units, without Burn.

use std::sync::{Mutex, PoisonError};

use rachis_kernels::Shape;
use rachis_kernels::cpu::{Memory, Packed};

use crate::lower;
use crate::run_error::check_input;
use crate::{Graph, GraphError, Model, RunError};

/// A model on the CPU, ready to run.
#[derive(Debug)]
pub struct CpuNetwork {
    graph: Graph,
    program: Packed,
    /// One for each run that there has been at once, while it rests.
    memories: Mutex<Vec<Memory>>,
}

impl CpuNetwork {
    /// Packs a model's weights; `None` if it has a layer that the kernels do not know.
    ///
    /// # Errors
    /// If graph and weights do not fit together.
    pub fn load(model: &Model) -> Result<Option<Self>, GraphError> {
        model.graph.check(&model.weights)?;
        let program = lower::program(&model.graph, &model.weights)?;
        Ok(program.map(|program| Self {
            graph: model.graph.clone(),
            program: Packed::new(program),
            memories: Mutex::default(),
        }))
    }

    /// Runs the network; several threads may do so at once.
    ///
    /// # Shapes
    /// - `input`, of `shape`: `[images, rows, columns, channels]`
    /// - output: `[images, rows, columns, classes]`, and its shape
    ///
    /// # Errors
    /// If the input does not fit the network.
    pub fn run(&self, input: &[f32], shape: [usize; 4]) -> Result<(Vec<f32>, [usize; 4]), RunError> {
        check_input(&self.graph, input.len(), shape)?;
        let [images, rows, columns, channels] = shape;
        let shapes = self.shapes([rows, columns])?;
        let last = shapes.last().ok_or(GraphError::Structure)?;
        let output_shape = [images, last.rows, last.columns, last.channels];

        let memories = || self.memories.lock().unwrap_or_else(PoisonError::into_inner);
        let mut memory = memories().pop().unwrap_or_default();
        let mut output = Vec::with_capacity(output_shape.iter().product());
        for image in input.chunks_exact(rows * columns * channels) {
            output.extend(self.program.run(image, &shapes, &mut memory));
        }
        memories().push(memory);
        Ok((output, output_shape))
    }

    /// Bytes that a run takes for images of `size` rows and columns, weights included.
    ///
    /// # Errors
    /// The layer that this size does not suit.
    pub fn bytes(&self, size: [usize; 2]) -> Result<u64, GraphError> {
        Ok(self.program.bytes(&self.shapes(size)?))
    }

    fn shapes(&self, size: [usize; 2]) -> Result<Vec<Shape>, GraphError> {
        lower::shapes(&self.graph, size)
    }
}
