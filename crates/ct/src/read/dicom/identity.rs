//! What a DICOM image is called and whom it belongs to, and what of that may be shown.

use std::hash::{DefaultHasher, Hash, Hasher};

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::attributes::Elements;
use super::geometry::Layout;
use crate::{DicomIdentity, PatientIdentity, SeriesKey};

/// Identifiers have at most 64 characters, names 5 times as many (DICOM PS3.5 6.2).
const MAX_UID: usize = 64;
const MAX_NAME: usize = 320;

/// Of the file; the frame is the first.
pub(super) fn identity(top: Elements) -> DicomIdentity {
    let charset = top.text(tags::SPECIFIC_CHARACTER_SET);
    let uid = |tag| uid(top, tag);
    let prose = |tag| top.prose(tag, charset).chars().take(MAX_NAME).collect();
    DicomIdentity {
        study_uid: uid(tags::STUDY_INSTANCE_UID),
        series_uid: uid(tags::SERIES_INSTANCE_UID),
        sop_class_uid: uid(tags::SOP_CLASS_UID),
        sop_instance_uid: uid(tags::SOP_INSTANCE_UID),
        frame_of_reference_uid: uid(tags::FRAME_OF_REFERENCE_UID),
        frame: 1,
        instance_number: top.integer(tags::INSTANCE_NUMBER),
        acquisition: None,
        patient: PatientIdentity {
            name: prose(tags::PATIENT_NAME),
            id: prose(tags::PATIENT_ID),
            issuer: prose(tags::ISSUER_OF_PATIENT_ID),
            birth_date: prose(tags::PATIENT_BIRTH_DATE),
            sex: prose(tags::PATIENT_SEX),
        },
    }
}

pub(super) fn uid(elements: Elements, tag: Tag) -> String {
    elements.text(tag).unwrap_or_default().chars().take(MAX_UID).collect()
}

/// The same for all files of a series whose slices have one size and one orientation.
///
/// Where SeriesInstanceUID was removed, what else is the same in a series stands for it.
pub(super) fn series_key(top: Elements, series_uid: &str, layout: &Layout) -> Option<SeriesKey> {
    const INSTEAD: [Tag; 7] = [
        tags::STUDY_INSTANCE_UID,
        tags::FRAME_OF_REFERENCE_UID,
        tags::SERIES_NUMBER,
        tags::SERIES_DESCRIPTION,
        tags::CONVOLUTION_KERNEL,
        tags::STUDY_DATE,
        tags::PATIENT_ID,
    ];
    let directions = layout.placement.map(|placement| [placement.right, placement.down]);
    let hundredths = |direction: [f64; 3]| direction.map(|part| (part * 100.0).round() as i8);
    let stack = (layout.size, directions.map(|both| both.map(hundredths)));
    if !series_uid.is_empty() {
        return Some(SeriesKey(hash((series_uid, stack))));
    }
    let values = INSTEAD.map(|tag| top.bytes(tag).map(<[u8]>::trim_ascii).unwrap_or_default());
    values.iter().any(|value| !value.is_empty()).then(|| SeriesKey(hash((values, stack))))
}

fn hash(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// What the series is called, without anything in which the patient's name, id or birth date occurs.
pub(super) fn description(top: Elements, thickness_mm: Option<f32>, patient: &PatientIdentity) -> String {
    let charset = top.text(tags::SPECIFIC_CHARACTER_SET);
    let reconstruction = top.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, 0);
    let reconstruction = reconstruction.and_then(|shared| shared.item(tags::CT_RECONSTRUCTION_SEQUENCE, 0));
    let kernel =
        [Some(top), reconstruction].into_iter().flatten().find_map(|e| e.text(tags::CONVOLUTION_KERNEL));
    let kernel = kernel.and_then(|kernel| kernel.split('\\').next()).unwrap_or_default();
    let told: String =
        top.prose(tags::SERIES_DESCRIPTION, charset).chars().filter(|c| !c.is_control()).take(64).collect();
    let parts = [
        Some(told),
        thickness_mm.map(|thickness| format!("{thickness} mm")),
        (!kernel.is_empty()).then(|| format!("kernel {kernel}")),
        top.integer(tags::SERIES_NUMBER).map(|number| format!("series {number}")),
    ];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty() && !names(part, patient));
    parts.collect::<Vec<_>>().join(", ")
}

/// Whether the patient's id, birth date or a part of the name occurs in a text.
fn names(text: &str, patient: &PatientIdentity) -> bool {
    /// Shorter parts of names count as whole words only.
    const LONG: usize = 3;
    let text = text.to_lowercase();
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let occurs = |part: &str| {
        if part.chars().count() < LONG {
            words(&text).iter().any(|word| word == part)
        } else {
            text.contains(part)
        }
    };
    let whole = [&patient.id, &patient.birth_date].map(|whole| whole.to_lowercase());
    whole.iter().filter(|whole| !whole.is_empty()).any(|whole| occurs(whole))
        || words(&patient.name).iter().any(|part| occurs(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_the_patient_is_told_from_what_does_not() {
        let patient = PatientIdentity {
            name: "Müller^Li^Anna=MUELLER".to_owned(),
            id: "4711".to_owned(),
            birth_date: "19500102".to_owned(),
            ..PatientIdentity::default()
        };
        for text in ["Thorax MÜLLER", "mueller_ax", "annaThorax", "Li ax", "WS 4711b", "19500102"] {
            assert!(names(text, &patient), "{text}");
        }
        for text in ["Thorax 1.0 B70f", "Liver", "series 47", ""] {
            assert!(!names(text, &patient), "{text}");
        }
        assert!(!names("Thorax", &PatientIdentity::default()));
    }
}
