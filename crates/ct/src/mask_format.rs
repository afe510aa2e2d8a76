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

    /// The end of its files' names. It says that they hold masks: no mask bears the name of its image.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "mask.png",
            Self::Jpeg => "mask.jpg",
            Self::Npy => "mask.npy",
            Self::Nifti => "mask.nii.gz",
            Self::Nrrd => "seg.nrrd",
            Self::DicomSeg => "seg.dcm",
            Self::RtStruct => "rt.dcm",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MaskFormat::{DicomSeg, Jpeg, Nifti, Npy, Nrrd, Png};
    use crate::pairing::{image_of_mask, is_mask_name};

    #[test]
    fn masks_are_known_as_their_images_by_name() {
        for format in [Png, Jpeg, Npy, Nifti, Nrrd, DicomSeg] {
            let name = format!("1.2.840.{}", format.extension());
            assert!(is_mask_name(&name) && image_of_mask(&name) == "1.2.840", "{name}");
        }
    }
}
