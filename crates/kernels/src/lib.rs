//! What convolutional networks for images compute, on the CPU's vector units.
//!
//! One source serves browsers (WebAssembly SIMD128, and relaxed SIMD where a build turns it on), x86-64 and ARM. An
//! image ([`Image`]) lies channels last. Each layer is made once, which packs its weights in the order in which they
//! are read, and runs on images of any size. A [`Program`] runs layers one after another in memory that it plans ahead.
//! `rachis-unet` makes one of a network's graph.
//!
//! Every kernel is tested against the plain loops of `reference`.

// An inner loop cannot ask of every index whether it is there. Layers check the sizes of what they are given when they
// start, and a mistake ends in a panic, never in another image's memory.
#![allow(clippy::indexing_slicing)]

mod conv;
mod direct;
mod frame;
mod image;
mod panels;
mod pointwise;
mod pool;
mod program;
#[cfg(test)]
mod reference;
mod resize;
mod transposed;
mod upconv;
mod vector;
mod winograd;

pub use conv::{Conv, Geometry};
pub use image::{Image, Shape};
pub use pointwise::Activation;
pub use pool::PoolKind;
pub use program::{Layer, Memory, Program, Step};
pub use transposed::TransposedConv;
pub use upconv::UpConv;

/// Memory that layers use while they run, kept from layer to layer.
#[derive(Debug, Default)]
pub struct Scratch {
    rows: Vec<f32>,
    transformed: Vec<f32>,
    products: Vec<f32>,
}

/// At least `length` values, whatever they are.
fn resized(buffer: &mut Vec<f32>, length: usize) -> &mut [f32] {
    if buffer.len() < length {
        buffer.resize(length, 0.0);
    }
    &mut buffer[..length]
}
