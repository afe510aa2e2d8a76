//! One module for each command.

pub mod convert;
pub mod evaluate;
pub mod infer;
pub mod segment;
