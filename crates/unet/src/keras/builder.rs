//! From Keras layers to a graph.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ImportError;
use super::config::{Call, Layer, Network, TensorRef};
use super::fields::{AxisOrder, as_count};
use super::layers;
use super::store::{Place, Store};
use crate::graph::{MAX_NODES, Node, Op};
use crate::{Graph, GraphError, Weight};

/// A loop among the layers would pile up more calls than this.
const MAX_STACK: usize = 4 * MAX_NODES;

/// A graph in the making.
pub(super) struct Builder {
    nodes: Vec<Node>,
    /// Channels of each node's output.
    channels: Vec<usize>,
    weights: BTreeMap<String, Weight>,
    store: Store,
    pub keras_major: u32,
    pub order: AxisOrder,
}

/// A layer about to be lowered.
pub(super) struct Site<'a> {
    pub layer: &'a Layer,
    /// Its name, after the names of the models around it.
    pub path: String,
    pub place: Place,
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

    /// The use of a layer that a reference means.
    fn call<'a>(&self, layer: &'a Layer, tensor: &TensorRef) -> Option<&'a Call> {
        let begins_with_input =
            |inner: &Network| inner.layers.first().is_some_and(|first| first.class == "InputLayer");
        // Keras 2 counts a nested model's own construction as its first use, but does not write it down.
        let unwritten = self.keras_major < 3 && layer.inner.as_ref().is_some_and(begins_with_input);
        layer.calls.get(tensor.call.checked_sub(usize::from(unwritten))?)
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
            let call = self.call(layer, &tensor).ok_or_else(|| unknown(&tensor))?;
            let missing: Vec<&TensorRef> =
                call.inputs.iter().filter(|input| !done.contains_key(input)).collect();
            if missing.is_empty() {
                let mut inputs: Vec<usize> =
                    call.inputs.iter().filter_map(|input| done.get(input)).copied().collect();
                if inputs.is_empty() {
                    // The first layer of a sequential model.
                    inputs.push(input);
                }
                let site = Site::new(layer, group, outer);
                let node = layers::lower(self, &site, call, inputs)?;
                done.insert(tensor, node);
            } else if stack.len() > MAX_STACK {
                return Err(unknown(&tensor));
            } else {
                stack.extend(missing.into_iter().rev().cloned());
            }
        }
        done.get(output).copied().ok_or_else(|| unknown(output))
    }
}

impl<'a> Site<'a> {
    /// The name of one of the layer's weights.
    pub(super) fn weight(&self, array: &str) -> String {
        format!("{}/{array}", self.path)
    }

    fn new(layer: &'a Layer, group: &str, outer: Option<&Site>) -> Self {
        let name = layer.name.clone();
        match outer {
            None => Self {
                path: name.clone(),
                place: Place { outermost: name, nested: None, group: format!("layers/{group}") },
                layer,
            },
            Some(outer) => Self {
                path: format!("{}/{name}", outer.path),
                place: Place {
                    outermost: outer.place.outermost.clone(),
                    nested: Some(name),
                    group: format!("{}/layers/{group}", outer.place.group),
                },
                layer,
            },
        }
    }
}

/// The name of each layer's group in an archive: its class, and its count among the layers of that class.
fn archive_groups(network: &Network) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups = Vec::with_capacity(network.layers.len());
    for layer in &network.layers {
        let class = snake_case(&layer.class);
        let count = counts.entry(class.clone()).or_default();
        groups.push(if *count == 0 { class } else { format!("{class}_{count}") });
        *count += 1;
    }
    groups
}

/// `Conv2DTranspose` to `conv2d_transpose`, as Keras does it.
fn snake_case(class: &str) -> String {
    let letters: Vec<char> = class.chars().collect();
    let mut snake = String::with_capacity(class.len() + 4);
    for (position, letter) in letters.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(position + 1);
        let word_starts = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase() || after.is_some_and(char::is_ascii_lowercase)
            });
        if word_starts {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The order of axes that all layers share, where any of them names one.
fn axis_order(network: &Network) -> Result<Option<AxisOrder>, ImportError> {
    let mut order = None;
    for layer in &network.layers {
        let of_layer = match (&layer.inner, layer.text("data_format")) {
            (Some(inner), _) => axis_order(inner)?,
            (None, Some("channels_first")) => Some(AxisOrder::ChannelsFirst),
            (None, Some("channels_last")) => Some(AxisOrder::ChannelsLast),
            (None, _) => None,
        };
        match (order, of_layer) {
            (Some(order), Some(of_layer)) if order != of_layer => {
                let found = layer.text("data_format").unwrap_or("of another data_format").to_owned();
                return Err(ImportError::MixedLayouts { layer: layer.name.clone(), found });
            }
            (None, _) => order = of_layer,
            _ => {}
        }
    }
    Ok(order)
}

/// The name and the number of channels of a model's input.
fn input_of(network: &Network, order: AxisOrder) -> Result<(String, usize), ImportError> {
    let name = network.inputs.first();
    let layer = name.and_then(|name| network.layers.iter().find(|layer| layer.name == *name));
    let of_layer =
        layer.and_then(|layer| layer.get("batch_shape").or_else(|| layer.get("batch_input_shape")));
    let shape = of_layer.or(network.built_for.as_ref()).unwrap_or(&Value::Null);
    let channels = match shape.as_array().map(Vec::as_slice) {
        Some([_, first, _, last]) => as_count(if order == AxisOrder::ChannelsLast { last } else { first }),
        _ => None,
    };
    let channels = channels.ok_or_else(|| ImportError::InputShape(shape.to_string()))?;
    Ok((name.cloned().unwrap_or_else(|| "input".to_owned()), channels))
}

fn unknown(tensor: &TensorRef) -> ImportError {
    ImportError::Description(format!("layer '{}' is used before it is defined", tensor.layer))
}
