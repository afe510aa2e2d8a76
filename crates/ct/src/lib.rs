//! CT slices and their masks: what they are, how files become them and how they become files.
//!
//! The types ([`Slice`], [`Mask`], [`Window`]) are always there. The feature `read` adds the parsers of untrusted
//! files, `write` the encoders of what the user takes home.

mod mask;
mod slice;
mod window;

pub use mask::Mask;
pub use slice::{Quantity, Slice, Spacing};
pub use window::Window;
