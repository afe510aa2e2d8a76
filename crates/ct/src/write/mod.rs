//! What the user takes home.
//!
//! Every writer takes masks as shown and brings them back to the layout of the file that they were made from.

mod dicom;
mod error;
mod grid;
mod gzip;
mod jpeg;
mod layout;
mod masks;
mod nifti;
mod npy;
mod nrrd;
mod png;
mod readme;
mod zip;

pub use dicom::{DicomExport, Timestamp, dicom_seg, rt_structure_set};
pub use error::WriteError;
pub use jpeg::mask_jpeg;
pub use layout::SliceMask;
pub use masks::write_masks;
pub use nifti::mask_nifti;
pub use npy::mask_npy;
pub use nrrd::mask_nrrd;
pub use png::mask_png;
pub use readme::readme;
pub use zip::zip;
