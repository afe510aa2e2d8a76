//! Runs a network on a CT slice, natively and inside Web Workers.
//!
//! [`Engine`] is the device that computes, [`Segmenter`] a network on it that turns a slice into a mask. The features
//! `cpu`, `gpu` and `gpu-burn` choose what it computes with: each worker carries one, the native command all. [`worker`]
//! holds what the Web Workers (`reader`, `converter`, `engine-cpu`, `engine-gpu`, `engine-gpu-burn`) do with their messages.

#[cfg(feature = "segment")]
mod device;
#[cfg(feature = "segment")]
mod digest;
#[cfg(feature = "segment")]
mod enlarge;
#[cfg(feature = "segment")]
mod error;
#[cfg(feature = "segment")]
mod frame;
#[cfg(feature = "segment")]
mod memory;
#[cfg(feature = "keras")]
mod model_file;
#[cfg(feature = "segment")]
mod operations;
#[cfg(feature = "segment")]
mod preprocess;
#[cfg(feature = "segment")]
mod runner;
#[cfg(feature = "segment")]
mod segmenter;
#[cfg(feature = "segment")]
mod self_test;

#[cfg(target_arch = "wasm32")]
pub mod worker;

#[cfg(feature = "segment")]
pub use device::Engine;
#[cfg(feature = "segment")]
pub use digest::sha256_hex;
#[cfg(feature = "segment")]
pub use error::EngineError;
#[cfg(feature = "keras")]
pub use model_file::{ModelFileError, is_keras, read_model};
#[cfg(feature = "segment")]
pub use operations::operations;
#[cfg(feature = "segment")]
pub use preprocess::network_input;
#[cfg(feature = "segment")]
pub use runner::Runner;
#[cfg(feature = "segment")]
pub use segmenter::Segmenter;
#[cfg(feature = "segment")]
pub use self_test::TOLERANCE;
