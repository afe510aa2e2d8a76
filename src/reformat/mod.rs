//! A stack of slices cut along its two other directions, in true proportion, and the volume of what is segmented in it.
//!
//! Nothing is resampled within the slices. Along the stack, grey values are interpolated linearly between neighbours and
//! masks reach half-way to the next slice; where the next slice is missing, the picture stays blank.

mod geometry;
mod section;
mod view;

pub use geometry::{Axis, Geometry, Obstacle, Voxel};
pub use section::{BLANK, Masks, Section};
pub use view::View;

#[cfg(test)]
mod tests;
