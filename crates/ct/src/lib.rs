//! CT slices and their masks: what they are, how files become them and how they become files.
//!
//! The types ([`Slice`], [`Mask`], [`Window`]), the pairing of images with masks by name and the reasons for refusing a
//! file ([`ReadError`]) are always there. The feature `read` adds the parsers of untrusted files, `write` the encoders
//! of what the user takes home.

mod error;
mod grid;
mod labels;
mod mask;
mod mask_format;
mod natural;
pub mod pairing;
mod placement;
mod probability;
#[cfg(feature = "read")]
mod read;
pub mod series;
mod slice;
mod stack;
mod turn;
mod window;
#[cfg(feature = "write")]
mod write;

pub use error::{
    MAX_FILE_BYTES, MAX_INFLATED_BYTES, MAX_MEMBERS, MAX_SIDE, MAX_SLICES, ReadError, check_file_size,
};
pub use grid::{ArrayShape, Axis, Cut, Grid, Lattice};
pub use labels::{Label, LabelChoice, Labels};
pub use mask::Mask;
pub use mask_format::MaskFormat;
pub use natural::natural_order;
pub use placement::{Placement, Plane, Sides, Vector};
pub use probability::{Probabilities, Threshold};
#[cfg(feature = "read")]
pub use read::{
    Archive, MaskStack, Member, Opened, Segment, Segmentation, SliceReader, Source, Stack, open, open_dicom,
    open_mask, open_segmentation, read_mask, read_slice,
};
pub use slice::{AIR_HU, Quantity, SizeMismatch, Slice, Spacing, TYPICAL_SIDE};
pub use stack::{DicomIdentity, Meaning, PatientIdentity, SeriesKey, SliceInfo, StackInfo};
pub use turn::Turn;
pub use window::Window;
#[cfg(feature = "write")]
pub use write::{
    DicomExport, SliceMask, Timestamp, WriteError, dicom_seg, mask_jpeg, mask_nifti, mask_npy, mask_nrrd,
    mask_png, readme, rt_structure_set, write_masks, zip,
};

/// Said on the page and inside every export.
pub const NOTICE: &str = "Research use only, not a medical device";
