//! Model files of any kind.

use rachis_unet::{FileError, Model, Preprocessing, keras};

/// How HDF5 files begin, where no user block comes first.
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";
/// How ZIP archives begin.
const ZIP: &[u8] = b"PK\x03\x04";

/// Why a model file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelFileError {
    /// A Keras file that cannot be converted.
    #[error(transparent)]
    Keras(#[from] keras::ImportError),
    /// A model file that cannot be read.
    #[error(transparent)]
    Rachis(#[from] FileError),
}

/// Whether a file is Keras's (`.h5`, `.keras`) by its first bytes.
pub fn is_keras(file: &[u8]) -> bool {
    file.starts_with(HDF5) || file.starts_with(ZIP)
}

/// Reads a Keras file (`.h5`, `.keras`) or a Rachis model (`.safetensors`), whatever it is called.
///
/// A Keras file does not say what the model is to be fed with: it gets `name` and the 12-bit preprocessing.
///
/// # Errors
/// If it is neither, damaged, or has layers that are not supported.
pub fn read_model(file: &[u8], name: &str) -> Result<Model, ModelFileError> {
    if !is_keras(file) {
        return Ok(Model::from_safetensors(file)?);
    }
    let mut model = keras::import(file, name)?;
    model.info.preprocessing = Preprocessing::TwelveBit;
    Ok(model)
}
