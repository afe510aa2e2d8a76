//! Masks as a DICOM segmentation (PS3.3 A.51).

use dicom_core::{PrimitiveValue, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_transfer_syntax_registry::entries::EXPLICIT_VR_LITTLE_ENDIAN;

use super::codes::{ANATOMICAL_STRUCTURE, SEGMENTATION, SOURCE_IMAGE, SPINE};
use super::dataset::DataSet;
use super::export::{DicomExport, Kind};
use super::source::{Source, instances, reference};
use super::uid::Uids;
use crate::write::layout::{Layout, SliceMask};
use crate::{DicomIdentity, NOTICE, Vector, WriteError};

const KIND: Kind = Kind {
    sop_class_uid: uids::SEGMENTATION_STORAGE,
    modality: "SEG",
    series_description: "Spine",
    series_number: "9001",
};

/// The number of the only segment.
const SPINE_SEGMENT: u16 = 1;

/// The masks of a DICOM series, in its order, as a binary segmentation with one segment named Spine. Only slices with
/// spine become frames, in the layout of the source images.
///
/// `random` gives random numbers for new UIDs. ContentDescription holds [`NOTICE`].
///
/// # Errors
///
/// [`WriteError::NoMask`], [`WriteError::NotDicom`], [`WriteError::SeveralSeries`], [`WriteError::NoPlacement`],
/// [`WriteError::Mixed`], [`WriteError::NoSpine`], [`WriteError::TooMany`] beyond 65535 rows or columns,
/// [`WriteError::OtherSize`] or [`WriteError::Dicom`].
pub fn dicom_seg(
    masks: &[SliceMask<'_>],
    export: &DicomExport<'_>,
    random: &mut dyn FnMut() -> u128,
) -> Result<Vec<u8>, WriteError> {
    let mut new = Uids(random);
    let source = Source::of(masks, &mut new)?;
    let layout = Layout::of(masks.iter().map(|mask| mask.slice))?;
    let [rows, columns] = layout.size;
    let (rows, columns) = (
        u16::try_from(rows).map_err(|_| WriteError::TooMany)?,
        u16::try_from(columns).map_err(|_| WriteError::TooMany)?,
    );

    let mut bits = Bits::default();
    let mut frames = Vec::new();
    let mut images = Vec::new();
    for ((mask, &image), &origin_mm) in masks.iter().zip(&source.images).zip(&layout.origins_mm) {
        let stored = mask.stored()?;
        if stored.count() > 0 {
            bits.extend(&stored.pixels());
            images.push(image);
            frames.push(frame(image, origin_mm, images.len() as u32));
        }
    }
    if frames.is_empty() {
        return Err(WriteError::NoSpine);
    }

    let sop_instance_uid = new.new_uid();
    export
        .common(&KIND, &source, &sop_instance_uid, &mut new)
        .with_item(
            tags::REFERENCED_SERIES_SEQUENCE,
            DataSet::default()
                .with(tags::SERIES_INSTANCE_UID, source.series_uid)
                .with_items(tags::REFERENCED_INSTANCE_SEQUENCE, instances(images)),
        )
        .with(tags::CONTENT_DATE, export.written.date())
        .with(tags::CONTENT_TIME, export.written.time())
        .with(tags::CONTENT_LABEL, "SPINE")
        .with(tags::CONTENT_DESCRIPTION, NOTICE)
        .with(tags::CONTENT_CREATOR_NAME, ())
        .with_item(tags::SEGMENT_SEQUENCE, segment(export))
        .and(pixels(rows, columns, frames.len(), bits.packed))
        .and(dimensions(&new.new_uid()))
        .with_item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, shared(&layout))
        .with_items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames)
        .into_file(&EXPLICIT_VR_LITTLE_ENDIAN.erased(), KIND.sop_class_uid, &sop_instance_uid)
}

fn segment(export: &DicomExport<'_>) -> DataSet {
    DataSet::default()
        .with(tags::SEGMENT_NUMBER, SPINE_SEGMENT)
        .with(tags::SEGMENT_LABEL, "Spine")
        .with(tags::SEGMENT_DESCRIPTION, NOTICE)
        .with(tags::SEGMENT_ALGORITHM_TYPE, "AUTOMATIC")
        .with(tags::SEGMENT_ALGORITHM_NAME, export.algorithm_name())
        .with_item(tags::SEGMENTATION_ALGORITHM_IDENTIFICATION_SEQUENCE, export.algorithm_identification())
        .with_item(tags::SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE, ANATOMICAL_STRUCTURE.item())
        .with_item(tags::SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE, SPINE.item())
}

