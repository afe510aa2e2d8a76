//! Image-to-image networks as data.
//!
//! A [`Model`] is a [`Graph`] of layers, the weights that it names, and what a person must know to use it
//! ([`ModelInfo`]). It comes from a Keras file ([`keras::import`]) or from Rachis's own model file
//! ([`Model::from_safetensors`]), and runs on Burn ([`Network`], feature `run`).
//!
//! Everything read here may come from a stranger: a file that is broken or hostile ends in an error that says what is
//! wrong, never in a panic.

mod file;
pub mod graph;
#[cfg(feature = "keras")]
pub mod keras;
mod model;
pub mod npy;
#[cfg(feature = "run")]
mod run;

pub use file::{Dtype, FileError};
pub use graph::{Graph, GraphError};
pub use model::{Model, ModelInfo, Preprocessing, SelfTest, Weight};
#[cfg(feature = "run")]
pub use run::{Network, RunError};
