//! A decoded picture in grey, and what it means as a slice or as a mask.

use super::ReadError;
use crate::slice::AIR_HU;
use crate::{Mask, Quantity, Slice};

/// The largest value of the 12-bit convention, in which a picture holds HU + 1024.
const MAX_12_BIT: u16 = 4095;
/// What the 12-bit convention adds to HU.
const HU_OFFSET: i16 = 1024;

#[derive(Debug)]
pub(super) struct Raster {
    pub rows: u32,
    pub columns: u32,
    pub samples: Samples,
}

/// One sample for each pixel, row by row.
#[derive(Debug)]
pub(super) enum Samples {
    U8(Vec<u8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
}

impl Raster {
    /// 8 bits hold brightness; 16 unsigned bits that stay within 12 hold HU + 1024, others brightness (halved to fit);
    /// 16 signed bits hold HU.
    pub fn into_slice(self) -> Result<Slice, ReadError> {
        let (pixels, quantity) = match self.samples {
            Samples::U8(values) => (
                values.into_iter().map(i16::from).collect(),
                Quantity::Brightness { white: i16::from(u8::MAX) },
            ),
            Samples::U16(values) if values.iter().all(|&value| value <= MAX_12_BIT) => {
                (values.into_iter().map(|value| value as i16 - HU_OFFSET).collect(), Quantity::Hu)
            }
            Samples::U16(values) => (
                values.into_iter().map(|value| (value >> 1) as i16).collect(),
                Quantity::Brightness { white: i16::MAX },
            ),
            Samples::I16(values) => {
                (values.into_iter().map(|value| value.max(AIR_HU)).collect(), Quantity::Hu)
            }
        };
        Slice::new(self.rows, self.columns, pixels, quantity)
            .map_err(|_| ReadError::Damaged { kind: "image" })
    }

    /// Pixels over half of the largest value present are spine, so that 0/1 and 0/255 masks mean the same.
    pub fn into_mask(self) -> Result<Mask, ReadError> {
        let pixels = match self.samples {
            Samples::U8(values) => over_half(&values),
            Samples::U16(values) => over_half(&values),
            Samples::I16(values) => over_half(&values),
        };
        Mask::new(self.rows, self.columns, pixels).map_err(|_| ReadError::Damaged { kind: "mask" })
    }
}

fn over_half<T: Copy + Into<i32>>(values: &[T]) -> Vec<u8> {
    let largest = values.iter().map(|&value| value.into()).max().unwrap_or(0);
    values.iter().map(|&value| u8::from(value.into() > 0 && 2 * value.into() > largest)).collect()
}

/// The grey in pixels of 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGB, alpha) channels.
///
/// # Errors
///
/// [`ReadError::Colour`] unless red, green and blue are equal everywhere; [`ReadError::Transparent`] unless every pixel
/// is `opaque`.
pub(super) fn grey<T: Copy + PartialEq>(
    pixels: Vec<T>,
    channels: usize,
    opaque: T,
) -> Result<Vec<T>, ReadError> {
    if channels == 1 {
        return Ok(pixels);
    }
    pixels
        .chunks_exact(channels)
        .map(|pixel| match *pixel {
            [grey, alpha] if alpha == opaque => Ok(grey),
            [red, green, blue] if red == green && green == blue => Ok(red),
            [red, green, blue, alpha] if red == green && green == blue && alpha == opaque => Ok(red),
            [_, _] => Err(ReadError::Transparent),
            [red, green, blue, _] if red == green && green == blue => Err(ReadError::Transparent),
            _ => Err(ReadError::Colour),
        })
        .collect()
}
