//! On the CPU's vector units.
//!
//! One source serves browsers (WebAssembly SIMD128, and relaxed SIMD where a build turns it on), x86-64 and ARM. An
//! image ([`Image`]) lies channels last.

mod conv;
mod direct;
mod frame;
mod image;
mod kernel;
mod panels;
mod pointwise;
mod pool;
mod resize;
mod run;
mod transposed;
mod upconv;
mod vector;
mod winograd;

pub use conv::Conv;
pub use image::Image;
pub use run::{Memory, Packed};
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
