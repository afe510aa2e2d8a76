//! The two kinds of file that Keras writes.

use std::io::{Cursor, Read};

use hdf5_pure::File;
use serde_json::Value;

use super::ImportError;
use super::store::{Layout, Store};

/// The largest description: thousands of layers need less.
const MAX_CONFIG_BYTES: u64 = 32 << 20;
/// The largest weights file inside an archive.
const MAX_WEIGHTS_BYTES: u64 = 1 << 30;

/// What a Keras file holds.
pub(super) struct Contents {
    /// The model's class and configuration.
    pub config: Value,
    /// The major version of Keras that wrote it.
    pub keras_major: u32,
    /// Its weights.
    pub store: Store,
}

/// Opens a file of either kind.
pub(super) fn open(bytes: &[u8]) -> Result<Contents, ImportError> {
    if hdf5_pure::is_hdf5_bytes(bytes) {
        open_hdf5(bytes.to_vec())
    } else if bytes.starts_with(b"PK") {
        open_archive(bytes)
    } else {
        Err(ImportError::NotKeras)
    }
}

fn open_hdf5(bytes: Vec<u8>) -> Result<Contents, ImportError> {
    let file = File::from_bytes(bytes).map_err(damaged)?;
    let attributes = file.root().attrs().map_err(damaged)?;
    let text = |name: &str| attributes.get(name).and_then(|value| value.as_str());
    let config = parse(text("model_config").ok_or(ImportError::NoModel)?.as_bytes())?;
    let keras_major = major(text("keras_version"));
    Ok(Contents { config, keras_major, store: Store::new(file, Layout::Legacy) })
}

fn open_archive(bytes: &[u8]) -> Result<Contents, ImportError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut member = |name: &str, limit: u64| -> Result<Vec<u8>, ImportError> {
        let file = match archive.by_name(name) {
            Err(zip::result::ZipError::FileNotFound) => return Err(ImportError::NoModel),
            other => other.map_err(damaged)?,
        };
        let mut content = Vec::new();
        file.take(limit + 1).read_to_end(&mut content).map_err(damaged)?;
        if content.len() as u64 > limit {
            return Err(ImportError::TooLarge("a file inside the archive has more than 1 GiB"));
        }
        Ok(content)
    };
    let config = parse(&member("config.json", MAX_CONFIG_BYTES)?)?;
    let metadata = parse(&member("metadata.json", MAX_CONFIG_BYTES)?)?;
    let keras_major = major(metadata.get("keras_version").and_then(Value::as_str));
    let file = File::from_bytes(member("model.weights.h5", MAX_WEIGHTS_BYTES)?).map_err(damaged)?;
    Ok(Contents { config, keras_major, store: Store::new(file, Layout::Archive) })
}

fn parse(json: &[u8]) -> Result<Value, ImportError> {
    serde_json::from_slice(json).map_err(|error| ImportError::Description(error.to_string()))
}

/// The major version, such as 2 of `2.15.0`; files from before Keras wrote it are Keras 2's.
fn major(version: Option<&str>) -> u32 {
    version.and_then(|version| version.split('.').next()?.parse().ok()).unwrap_or(2)
}

pub(super) fn damaged(error: impl std::fmt::Display) -> ImportError {
    ImportError::Damaged(error.to_string())
}
