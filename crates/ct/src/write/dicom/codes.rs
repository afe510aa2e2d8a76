//! Coded terms.

use dicom_dictionary_std::tags;

use super::dataset::DataSet;

/// A coded term: value, scheme, meaning.
#[derive(Clone, Copy)]
pub(super) struct Code(&'static str, &'static str, &'static str);

/// From CID 7150, Segmentation Property Category.
pub(super) const ANATOMICAL_STRUCTURE: Code = Code("91723000", "SCT", "Anatomical Structure");
/// From CID 4031, Common Anatomic Region, which CID 7151 and CID 7153 take in.
pub(super) const SPINE: Code = Code("421060004", "SCT", "Spine");
/// From CID 7162, Surface Processing Algorithm Family.
pub(super) const ARTIFICIAL_INTELLIGENCE: Code = Code("123109", "DCM", "Artificial Intelligence");
/// From CID 7203, Image Derivation.
pub(super) const SEGMENTATION: Code = Code("113076", "DCM", "Segmentation");
/// From CID 7202, Source Image Purpose of Reference.
pub(super) const SOURCE_IMAGE: Code = Code("121322", "DCM", "Source image for image processing operation");

impl Code {
    /// As the item of a code sequence.
    pub fn item(self) -> DataSet {
        let Self(value, scheme, meaning) = self;
        DataSet::default()
            .with(tags::CODE_VALUE, value)
            .with(tags::CODING_SCHEME_DESIGNATOR, scheme)
            .with(tags::CODE_MEANING, meaning)
    }
}
