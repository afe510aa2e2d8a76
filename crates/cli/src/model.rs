//! Reading model files.

use std::path::Path;

use rachis_engine::read_model;
use rachis_unet::Model;

use crate::error::CliError;
use crate::files::read;

/// Reads a `.safetensors`, `.h5` or `.keras` file.
///
/// # Errors
/// If it cannot be read or is no model that can run.
pub fn load(path: &Path) -> Result<Model, CliError> {
    let file = read(path)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    read_model(&file, &name).map_err(|source| CliError::Model { path: path.to_owned(), source })
}
