//! What a DICOM object is, and the refusal of all that is no original CT image.

use dicom_dictionary_std::{tags, uids};

use super::attributes::Elements;
use crate::error::ReadError;

const CT: &str = "CT";

/// Refuses what is not an original CT image. A file that names no modality is taken for CT.
pub(super) fn refuse_other_objects(top: Elements) -> Result<(), ReadError> {
    let sop_class = top.text(tags::SOP_CLASS_UID).unwrap_or_default();
    if top.has(tags::OFFSET_OF_THE_FIRST_DIRECTORY_RECORD_OF_THE_ROOT_DIRECTORY_ENTITY) {
        return Err(other("a DICOMDIR, the table of contents of a disc,"));
    }
    if let Some(object) = by_class(sop_class) {
        return Err(other(object));
    }
    let modality = top.text(tags::MODALITY).unwrap_or(CT);
    if modality != CT {
        return Err(ReadError::Modality { modality: by_modality(modality) });
    }
    if is_secondary_capture(sop_class) {
        return Err(ReadError::SecondaryCapture);
    }
    if is_localizer(top) { Err(ReadError::Localizer) } else { Ok(()) }
}

fn other(object: &str) -> ReadError {
    ReadError::Modality { modality: object.to_owned() }
}

/// Whether masks lie in it: any of the classes whose pixels are segments.
pub(super) fn is_segmentation(top: Elements) -> bool {
    let sop_class = top.text(tags::SOP_CLASS_UID);
    matches!(sop_class, Some(uids::SEGMENTATION_STORAGE | uids::LABEL_MAP_SEGMENTATION_STORAGE))
}

/// Objects whose modality does not tell what they are, with their article.
fn by_class(sop_class: &str) -> Option<&'static str> {
    Some(match sop_class {
        uids::MEDIA_STORAGE_DIRECTORY_STORAGE => "a DICOMDIR, the table of contents of a disc,",
        uids::ENCAPSULATED_PDF_STORAGE => "a PDF document",
        uids::ENCAPSULATED_CDA_STORAGE => "a clinical document",
        uids::ENCAPSULATED_STL_STORAGE => "a surface model",
        uids::RAW_DATA_STORAGE => "raw data of a scanner",
        uids::SEGMENTATION_STORAGE | uids::LABEL_MAP_SEGMENTATION_STORAGE => SEGMENTATION,
        uids::SURFACE_SEGMENTATION_STORAGE => "a surface segmentation",
        uids::RT_DOSE_STORAGE => "a radiotherapy dose",
        uids::RT_PLAN_STORAGE => "a radiotherapy plan",
        uids::RT_STRUCTURE_SET_STORAGE => "a set of radiotherapy structures",
        uids::KEY_OBJECT_SELECTION_DOCUMENT_STORAGE => "a selection of key images",
        uids::GRAYSCALE_SOFTCOPY_PRESENTATION_STATE_STORAGE => "a presentation state",
        _ => return None,
    })
}

const SEGMENTATION: &str = "a DICOM segmentation";

/// A modality with its article, for a message.
fn by_modality(modality: &str) -> String {
    let known = match modality {
        "MR" => "an MR image",
        "PT" => "a PET image",
        "NM" => "a nuclear medicine image",
        "US" => "an ultrasound image",
        "CR" | "DX" | "RG" => "a radiograph",
        "MG" => "a mammogram",
        "XA" | "RF" => "an angiogram or fluoroscopy",
        "SEG" => SEGMENTATION,
        "RTSTRUCT" => "a set of radiotherapy structures",
        "RTDOSE" => "a radiotherapy dose",
        "RTPLAN" => "a radiotherapy plan",
        "SR" => "a structured report",
        "PR" => "a presentation state",
        "KO" => "a selection of key images",
        "REG" => "a registration",
        "DOC" => "a document",
        _ => {
            let code: String = modality.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
            return format!("an object of modality '{code}'");
        }
    };
    known.to_owned()
}

/// Secondary Capture Image Storage and, with a further component, its multi-frame kin.
fn is_secondary_capture(sop_class_uid: &str) -> bool {
    sop_class_uid
        .strip_prefix(uids::SECONDARY_CAPTURE_IMAGE_STORAGE)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn is_localizer(top: Elements) -> bool {
    let shared = top.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, 0);
    let frame_type = shared.and_then(|shared| shared.item(tags::CT_IMAGE_FRAME_TYPE_SEQUENCE, 0));
    let says_so = |text: Option<&str>| {
        text.is_some_and(|text| text.split('\\').any(|value| value.trim() == "LOCALIZER"))
    };
    says_so(top.text(tags::IMAGE_TYPE)) || says_so(frame_type.and_then(|item| item.text(tags::FRAME_TYPE)))
}
