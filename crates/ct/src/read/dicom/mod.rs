//! DICOM files of CT images and of their segmentations.
//!
//! [`walk`] goes through the file once, [`attributes`] reads values from it, [`objects`] tells CT images from the rest.
//! [`content`] holds the file, whose pixels stay where they are; [`frames`] finds the frames' bytes in it, [`pixels`] decodes them, [`hu`] turns stored values into Hounsfield units and
//! [`geometry`] turns pictures upright. [`stack`] and [`seg`] put it together. Of dicom-rs only the lazy parser is used,
//! which allocates nothing for a value: the object reader takes as much memory as an element claims to have.

mod attributes;
mod codestream;
mod content;
mod dataset;
mod file_meta;
mod fragments;
mod frame;
mod frames;
mod geometry;
mod header;
mod hu;
mod identity;
mod jpeg;
mod jpeg2000;
mod jpegls;
mod monochrome1;
mod objects;
mod pixels;
mod rle;
mod seg;
mod stack;
mod walk;

use super::{ReadError, check_sides};
pub(super) use seg::open as open_segmentation;
pub use seg::{Segment, Segmentation};
pub(super) use stack::open;

const KIND: &str = "DICOM";

/// The most frames of one file; whole-body segmentations have a frame for each organ in each slice.
const MAX_FRAMES: usize = 1 << 16;

/// The one kind of error for contents that contradict themselves.
fn damaged() -> ReadError {
    ReadError::Damaged { kind: KIND }
}
