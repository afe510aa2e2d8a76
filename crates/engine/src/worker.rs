//! What happens inside the Web Workers.

#[cfg(feature = "segment")]
pub mod engine;
#[cfg(feature = "reader")]
mod export;
#[cfg(feature = "reader")]
mod file_source;
#[cfg(feature = "reader")]
pub mod reader;
mod scope;
#[cfg(feature = "reader")]
mod shelf;
