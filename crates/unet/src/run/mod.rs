//! Running a graph on Burn.
//!
//! Inside, images are `[images, channels, rows, columns]`, as Burn's convolutions want them; they are turned once on
//! the way in and once on the way out. Nothing here reads a tensor synchronously, which browsers do not allow.

mod activation;
mod conv;
mod layer;
mod norm;
mod pool;
mod window;

use burn::tensor::{Device, Tensor, TensorData};

use crate::run_error::check_input;
use crate::{Graph, GraphError, Model, RunError};
use layer::Layer;

/// A model on a device, ready to run.
#[derive(Debug)]
pub struct Network {
    graph: Graph,
    layers: Vec<Layer>,
    /// For each node, the position of the last node that takes its output.
    last_uses: Vec<usize>,
    device: Device,
}

impl Network {
    /// Puts a model's weights on a device.
    ///
    /// # Errors
    /// If graph and weights do not fit together.
    pub fn load(model: &Model, device: &Device) -> Result<Self, RunError> {
        model.graph.check(&model.weights)?;
        let layers = model
            .graph
            .nodes
            .iter()
            .map(|node| Layer::load(&node.op, &node.name, &model.weights, device))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            last_uses: last_uses(&model.graph),
            graph: model.graph.clone(),
            layers,
            device: device.clone(),
        })
    }

    /// The layers that it runs.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Runs the network.
    ///
    /// # Shapes
    /// - `input`, of `shape`: `[images, rows, columns, channels]`
    /// - output: `[images, rows, columns, classes]`, and its shape
    ///
    /// # Errors
    /// If the input does not fit the network, or the device fails.
    pub async fn run(&self, input: Vec<f32>, shape: [usize; 4]) -> Result<(Vec<f32>, [usize; 4]), RunError> {
        check_input(&self.graph, input.len(), shape)?;
        let image = Tensor::<4>::from_data(TensorData::new(input, shape), &self.device);
        let output = self.forward(image.permute([0, 3, 1, 2])).ok_or(GraphError::Structure)?;
        let output = output.permute([0, 2, 3, 1]);
        let shape = output.dims();
        let data = output.into_data_async().await.map_err(|error| RunError::Device(error.to_string()))?;
        let values = data.try_into_vec::<f32>().map_err(|error| RunError::Device(error.to_string()))?;
        Ok((values, shape))
    }

    /// Runs every layer, dropping each output after its last use.
    fn forward(&self, image: Tensor<4>) -> Option<Tensor<4>> {
        let mut outputs = Vec::with_capacity(self.layers.len());
        outputs.push(Some(image));
        for (position, (node, layer)) in self.graph.nodes.iter().zip(&self.layers).enumerate().skip(1) {
            let mut inputs = node.inputs.iter().filter_map(|&input| outputs.get(input)?.clone());
            let (first, others) = (inputs.next()?, inputs.collect());
            self.forget(position, &node.inputs, &mut outputs);
            outputs.push(Some(layer.forward(first, others)));
        }
        outputs.pop()?
    }

    /// Drops those of `inputs` that no later node takes.
    fn forget(&self, position: usize, inputs: &[usize], outputs: &mut [Option<Tensor<4>>]) {
        for &input in inputs {
            if self.last_uses.get(input) == Some(&position)
                && let Some(output) = outputs.get_mut(input)
            {
                *output = None;
            }
        }
    }
}

fn last_uses(graph: &Graph) -> Vec<usize> {
    let mut last_uses: Vec<usize> = (0..graph.nodes.len()).collect();
    for (position, node) in graph.nodes.iter().enumerate() {
        for &input in &node.inputs {
            if let Some(last) = last_uses.get_mut(input) {
                *last = position;
            }
        }
    }
    last_uses
}
