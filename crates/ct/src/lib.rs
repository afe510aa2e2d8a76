//! CT slices and their masks: what they are, how files become them and how they become files.
//!
//! The types ([`Slice`], [`Mask`], [`Window`]), the pairing of images with masks by name and the reasons for refusing a
//! file ([`ReadError`]) are always there. The feature `read` adds the parsers of untrusted files, `write` the encoders
//! of what the user takes home.

mod error;
mod mask;
pub mod pairing;
mod placement;
#[cfg(feature = "read")]
mod read;
pub mod series;
mod slice;
mod stack;
mod turn;
mod window;
#[cfg(feature = "write")]
mod write;

pub use error::{MAX_FILE_BYTES, MAX_SIDE, ReadError, check_file_size};
pub use mask::Mask;
pub use placement::{Placement, Plane, Sides, Vector};
#[cfg(feature = "read")]
pub use read::{
    Segment, Segmentation, SliceReader, Source, Stack, open_dicom, open_segmentation, read_mask, read_slice,
};
pub use slice::{AIR_HU, Quantity, SizeMismatch, Slice, Spacing};
pub use stack::{DicomIdentity, Meaning, PatientIdentity, PatientKey, SeriesKey, SliceInfo, StackInfo};
pub use turn::Turn;
pub use window::Window;
#[cfg(feature = "write")]
pub use write::{WriteError, mask_png, zip};

/// Said on the page and inside every export.
pub const NOTICE: &str = "Research use only, not a medical device";
