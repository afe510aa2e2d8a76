//! From Keras layers to a graph.

use std::collections::BTreeMap;

use super::ImportError;
use super::config::{Layer, Network, TensorRef};
use super::fields::AxisOrder;
use super::input::{axis_order, input_of};
use super::layers;
use super::site::{Site, archive_groups};
use super::store::Store;
use crate::graph::{MAX_NODES, Node, Op};
use crate::{Graph, GraphError, Weight};

/// A loop among the layers, or models called by models called by models, would exceed this.
const MAX_CALLS: usize = 4 * MAX_NODES;

/// A graph in the making.
pub(super) struct Builder {
    nodes: Vec<Node>,
    /// Channels of each node's output.
    channels: Vec<usize>,
    weights: BTreeMap<String, Weight>,
    store: Store,
    calls_left: usize,
    pub keras_major: u32,
    pub order: AxisOrder,
}

impl Builder {
    /// Lowers a whole model.
    pub(super) fn build(
        network: &Network,
        keras_major: u32,
        store: Store,
    ) -> Result<(Graph, BTreeMap<String, Weight>), ImportError> {
        if network.inputs.len() > 1 {
            return Err(ImportError::Inputs(network.inputs.len()));
        }
        let order = axis_order(network)?.unwrap_or(AxisOrder::ChannelsLast);
        let mut builder = Self {
            nodes: Vec::new(),
            channels: Vec::new(),
            weights: BTreeMap::new(),
            store,
            calls_left: MAX_CALLS,
            keras_major,
            order,
        };
        let (name, channels) = input_of(network, order)?;
        let input = builder.push(&name, Op::Input { channels }, vec![])?;
        let output = builder.network(network, input, None)?;
        builder.nodes.truncate(output + 1);
        let graph = Graph { nodes: builder.nodes };
        graph.check(&builder.weights)?;
        Ok((graph, builder.weights))
    }

    /// Adds a node.
    pub(super) fn push(&mut self, name: &str, op: Op, inputs: Vec<usize>) -> Result<usize, ImportError> {
        if self.nodes.len() >= MAX_NODES {
            return Err(ImportError::TooLarge("it has more than 4096 layers"));
        }
        let node = Node { name: name.to_owned(), op, inputs };
        self.channels.push(node.output_channels(&self.channels)?);
        self.nodes.push(node);
        Ok(self.nodes.len() - 1)
    }

    /// Channels of a node's output.
    pub(super) fn channels(&self, node: usize) -> Result<usize, ImportError> {
        self.channels.get(node).copied().ok_or(ImportError::Graph(GraphError::Structure))
    }

    /// Reads a layer's arrays, named in Keras' order; those that are `None` the layer does not have.
    pub(super) fn load(&mut self, site: &Site, names: &[Option<&str>]) -> Result<(), ImportError> {
        self.load_as(site, names, |_, weight| weight)
    }

    /// As [`Self::load`]; `change` brings each array, given by its position, into the form that the graph wants.
    pub(super) fn load_as(
        &mut self,
        site: &Site,
        names: &[Option<&str>],
        change: impl Fn(usize, Weight) -> Weight,
    ) -> Result<(), ImportError> {
        let names: Vec<&str> = names.iter().copied().flatten().collect();
        // A layer used a second time has its weights already.
        if names.iter().all(|name| self.weights.contains_key(*name)) {
            return Ok(());
        }
        let arrays = self.store.arrays(&site.place, &site.path, names.len())?;
        for (position, (name, weight)) in names.into_iter().zip(arrays).enumerate() {
            self.weights.insert(name.to_owned(), change(position, weight));
        }
        Ok(())
    }

    /// The dimensions of a weight.
    pub(super) fn shape(&self, name: &str) -> Vec<usize> {
        self.weights.get(name).map(|weight| weight.shape.clone()).unwrap_or_default()
    }

    /// Lowers those of a model's layers that its output needs, inputs first; `input` is the node that feeds the model.
    /// Gives the node of its output.
    pub(super) fn network(
        &mut self,
        network: &Network,
        input: usize,
        outer: Option<&Site>,
    ) -> Result<usize, ImportError> {
        let [output] = network.outputs.as_slice() else {
            return Err(ImportError::Outputs(network.outputs.len()));
        };
        let groups = archive_groups(network);
        let layers: BTreeMap<&str, (&Layer, &String)> = network
            .layers
            .iter()
            .zip(&groups)
            .map(|(layer, group)| (layer.name.as_str(), (layer, group)))
            .collect();
        let mut done: BTreeMap<TensorRef, usize> = BTreeMap::new();
        let mut stack = vec![output.clone()];
        while let Some(tensor) = stack.last().cloned() {
            if done.contains_key(&tensor) {
                stack.pop();
                continue;
            }
            let &(layer, group) = layers.get(tensor.layer.as_str()).ok_or_else(|| unknown(&tensor))?;
            if layer.class == "InputLayer" {
                done.insert(tensor, input);
                continue;
            }
            if tensor.tensor > 0 {
                return Err(layer.refused("gives several outputs"));
            }
            let call = layer.calls.get(tensor.call).ok_or_else(|| unknown(&tensor))?;
            let missing: Vec<&TensorRef> =
                call.inputs.iter().filter(|input| !done.contains_key(input)).collect();
            if missing.is_empty() {
                let mut inputs: Vec<usize> =
                    call.inputs.iter().filter_map(|input| done.get(input)).copied().collect();
                if inputs.is_empty() {
                    // The first layer of a sequential model.
                    inputs.push(input);
                }
                self.calls_left = self
                    .calls_left
                    .checked_sub(1)
                    .ok_or(ImportError::TooLarge("it calls its layers too often"))?;
                let site = Site::new(layer, group, outer);
                let node = layers::lower(self, &site, call, inputs)?;
                done.insert(tensor, node);
            } else if stack.len() > MAX_CALLS {
                return Err(unknown(&tensor));
            } else {
                stack.extend(missing.into_iter().rev().cloned());
            }
        }
        done.get(output).copied().ok_or_else(|| unknown(output))
    }
}

fn unknown(tensor: &TensorRef) -> ImportError {
    ImportError::Description(format!("layer '{}' is used before it is defined", tensor.layer))
}