/// The Image Pixel and Segmentation Image modules.
fn pixels(rows: u16, columns: u16, frames: usize, bits: Vec<u8>) -> DataSet {
    DataSet::default()
        .with(
            tags::IMAGE_TYPE,
            PrimitiveValue::Strs(["DERIVED".to_owned(), "PRIMARY".to_owned()].into_iter().collect()),
        )
        .with(tags::SEGMENTATION_TYPE, "BINARY")
        .with(tags::SAMPLES_PER_PIXEL, 1_u16)
        .with(tags::PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
        .with(tags::ROWS, rows)
        .with(tags::COLUMNS, columns)
        .with(tags::NUMBER_OF_FRAMES, frames.to_string())
        .with(tags::BITS_ALLOCATED, 1_u16)
        .with(tags::BITS_STORED, 1_u16)
        .with(tags::HIGH_BIT, 0_u16)
        .with(tags::PIXEL_REPRESENTATION, 0_u16)
        .with(tags::LOSSY_IMAGE_COMPRESSION, "00")
        .with(tags::BURNED_IN_ANNOTATION, "NO")
        .with_vr(tags::PIXEL_DATA, VR::OB, bits)
}

/// Frames are told apart by their segment, then by their place.
fn dimensions(organization_uid: &str) -> DataSet {
    let index = |pointer, group, description: &str| {
        DataSet::default()
            .with(tags::DIMENSION_ORGANIZATION_UID, organization_uid)
            .with(tags::DIMENSION_INDEX_POINTER, pointer)
            .with(tags::FUNCTIONAL_GROUP_POINTER, group)
            .with(tags::DIMENSION_DESCRIPTION_LABEL, description)
    };
    DataSet::default()
        .with_item(
            tags::DIMENSION_ORGANIZATION_SEQUENCE,
            DataSet::default().with(tags::DIMENSION_ORGANIZATION_UID, organization_uid),
        )
        .with_items(
            tags::DIMENSION_INDEX_SEQUENCE,
            vec![
                index(tags::REFERENCED_SEGMENT_NUMBER, tags::SEGMENT_IDENTIFICATION_SEQUENCE, "Segment"),
                index(tags::IMAGE_POSITION_PATIENT, tags::PLANE_POSITION_SEQUENCE, "Position"),
            ],
        )
}

fn shared(layout: &Layout) -> DataSet {
    let mut measures =
        DataSet::default().with_decimals(tags::PIXEL_SPACING, [layout.row_mm, layout.column_mm]);
    let step_mm = layout.step_mm().ok().map(|[x, y, z]| x.hypot(y).hypot(z));
    if let Some(thickness_mm) = layout.thickness_mm.or(step_mm) {
        measures = measures.with_decimals(tags::SLICE_THICKNESS, [thickness_mm]);
    }
    if let Some(step_mm) = step_mm {
        measures = measures.with_decimals(tags::SPACING_BETWEEN_SLICES, [step_mm]);
    }
    let orientation = DataSet::default()
        .with_decimals(tags::IMAGE_ORIENTATION_PATIENT, layout.right.into_iter().chain(layout.down));
    DataSet::default()
        .with_item(tags::PIXEL_MEASURES_SEQUENCE, measures)
        .with_item(tags::PLANE_ORIENTATION_SEQUENCE, orientation)
}

/// A frame's functional groups; `place` counts the frames from 1.
fn frame(image: &DicomIdentity, origin_mm: Vector, place: u32) -> DataSet {
    let source = reference(image)
        .with_item(tags::PURPOSE_OF_REFERENCE_CODE_SEQUENCE, SOURCE_IMAGE.item())
        .with(tags::SPATIAL_LOCATIONS_PRESERVED, "YES");
    let derivation = DataSet::default()
        .with_item(tags::DERIVATION_CODE_SEQUENCE, SEGMENTATION.item())
        .with_item(tags::SOURCE_IMAGE_SEQUENCE, source);
    let indices = [u32::from(SPINE_SEGMENT), place];
    DataSet::default()
        .with_item(tags::DERIVATION_IMAGE_SEQUENCE, derivation)
        .with_item(
            tags::FRAME_CONTENT_SEQUENCE,
            DataSet::default()
                .with(tags::DIMENSION_INDEX_VALUES, PrimitiveValue::U32(indices.into_iter().collect())),
        )
        .with_item(
            tags::PLANE_POSITION_SEQUENCE,
            DataSet::default().with_decimals(tags::IMAGE_POSITION_PATIENT, origin_mm),
        )
        .with_item(
            tags::SEGMENT_IDENTIFICATION_SEQUENCE,
            DataSet::default().with(tags::REFERENCED_SEGMENT_NUMBER, SPINE_SEGMENT),
        )
}

/// Pixels of one bit, the first in each byte's lowest bit; frames follow without a gap (PS3.5 8.1.1 and D).
#[derive(Default)]
struct Bits {
    packed: Vec<u8>,
    count: usize,
}

impl Bits {
    fn extend(&mut self, pixels: &[u8]) {
        for &pixel in pixels {
            let bit = self.count % 8;
            if bit == 0 {
                self.packed.push(0);
            }
            if let Some(byte) = self.packed.last_mut() {
                *byte |= pixel << bit;
            }
            self.count += 1;
        }
    }
}
