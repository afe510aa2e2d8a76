//! Masks as a DICOM RT structure set (PS3.3 A.19).

use dicom_core::PrimitiveValue;
use dicom_dictionary_std::{tags, uids};
use dicom_transfer_syntax_registry::entries::IMPLICIT_VR_LITTLE_ENDIAN;

use super::codes::SPINE;
use super::dataset::DataSet;
use super::export::{DicomExport, Kind};
use super::outlines::{Outline, outlines};
use super::source::{Source, instances, reference};
use super::uid::Uids;
use crate::write::layout::{Layout, SliceMask};
use crate::{DicomIdentity, NOTICE, WriteError};

const KIND: Kind = Kind {
    sop_class_uid: uids::RT_STRUCTURE_SET_STORAGE,
    modality: "RTSTRUCT",
    series_description: "Spine outlines",
    series_number: "9002",
};

/// What a study is referred to as, retired for everything else (PS3.3 C.8.8.5).
const DETACHED_STUDY_MANAGEMENT: &str = "1.2.840.10008.3.1.2.3.1";

/// The number of the only region of interest.
const SPINE_ROI: &str = "1";

/// The masks of a DICOM series, in its order, as a structure set with one region of interest named Spine, unapproved.
///
/// Its contours run along the pixels' edges: whoever fills them by the centres of the pixels gets the mask back, and they
/// enclose its exact area. A hole is joined to its outline by a channel without width (the keyhole technique), the only
/// way that the standard knows for `CLOSED_PLANAR` contours (PS3.3 C.8.8.6.3), so that a reader that unites contours
/// does not fill the spinal canal.
///
/// The file is Implicit VR Little Endian: in Explicit VR a contour has at most 64 KiB. `random` gives random numbers for
/// new UIDs. StructureSetDescription holds [`NOTICE`].
///
/// # Errors
///
/// As [`dicom_seg`](super::dicom_seg).
pub fn rt_structure_set(
    masks: &[SliceMask<'_>],
    export: &DicomExport<'_>,
    random: &mut dyn FnMut() -> u128,
) -> Result<Vec<u8>, WriteError> {
    let mut new = Uids(random);
    let source = Source::of(masks, &mut new)?;
    let layout = Layout::of(masks.iter().map(|mask| mask.slice))?;
    let mut contours = Vec::new();
    for (place, (mask, &image)) in masks.iter().zip(&source.images).enumerate() {
        for outline in outlines(&mask.stored()?) {
            contours.push(contour(&outline, image, &layout, place));
        }
    }
    if contours.is_empty() {
        return Err(WriteError::NoSpine);
    }

    let sop_instance_uid = new.new_uid();
    export
        .common(&KIND, &source, &sop_instance_uid, &mut new)
        .with(tags::OPERATORS_NAME, ())
        .with(tags::STRUCTURE_SET_LABEL, "SPINE")
        .with(tags::STRUCTURE_SET_NAME, "Spine")
        .with(tags::STRUCTURE_SET_DESCRIPTION, NOTICE)
        .with(tags::STRUCTURE_SET_DATE, export.written.date())
        .with(tags::STRUCTURE_SET_TIME, export.written.time())
        .with_item(tags::REFERENCED_FRAME_OF_REFERENCE_SEQUENCE, referenced_frame(&source))
        .with_item(
            tags::STRUCTURE_SET_ROI_SEQUENCE,
            DataSet::default()
                .with(tags::ROI_NUMBER, SPINE_ROI)
                .with(tags::REFERENCED_FRAME_OF_REFERENCE_UID, source.frame_of_reference_uid.as_str())
                .with(tags::ROI_NAME, "Spine")
                .with(tags::ROI_DESCRIPTION, NOTICE)
                .with(tags::ROI_GENERATION_ALGORITHM, "AUTOMATIC")
                .with(tags::ROI_GENERATION_DESCRIPTION, export.algorithm_name()),
        )
        .with_item(
            tags::ROI_CONTOUR_SEQUENCE,
            DataSet::default()
                .with(tags::REFERENCED_ROI_NUMBER, SPINE_ROI)
                .with(tags::ROI_DISPLAY_COLOR, texts(["255", "191", "0"]))
                .with_items(tags::CONTOUR_SEQUENCE, contours),
        )
        .with_item(
            tags::RTROI_OBSERVATIONS_SEQUENCE,
            DataSet::default()
                .with(tags::OBSERVATION_NUMBER, "1")
                .with(tags::REFERENCED_ROI_NUMBER, SPINE_ROI)
                .with_item(tags::RTROI_IDENTIFICATION_CODE_SEQUENCE, SPINE.item())
                .with(tags::RTROI_INTERPRETED_TYPE, "ORGAN")
                .with(tags::ROI_INTERPRETER, ()),
        )
        .with(tags::APPROVAL_STATUS, "UNAPPROVED")
        .into_file(&IMPLICIT_VR_LITTLE_ENDIAN.erased(), KIND.sop_class_uid, &sop_instance_uid)
}

/// The frame of reference, with all images of the series that were segmented.
fn referenced_frame(source: &Source<'_>) -> DataSet {
    let series = DataSet::default()
        .with(tags::SERIES_INSTANCE_UID, source.series_uid)
        .with_items(tags::CONTOUR_IMAGE_SEQUENCE, instances(source.images.iter().copied()));
    let study = DataSet::default()
        .with(tags::REFERENCED_SOP_CLASS_UID, DETACHED_STUDY_MANAGEMENT)
        .with(tags::REFERENCED_SOP_INSTANCE_UID, source.study_uid)
        .with_item(tags::RT_REFERENCED_SERIES_SEQUENCE, series);
    DataSet::default()
        .with(tags::FRAME_OF_REFERENCE_UID, source.frame_of_reference_uid.as_str())
        .with_item(tags::RT_REFERENCED_STUDY_SEQUENCE, study)
}

fn contour(outline: &Outline, image: &DicomIdentity, layout: &Layout, place: usize) -> DataSet {
    let [x, y, z] = layout.origins_mm.get(place).copied().unwrap_or_default();
    let ([a, b, c], [d, e, f]) = (layout.right, layout.down);
    let points = outline.iter().flat_map(|&[row, column]| {
        // A pixel's centre is half a pixel from its corner.
        let down_mm = (f64::from(row) - 0.5) * layout.row_mm;
        let right_mm = (f64::from(column) - 0.5) * layout.column_mm;
        [x + a * right_mm + d * down_mm, y + b * right_mm + e * down_mm, z + c * right_mm + f * down_mm]
    });
    // To a ten-thousandth of a millimetre: a pixel's centre is thousands of that away from every edge.
    let rounded = points.map(|millimetres| (millimetres * 1e4).round() / 1e4);
    DataSet::default()
        .with_item(tags::CONTOUR_IMAGE_SEQUENCE, reference(image))
        .with(tags::CONTOUR_GEOMETRIC_TYPE, "CLOSED_PLANAR")
        .with(tags::NUMBER_OF_CONTOUR_POINTS, outline.len().to_string())
        .with_decimals(tags::CONTOUR_DATA, rounded)
}

fn texts<const N: usize>(texts: [&str; N]) -> PrimitiveValue {
    PrimitiveValue::Strs(texts.into_iter().map(str::to_owned).collect())
}
