//! Whether a graph and its weights fit together.

use std::collections::BTreeMap;

use super::{Conv, ConvTranspose, Edges, Graph, GraphError, Node, Op, Pool};
use crate::Weight;

/// No network for images has more layers.
pub(crate) const MAX_NODES: usize = 1 << 12;
/// Kernel sizes, strides, dilations and the like are smaller; keeps sizes from overflowing.
const MAX_STEP: usize = 1 << 10;
/// No image is padded further than this.
const MAX_MULTIPLE: usize = 1 << 12;

impl Graph {
    /// Whether every node can run with the weights given.
    ///
    /// # Errors
    /// The first node that cannot.
    pub fn check(&self, weights: &BTreeMap<String, Weight>) -> Result<(), GraphError> {
        let mut channels = Vec::with_capacity(self.nodes.len());
        self.check_structure()?;
        for node in &self.nodes {
            check_numbers(&node.op).map_err(|reason| node.error(reason))?;
            let output = node.output_channels(&channels)?;
            let input = node.inputs.first().and_then(|&i| channels.get(i)).copied().unwrap_or(output);
            check_weights(node, input, weights)?;
            channels.push(output);
        }
        let largest = self.size_multiple().into_iter().max().unwrap_or(1);
        if largest > MAX_MULTIPLE {
            return Err(GraphError::SizeMultiple(largest));
        }
        Ok(())
    }

    /// Channels of the output.
    ///
    /// # Errors
    /// The first node whose inputs do not suit it.
    pub fn output_channels(&self) -> Result<usize, GraphError> {
        let mut channels = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            channels.push(node.output_channels(&channels)?);
        }
        channels.last().copied().ok_or(GraphError::Structure)
    }

    fn check_structure(&self) -> Result<(), GraphError> {
        let ordered = self.nodes.iter().enumerate().all(|(position, node)| {
            matches!(node.op, Op::Input { .. }) == (position == 0)
                && node.inputs.iter().all(|&input| input < position)
        });
        if ordered && (1..=MAX_NODES).contains(&self.nodes.len()) {
            Ok(())
        } else {
            Err(GraphError::Structure)
        }
    }
}

impl Node {
    /// Channels of this node's output, from those of all nodes before it.
    pub(crate) fn output_channels(&self, before: &[usize]) -> Result<usize, GraphError> {
        let inputs: Option<Vec<usize>> =
            self.inputs.iter().map(|&input| before.get(input).copied()).collect();
        let inputs = inputs.ok_or(GraphError::Structure)?;
        self.op.output_channels(&inputs).map_err(|reason| self.error(reason))
    }

    fn error(&self, reason: String) -> GraphError {
        GraphError::Node { node: self.name.clone(), reason }
    }
}

fn check_numbers(op: &Op) -> Result<(), String> {
    let steps: Vec<usize> = match op {
        Op::Conv(Conv { size, stride, dilation, .. }) => [*size, *stride, *dilation].concat(),
        Op::ConvTranspose(ConvTranspose { size, stride, dilation, output_padding, .. }) => {
            if output_padding.is_some_and(|padding| padding.iter().any(|&pixels| pixels > MAX_STEP)) {
                return Err("its output padding is too large".into());
            }
            [*size, *stride, *dilation].concat()
        }
        Op::Pool(Pool { size, stride, .. }) => [*size, *stride].concat(),
        Op::Upsample { factor, .. } => factor.to_vec(),
        Op::Pad(Edges { top, bottom, left, right }) | Op::Crop(Edges { top, bottom, left, right }) => {
            // An edge may be 0.
            [top, bottom, left, right].map(|pixels| pixels.saturating_add(1)).to_vec()
        }
        _ => Vec::new(),
    };
    if steps.iter().all(|step| (1..=MAX_STEP).contains(step)) {
        return Ok(());
    }
    Err(format!("kernel size, stride, dilation and factors must be between 1 and {MAX_STEP}"))
}

fn check_weights(node: &Node, channels: usize, weights: &BTreeMap<String, Weight>) -> Result<(), GraphError> {
    for (name, expected) in node.op.weights(channels) {
        let weight = weights
            .get(name)
            .ok_or_else(|| GraphError::MissingWeight { node: node.name.clone(), weight: name.to_owned() })?;
        if weight.shape != expected {
            let found = weight.shape.clone();
            return Err(GraphError::WeightShape { node: node.name.clone(), expected, found });
        }
        let length = expected.iter().try_fold(1_usize, |product, &side| product.checked_mul(side));
        if length != Some(weight.values.len()) {
            return Err(node.error(format!("its weights '{name}' are not complete")));
        }
    }
    Ok(())
}
