//! Reading Keras models.

mod error;

pub use error::ImportError;

use crate::Model;

/// Reads a Keras model: legacy HDF5 (`.h5`) or an archive (`.keras`), told apart by their content.
///
/// `name` becomes the model's name. Weights, graph and input come from the file; preprocessing, classes, threshold,
/// origin and licence are not in it and are set to the plainest choice.
///
/// # Errors
/// If the file is neither, is damaged, or uses a layer that is not supported.
pub fn import(bytes: &[u8], name: &str) -> Result<Model, ImportError> {
    let _ = (bytes, name);
    Err(ImportError::NotKeras)
}
