//! The attributes that all frames of a CT image have in common: size and the way pixels are stored.

use std::ops::RangeInclusive;

use dicom_dictionary_std::tags;

use super::attributes::Elements;
use super::dataset::DataSet;
use super::objects::refuse_other_objects;
use super::pixels::{Format, Size};
use super::{check_sides, damaged};
use crate::error::ReadError;

/// What is needed to read the stored values of a CT image.
#[derive(Debug)]
pub(super) struct Header {
    pub rows: u32,
    pub columns: u32,
    pub bits: Bits,
    /// MONOCHROME1: the lowest stored value is meant to be seen as white.
    pub low_is_white: bool,
    /// Stored values outside the field of view.
    pub padding: Option<RangeInclusive<i32>>,
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

impl Header {
    pub fn of_ct_image(data_set: &DataSet) -> Result<Self, ReadError> {
        let top = data_set.top();
        refuse_other_objects(top)?;
        if data_set.pixels.is_none() {
            return Err(ReadError::NoPixels);
        }
        let low_is_white = photometric(top)?;
        let [rows, columns] = size(top)?;
        let bits = Bits::of(top)?;
        Ok(Self { rows, columns, bits, low_is_white, padding: padding(top, bits.signed) })
    }

    pub fn format(&self) -> Format {
        Format { size: Size::new([self.rows, self.columns]), bits_allocated: self.bits.allocated }
    }
}

/// Rows and columns, each as many as can be read.
pub(super) fn size(top: Elements) -> Result<[u32; 2], ReadError> {
    let side = |tag| top.word(tag).map(u32::from).ok_or_else(damaged);
    let (rows, columns) = (side(tags::ROWS)?, side(tags::COLUMNS)?);
    check_sides(rows, columns)?;
    Ok([rows, columns])
}

/// Whether the lowest value is white; refuses colour.
fn photometric(top: Elements) -> Result<bool, ReadError> {
    if top.word(tags::SAMPLES_PER_PIXEL).is_some_and(|samples| samples != 1) {
        return Err(ReadError::Colour);
    }
    match top.text(tags::PHOTOMETRIC_INTERPRETATION) {
        Some("MONOCHROME1") => Ok(true),
        Some("MONOCHROME2") | None => Ok(false),
        Some(_) => Err(ReadError::Colour),
    }
}

impl Bits {
    pub fn of(top: Elements) -> Result<Self, ReadError> {
        let allocated = top.word(tags::BITS_ALLOCATED).ok_or_else(damaged)?;
        if !matches!(allocated, 8 | 16) {
            return Err(ReadError::PixelType { pixels: "neither of 8 nor of 16 bits" });
        }
        let stored = top.word(tags::BITS_STORED).unwrap_or(allocated);
        if !(1..=allocated).contains(&stored) {
            return Err(damaged());
        }
        let high = top.word(tags::HIGH_BIT).filter(|high| (stored - 1..allocated).contains(high));
        let signed = top.word(tags::PIXEL_REPRESENTATION) == Some(1);
        Ok(Self { allocated, stored, high: high.unwrap_or(stored - 1), signed })
    }
}

/// PixelPaddingValue to PixelPaddingRangeLimit, in stored values (DICOM PS3.3 C.7.5.1.1.2).
fn padding(top: Elements, signed: bool) -> Option<RangeInclusive<i32>> {
    let value = |tag| {
        let word = top.word(tag)?;
        Some(if signed { i32::from(word as i16) } else { i32::from(word) })
    };
    let one = value(tags::PIXEL_PADDING_VALUE)?;
    let other = value(tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(one);
    Some(one.min(other)..=one.max(other))
}
