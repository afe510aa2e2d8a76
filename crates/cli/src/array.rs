//! Reading arrays for a network.

use std::path::Path;

use rachis_unet::npy;

use crate::error::CliError;
use crate::files::read;

/// Reads a NumPy array as a network's input: its shape, `[images, rows, columns, channels]`, and its values.
///
/// # Errors
/// If the file is no such array, or its last dimension is not `channels`.
pub fn load(path: &Path, channels: usize) -> Result<([usize; 4], Vec<f32>), CliError> {
    let (shape, values) =
        npy::read(&read(path)?).map_err(|source| CliError::Array { path: path.to_owned(), source })?;
    match <[usize; 4]>::try_from(shape) {
        Ok(shape @ [_, _, _, found]) if found == channels => Ok((shape, values)),
        Ok(shape) => Err(CliError::ArrayShape { path: path.to_owned(), found: shape.to_vec(), channels }),
        Err(found) => Err(CliError::ArrayShape { path: path.to_owned(), found, channels }),
    }
}
