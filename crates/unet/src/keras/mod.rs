//! Reading Keras models.
//!
//! [`container`] opens the file, [`config`] reads the layers' description, [`store`] finds each layer's weights, and
//! [`builder`] lowers layer by layer ([`layers`]) to operations of a [`crate::Graph`].

mod builder;
mod config;
mod container;
mod error;
mod fields;
mod input;
mod layers;
mod site;
mod store;

pub use error::ImportError;

use crate::{Model, ModelInfo, Preprocessing};
use builder::Builder;
use config::Network;

/// Reads a Keras model: legacy HDF5 (`.h5`) or an archive (`.keras`), told apart by their content.
///
/// `name` becomes the model's name. Preprocessing, classes, threshold, origin and licence are not in such files: they
/// are set to [`Preprocessing::Unit`], none, 0.5 and empty, for the caller to fill in.
///
/// # Errors
/// If the file is neither, is damaged, or uses a layer that is not supported; the message names the layer.
pub fn import(bytes: &[u8], name: &str) -> Result<Model, ImportError> {
    let container::Contents { config, keras_major, store } = container::open(bytes)?;
    let network = Network::parse(&config, keras_major)?;
    let (graph, weights) = Builder::build(&network, keras_major, store)?;
    let info = ModelInfo {
        name: name.to_owned(),
        preprocessing: Preprocessing::Unit,
        pixel_mm: None,
        classes: Vec::new(),
        threshold: 0.5,
        origin: String::new(),
        licence: String::new(),
        parent: None,
    };
    Ok(Model { graph, weights, info, self_test: None })
}
