//! What masks are written as: the page's formats.

use std::hash::{BuildHasher, Hasher, RandomState};

use chrono::{Datelike, Local, Timelike};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use rachis_ct::{
    DicomExport, Grid, SliceMask, Timestamp, WriteError, dicom_seg, mask_jpeg, mask_nifti, mask_npy,
    mask_nrrd, mask_png, rt_structure_set,
};
use rachis_protocol::reader::MaskFormat;

const FORMATS: [(&str, MaskFormat); 7] = [
    ("png", MaskFormat::Png),
    ("jpeg", MaskFormat::Jpeg),
    ("npy", MaskFormat::Npy),
    ("nifti", MaskFormat::Nifti),
    ("nrrd", MaskFormat::Nrrd),
    ("dicom-seg", MaskFormat::DicomSeg),
    ("rtstruct", MaskFormat::RtStruct),
];

/// Reads a format's name.
pub fn parser() -> impl TypedValueParser<Value = MaskFormat> {
    let of_name = |name: String| FORMATS.iter().find(|(known, _)| *known == name).map(|(_, format)| *format);
    PossibleValuesParser::new(FORMATS.map(|(name, _)| name))
        .try_map(move |name| of_name(name).ok_or("no format"))
}

/// The name of the file with a stack's or a slice's masks: one that says that it holds masks.
pub fn file_name(name: &str, format: MaskFormat) -> String {
    let mark = match format {
        MaskFormat::Nrrd | MaskFormat::DicomSeg | MaskFormat::RtStruct => "",
        MaskFormat::Png | MaskFormat::Jpeg | MaskFormat::Npy | MaskFormat::Nifti => ".mask",
    };
    format!("{name}{mark}.{}", format.extension())
}

/// Masks of one slice, or of a whole stack where the format is one of volumes. `source` are the voxels of the volume that
/// the stack comes from; without them, a series makes its own.
///
/// # Errors
/// Why they cannot be written so.
pub fn write_masks(
    format: MaskFormat,
    source: Option<&Grid>,
    masks: &[SliceMask],
    export: &DicomExport,
) -> Result<Vec<u8>, WriteError> {
    let of_slices = || Grid::of_slices(masks.iter().map(|mask| mask.slice));
    let grid = || source.cloned().map_or_else(of_slices, Ok);
    let first = || masks.first().ok_or(WriteError::NoMask);
    match format {
        MaskFormat::Png => first().and_then(|mask| mask_png(mask.mask, mask.slice.turn)),
        MaskFormat::Jpeg => first().and_then(|mask| mask_jpeg(mask.mask, mask.slice.turn)),
        MaskFormat::Npy => mask_npy(source, masks),
        MaskFormat::Nifti => mask_nifti(&grid()?, masks),
        MaskFormat::Nrrd => mask_nrrd(&grid()?, masks),
        MaskFormat::DicomSeg => dicom_seg(masks, export, &mut random),
        MaskFormat::RtStruct => rt_structure_set(masks, export, &mut random),
    }
}

/// The time of day here.
pub fn now() -> Timestamp {
    let now = Local::now();
    Timestamp {
        year: now.year() as u16,
        month: now.month() as u8,
        day: now.day() as u8,
        hour: now.hour() as u8,
        minute: now.minute() as u8,
        second: now.second() as u8,
    }
}

/// 128 bits for a new UID: the keys of the standard library's hash maps are random.
fn random() -> u128 {
    let half = || u128::from(RandomState::new().build_hasher().finish());
    half() << 64 | half()
}
