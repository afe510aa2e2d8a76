//! Image-to-image networks as data.
//!
//! A [`Model`] is a [`Graph`] of layers, the weights that it names, and what a person must know to use it
//! ([`ModelInfo`]). It comes from a Keras file ([`keras::import`]) or from Rachis's own model file
//! ([`Model::from_safetensors`]), and runs on Burn ([`Network`], feature `run`)
//! or on the kernels of `rachis-kernels` ([`CpuNetwork`], feature `cpu`; [`GpuNetwork`], feature `gpu`).
//!
//! Everything read here may come from a stranger: a file that is broken or hostile ends in an error that says what is
//! wrong, never in a panic.

#[cfg(feature = "cpu")]
mod cpu;
mod file;
#[cfg(feature = "gpu")]
mod gpu;
pub mod graph;
#[cfg(feature = "keras")]
pub mod keras;
#[cfg(any(feature = "cpu", feature = "gpu"))]
mod lower;
mod model;
pub mod npy;
#[cfg(feature = "run")]
mod run;
#[cfg(any(feature = "cpu", feature = "gpu", feature = "run"))]
mod run_error;

#[cfg(feature = "cpu")]
pub use cpu::CpuNetwork;
pub use file::{Dtype, FileError};
#[cfg(feature = "gpu")]
pub use gpu::{Gpu, GpuNetwork, Levels, Scheme};
pub use graph::{Graph, GraphError};
pub use model::{Model, ModelInfo, Preprocessing, SelfTest, Weight};
#[cfg(feature = "run")]
pub use run::Network;
#[cfg(any(feature = "cpu", feature = "gpu", feature = "run"))]
pub use run_error::RunError;
