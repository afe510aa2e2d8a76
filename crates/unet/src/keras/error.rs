//! Why a Keras file cannot be imported.

use crate::GraphError;

/// Why a Keras file cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Neither HDF5 nor a `.keras` archive.
    #[error("This is not a Keras model. Save the whole model with model.save('model.keras') or 'model.h5'.")]
    NotKeras,
    /// The layers do not fit together.
    #[error(transparent)]
    Graph(#[from] GraphError),
}
