//! DICOM objects made of masks: what they have in common.

mod codes;
mod dataset;
mod export;
mod outlines;
mod rtstruct;
mod seg;
mod source;
mod uid;

pub use export::{DicomExport, Timestamp};
pub use rtstruct::rt_structure_set;
pub use seg::dicom_seg;
