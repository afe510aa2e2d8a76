//! What convolutional networks for images compute, on the CPU's vector units ([`cpu`]) and on WebGPU ([`gpu`]).
//!
//! A [`Program`] is [`Layer`]s one after another; `rachis-unet` makes one of a network's graph. A device packs the weights
//! once, in the order in which its kernels read them, and then runs the program on images of any size in memory that is
//! planned ahead.
//!
//! Every kernel is tested against the plain loops of `reference`.

// An inner loop cannot ask of every index whether it is there. Layers check the sizes of what they are given when they
// start, and a mistake ends in a panic, never in another image's memory.
#![allow(clippy::indexing_slicing)]

#[cfg(feature = "cpu")]
pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
mod layer;
mod program;
#[cfg(all(test, feature = "cpu"))]
mod reference;
mod shape;

pub use layer::{Activation, Filters, Geometry, Layer, PoolKind, Spread};
pub use program::{Program, Step};
pub use shape::Shape;
