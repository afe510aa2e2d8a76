//! What can go wrong when a network runs.

use crate::{Graph, GraphError};

/// Why a network did not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The graph and the weights do not fit together, or the image's size does not fit the graph.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// The input's values are not as many as its shape says.
    #[error("The input has {found} values, but its shape {shape:?} needs {expected}.")]
    InputLength {
        /// Images, rows, columns, channels.
        shape: [usize; 4],
        /// The shape's product.
        expected: usize,
        /// The number of values.
        found: usize,
    },
    /// The input has another number of channels than the model takes.
    #[error("The model takes images with {expected} channels, but the input has {found}.")]
    Channels {
        /// The model's.
        expected: usize,
        /// The input's.
        found: usize,
    },
    /// The device failed, for example because its memory is used up.
    #[error("The device failed while running the model: {0}. Close other programs that use it.")]
    Device(String),
}

/// Checks that a network can run on an input of `length` values and of `shape` `[images, rows, columns, channels]`.
///
/// # Errors
/// If it does not fit the network.
pub(crate) fn check_input(graph: &Graph, length: usize, shape: [usize; 4]) -> Result<(), RunError> {
    let [images, rows, columns, channels] = shape;
    let expected = shape.iter().try_fold(1_usize, |product, &side| product.checked_mul(side));
    if expected != Some(length) || images == 0 {
        let expected = expected.unwrap_or(usize::MAX);
        return Err(RunError::InputLength { shape, expected, found: length });
    }
    if channels != graph.input_channels() {
        return Err(RunError::Channels { expected: graph.input_channels(), found: channels });
    }
    graph.output_size([rows, columns])?;
    Ok(())
}
