//! What happens inside the Web Workers.

#[cfg(feature = "segment")]
pub mod engine;
#[cfg(feature = "reader")]
pub mod reader;
mod scope;
