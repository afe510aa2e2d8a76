//! What masks are written as: the names of the formats and their files, and what DICOM objects need of this machine.

use std::hash::{BuildHasher, Hasher, RandomState};

use chrono::{Datelike, Local, Timelike};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use rachis_ct::{MaskFormat, Timestamp};

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
pub fn random() -> u128 {
    let half = || u128::from(RandomState::new().build_hasher().finish());
    half() << 64 | half()
}
