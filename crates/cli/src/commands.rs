//! One module for each command.

pub mod convert;
pub mod infer;
pub mod segment;
