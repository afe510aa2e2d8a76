//! What happens inside the Web Workers.

#[cfg(feature = "converter")]
pub mod converter;
#[cfg(feature = "segment")]
pub mod engine;
#[cfg(feature = "converter")]
mod export;
#[cfg(feature = "reader")]
mod file_source;
#[cfg(feature = "reader")]
pub mod reader;
mod scope;
#[cfg(any(feature = "converter", feature = "reader"))]
mod serve;
#[cfg(feature = "reader")]
mod shelf;
