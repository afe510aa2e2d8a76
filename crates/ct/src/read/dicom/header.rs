//! The attributes of a CT slice, and the refusal of what is none.

use std::ops::RangeInclusive;

use dicom_dictionary_std::{tags, uids};

use super::dataset::DataSet;
use super::{check_sides, damaged};
use crate::error::ReadError;
use crate::{Spacing, Window};

const CT: &str = "CT";

/// What is needed to read the pixels of one CT slice.
#[derive(Debug)]
pub(super) struct Header {
    pub rows: u32,
    pub columns: u32,
    pub bits: Bits,
    /// MONOCHROME1: the lowest stored value is meant to be seen as white.
    pub low_is_white: bool,
    /// RescaleSlope and RescaleIntercept, 1 and 0 where the file has none.
    pub rescale: Rescale,
    /// Stored values outside the field of view.
    pub padding: Option<RangeInclusive<i32>>,
    pub spacing: Option<Spacing>,
    pub window: Option<Window>,
}

/// How a stored value lies in its word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bits {
    /// 8 or 16.
    pub allocated: u16,
    /// 1 to `allocated`.
    pub stored: u16,
    /// `stored - 1` to `allocated - 1`.
    pub high: u16,
    pub signed: bool,
}

/// HU = stored value * slope + intercept (DICOM PS3.3 C.11.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Rescale {
    pub slope: f64,
    pub intercept: f64,
}

impl Header {
    pub fn of_ct_slice(data_set: &DataSet) -> Result<Self, ReadError> {
        refuse_other_objects(data_set)?;
        if !data_set.has_pixels() {
            return Err(ReadError::NoPixels);
        }
        let low_is_white = photometric(data_set)?;
        let side = |tag| data_set.word(tag).map(u32::from).ok_or_else(damaged);
        let (rows, columns) = (side(tags::ROWS)?, side(tags::COLUMNS)?);
        check_sides(rows, columns)?;
        let bits = Bits::of(data_set)?;
        Ok(Self {
            rows,
            columns,
            bits,
            low_is_white,
            rescale: rescale(data_set)?,
            padding: padding(data_set, bits.signed),
            spacing: spacing(data_set),
            window: window(data_set),
        })
    }
}

/// Refuses what is not one frame of an original CT series. A file that names no modality is taken for CT.
fn refuse_other_objects(data_set: &DataSet) -> Result<(), ReadError> {
    let modality = data_set.text(tags::MODALITY).unwrap_or(CT);
    if modality != CT {
        return Err(ReadError::Modality { modality: describe(modality) });
    }
    if data_set.text(tags::SOP_CLASS_UID).is_some_and(is_secondary_capture) {
        return Err(ReadError::SecondaryCapture);
    }
    let image_type = data_set.text(tags::IMAGE_TYPE).unwrap_or_default();
    if image_type.split('\\').any(|value| value.trim() == "LOCALIZER") {
        return Err(ReadError::Localizer);
    }
    match data_set.numbers(tags::NUMBER_OF_FRAMES).first() {
        Some(&frames) if frames > 1.0 => Err(ReadError::MultiFrame { frames: frames as u32 }),
        _ => Ok(()),
    }
}

/// Secondary Capture Image Storage and, with a further component, its multi-frame kin.
fn is_secondary_capture(sop_class_uid: &str) -> bool {
    sop_class_uid
        .strip_prefix(uids::SECONDARY_CAPTURE_IMAGE_STORAGE)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A modality with its article, for a message.
fn describe(modality: &str) -> String {
    let known = match modality {
        "MR" => "an MR image",
        "PT" => "a PET image",
        "NM" => "a nuclear medicine image",
        "US" => "an ultrasound image",
        "CR" | "DX" | "RG" => "a radiograph",
        "MG" => "a mammogram",
        "XA" | "RF" => "an angiogram or fluoroscopy",
        "SEG" => "a DICOM segmentation",
        "RTSTRUCT" => "a set of radiotherapy structures",
        "RTDOSE" => "a radiotherapy dose",
        "SR" => "a structured report",
        "PR" => "a presentation state",
        "REG" => "a registration",
        _ => {
            let code: String = modality.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
            return format!("an object of modality '{code}'");
        }
    };
    known.to_owned()
}

/// Whether the lowest value is white; refuses colour.
fn photometric(data_set: &DataSet) -> Result<bool, ReadError> {
    if data_set.word(tags::SAMPLES_PER_PIXEL).is_some_and(|samples| samples != 1) {
        return Err(ReadError::Colour);
    }
    match data_set.text(tags::PHOTOMETRIC_INTERPRETATION) {
        Some("MONOCHROME1") => Ok(true),
        Some("MONOCHROME2") | None => Ok(false),
        Some(_) => Err(ReadError::Colour),
    }
}

impl Bits {
    fn of(data_set: &DataSet) -> Result<Self, ReadError> {
        let allocated = data_set.word(tags::BITS_ALLOCATED).ok_or_else(damaged)?;
        if !matches!(allocated, 8 | 16) {
            return Err(ReadError::PixelType { pixels: "neither of 8 nor of 16 bits" });
        }
        let stored = data_set.word(tags::BITS_STORED).unwrap_or(allocated);
        if !(1..=allocated).contains(&stored) {
            return Err(damaged());
        }
        let high = data_set.word(tags::HIGH_BIT).filter(|high| (stored - 1..allocated).contains(high));
        let signed = data_set.word(tags::PIXEL_REPRESENTATION) == Some(1);
        Ok(Self { allocated, stored, high: high.unwrap_or(stored - 1), signed })
    }
}

fn rescale(data_set: &DataSet) -> Result<Rescale, ReadError> {
    let first = |tag| data_set.numbers(tag).first().copied();
    let slope = first(tags::RESCALE_SLOPE).unwrap_or(1.0);
    let intercept = first(tags::RESCALE_INTERCEPT).unwrap_or(0.0);
    if slope == 0.0 { Err(damaged()) } else { Ok(Rescale { slope, intercept }) }
}

/// PixelPaddingValue to PixelPaddingRangeLimit, in stored values (DICOM PS3.3 C.7.5.1.1.2).
fn padding(data_set: &DataSet, signed: bool) -> Option<RangeInclusive<i32>> {
    let value = |tag| {
        let word = data_set.word(tag)?;
        Some(if signed { i32::from(word as i16) } else { i32::from(word) })
    };
    let one = value(tags::PIXEL_PADDING_VALUE)?;
    let other = value(tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(one);
    Some(one.min(other)..=one.max(other))
}

fn spacing(data_set: &DataSet) -> Option<Spacing> {
    match data_set.numbers(tags::PIXEL_SPACING).as_slice() {
        &[row, column, ..] if row > 0.0 && column > 0.0 => {
            Some(Spacing { row_mm: row as f32, column_mm: column as f32 })
        }
        _ => None,
    }
}

/// The first of the windows that the file suggests.
fn window(data_set: &DataSet) -> Option<Window> {
    let center = *data_set.numbers(tags::WINDOW_CENTER).first()?;
    let width = *data_set.numbers(tags::WINDOW_WIDTH).first()?;
    (width >= 1.0).then(|| Window::new(center as f32, width as f32))
}
