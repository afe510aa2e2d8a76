//! The series that an object is made from.

use std::collections::BTreeSet;

use dicom_dictionary_std::{tags, uids};

use super::dataset::DataSet;
use super::uid::Uids;
use crate::write::layout::SliceMask;
use crate::{DicomIdentity, PatientIdentity, WriteError};

/// What the slices of one DICOM series have in common.
pub(super) struct Source<'a> {
    pub study_uid: &'a str,
    pub series_uid: &'a str,
    /// Of the first slice, which counts for its whole series (PS3.3 C.7.4.1), even where anonymisation gave each image
    /// one of its own; a new one where the source has none.
    pub frame_of_reference_uid: String,
    pub patient: &'a PatientIdentity,
    /// Each slice's identifiers, in the slices' order.
    pub images: Vec<&'a DicomIdentity>,
}

impl<'a> Source<'a> {
    pub fn of(masks: &[SliceMask<'a>], new: &mut Uids<'_>) -> Result<Self, WriteError> {
        let mut images = Vec::with_capacity(masks.len());
        for mask in masks {
            images.push(mask.slice.dicom.as_deref().ok_or(WriteError::NotDicom)?);
        }
        let first = *images.first().ok_or(WriteError::NoMask)?;
        for image in &images {
            let uids = [&image.study_uid, &image.series_uid, &image.sop_class_uid, &image.sop_instance_uid];
            if uids.iter().any(|uid| uid.is_empty()) {
                return Err(WriteError::NotDicom);
            }
            if (&image.study_uid, &image.series_uid) != (&first.study_uid, &first.series_uid) {
                return Err(WriteError::SeveralSeries);
            }
        }
        let frame_of_reference_uid = match first.frame_of_reference_uid.as_str() {
            "" => new.new_uid(),
            uid => uid.to_owned(),
        };
        Ok(Self {
            study_uid: &first.study_uid,
            series_uid: &first.series_uid,
            frame_of_reference_uid,
            patient: &first.patient,
            images,
        })
    }
}

/// The Image SOP Instance Reference macro.
pub(super) fn reference(image: &DicomIdentity) -> DataSet {
    let reference = instance(image);
    if is_multi_frame(image) {
        reference.with(tags::REFERENCED_FRAME_NUMBER, image.frame.to_string())
    } else {
        reference
    }
}

/// The SOP Instance Reference macro.
fn instance(image: &DicomIdentity) -> DataSet {
    DataSet::default()
        .with(tags::REFERENCED_SOP_CLASS_UID, image.sop_class_uid.as_str())
        .with(tags::REFERENCED_SOP_INSTANCE_UID, image.sop_instance_uid.as_str())
}

/// References to the objects that hold these images, each once.
pub(super) fn instances<'a>(images: impl IntoIterator<Item = &'a DicomIdentity>) -> Vec<DataSet> {
    let mut seen = BTreeSet::new();
    images.into_iter().filter(|image| seen.insert(&image.sop_instance_uid)).map(instance).collect()
}

fn is_multi_frame(image: &DicomIdentity) -> bool {
    const CLASSES: [&str; 2] =
        [uids::ENHANCED_CT_IMAGE_STORAGE, uids::LEGACY_CONVERTED_ENHANCED_CT_IMAGE_STORAGE];
    image.frame > 1 || CLASSES.contains(&image.sop_class_uid.as_str())
}
