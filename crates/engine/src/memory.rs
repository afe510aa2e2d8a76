//! How much memory a network needs for a size, known before it runs.

#[cfg(feature = "burn")]
use rachis_unet::{Graph, GraphError};

/// Bytes of an f32.
#[cfg(feature = "burn")]
const VALUE: u64 = 4;

/// What running a network takes, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    /// The largest layer's output; 0 where buffers have no limit of their own.
    pub(crate) largest: u64,
    /// The most that is held at once.
    pub(crate) peak: u64,
}

#[cfg(feature = "burn")]
impl Memory {
    /// On Burn, for one image of `size` rows and columns: the outputs still wanted, those of the layer that runs, and a
    /// copy of what goes into it, which Burn's convolutions make to change its layout.
    ///
    /// # Errors
    /// The layer that this size does not suit.
    pub(crate) fn of(graph: &Graph, size: [usize; 2]) -> Result<Self, GraphError> {
        let outputs: Vec<u64> = graph
            .output_shapes(size)?
            .into_iter()
            .map(|shape| shape.into_iter().fold(VALUE, |bytes, side| bytes.saturating_mul(side as u64)))
            .collect();
        let output = |node: usize| outputs.get(node).copied().unwrap_or(0);
        let mut last_use = vec![0; outputs.len()];
        for (position, node) in graph.nodes.iter().enumerate() {
            for input in &node.inputs {
                if let Some(last) = last_use.get_mut(*input) {
                    *last = position;
                }
            }
        }

        let (mut held, mut peak) = (0_u64, 0_u64);
        for (position, node) in graph.nodes.iter().enumerate() {
            held = held.saturating_add(output(position));
            let copied = node.inputs.iter().fold(0, |bytes: u64, input| bytes.saturating_add(output(*input)));
            peak = peak.max(held.saturating_add(copied));
            let mut done: Vec<usize> =
                node.inputs.iter().copied().filter(|input| last_use.get(*input) == Some(&position)).collect();
            done.sort_unstable();
            done.dedup();
            held = done.into_iter().fold(held, |bytes, input| bytes.saturating_sub(output(input)));
        }
        Ok(Self { largest: outputs.into_iter().max().unwrap_or(0), peak })
    }
}

#[cfg(test)]
mod tests {
    use rachis_unet::graph::{Activation, Axis, Node, Op};

    use super::*;

    fn node(op: Op, inputs: &[usize]) -> Node {
        Node { name: String::new(), op, inputs: inputs.to_vec() }
    }

    #[test]
    fn what_a_skip_connection_keeps_counts_until_it_is_used() {
        let relu = || Op::Activation(Activation::RELU);
        let graph = Graph {
            nodes: vec![
                node(Op::Input { channels: 1 }, &[]),
                node(relu(), &[0]),
                node(relu(), &[1]),
                node(relu(), &[2]),
                node(Op::Concat { axis: Axis::Channels }, &[1, 3]),
                node(relu(), &[4]),
            ],
        };
        let picture = 10 * 20 * VALUE;
        // The join holds two pictures, makes one of twice the size, and may copy both; the last layer holds that one,
        // its own output and a copy.
        assert_eq!(Memory::of(&graph, [10, 20]), Ok(Memory { largest: 2 * picture, peak: 6 * picture }));
    }
}
