//! What masks are written as.

use serde::{Deserialize, Serialize};

/// A kind of file with masks in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MaskFormat {
    /// A picture of each slice, 0 and 255.
    Png,
    /// A picture of each slice, about 0 and about 255.
    Jpeg,
    /// A NumPy array of each stack.
    Npy,
    /// A NIfTI volume of each stack.
    Nifti,
    /// An NRRD volume of each stack, which 3D Slicer opens as a segmentation.
    Nrrd,
    /// A DICOM segmentation of each series.
    DicomSeg,
    /// A DICOM RT structure set of each series.
    RtStruct,
}

impl MaskFormat {
    /// Whether it holds a slice in each file, or a whole stack.
    pub fn is_of_slices(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg)
    }

    /// Whether it is DICOM, which can name the patient.
    pub fn is_dicom(self) -> bool {
        matches!(self, Self::DicomSeg | Self::RtStruct)
    }

    /// The end of its files' names.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Npy => "npy",
            Self::Nifti => "nii.gz",
            Self::Nrrd => "seg.nrrd",
            Self::DicomSeg => "seg.dcm",
            Self::RtStruct => "rt.dcm",
        }
    }
}
