//! How much work a network is.

use rachis_unet::graph::{Conv, ConvTranspose, Node, Op};
use rachis_unet::{GraphError, Model};

/// Multiplications and additions of the network's convolutions for an image of `size` rows and columns, as plain loops do
/// them: all else is a few per cent.
///
/// # Errors
/// The layer that this size does not suit.
pub fn operations(model: &Model, size: [usize; 2]) -> Result<u64, GraphError> {
    let shapes = model.graph.output_shapes(size)?;
    let pixels = |node: usize| shapes.get(node).map_or(0, |[rows, columns, _]| (rows * columns) as u64);
    let of_node = |(place, node): (usize, &Node)| {
        // The kernel meets each pixel of the output, or of the input where it is spread out.
        let (kernel, pixels) = match &node.op {
            Op::Conv(Conv { kernel, .. }) => (kernel, pixels(place)),
            Op::ConvTranspose(ConvTranspose { kernel, .. }) => {
                (kernel, node.inputs.first().map_or(0, |&input| pixels(input)))
            }
            _ => return 0,
        };
        2 * pixels * model.weights.get(kernel).map_or(0, |weight| weight.values.len() as u64)
    };
    Ok(model.graph.nodes.iter().enumerate().map(of_node).sum())
}
