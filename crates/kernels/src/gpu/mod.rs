//! On WebGPU, through wgpu: in a browser, and natively through Vulkan, Metal or Direct3D 12.
//!
//! An image lies in groups of 4 channels, each group row by row, so that neighbouring invocations read neighbouring
//! memory. Behind the last channel lie finite numbers, which weights of 0 meet.
//!
//! Shaders depend on what a layer does, never on an image's size or a layer's channels: a network has a dozen. Those of
//! convolutions are put together in `conv_shader`, the others are in the folder `shaders`.

mod conv;
mod conv_shader;
mod device;
mod kernel;
mod run;
mod scheme;
#[cfg(all(test, feature = "cpu"))]
mod tests;
mod tune;

pub use device::{Gpu, GpuError};
pub use run::{Levels, Packed};
pub use scheme::{Scheme, Tile};

use crate::Shape;

/// Channels that lie side by side.
const LANES: usize = 4;

/// Groups of channels.
fn groups(channels: usize) -> usize {
    channels.div_ceil(LANES)
}

/// Values that an image takes.
fn values(shape: Shape) -> u64 {
    let sides = [shape.rows, shape.columns, groups(shape.channels), LANES].map(|side| side as u64);
    sides.into_iter().fold(1, u64::saturating_mul)
}

/// An image on the device.
#[derive(Clone, Copy)]
struct View<'a> {
    shape: Shape,
    buffer: &'a wgpu::Buffer,
}
