//! A decoded picture in grey, and what it means as a slice.

use super::number::NumberKind;
use super::{ReadError, meaning};
use crate::{Meaning, Slice};

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
    /// Numbers that 16 bits cannot hold, and how they were stored.
    Wide(Vec<f32>, NumberKind),
}

impl Raster {
    pub fn into_slice(self, meaning: Meaning) -> Result<Slice, ReadError> {
        let pixel = |value: f32| meaning::pixel(meaning, f64::from(value));
        let pixels = match self.samples {
            Samples::U8(values) => values.into_iter().map(|value| pixel(value.into())).collect(),
            Samples::U16(values) => values.into_iter().map(|value| pixel(value.into())).collect(),
            Samples::I16(values) => values.into_iter().map(|value| pixel(value.into())).collect(),
            Samples::Wide(values, _) => values.into_iter().map(pixel).collect(),
        };
        Slice::new(self.rows, self.columns, pixels, meaning::quantity(meaning))
            .map_err(|_| ReadError::Damaged { kind: "image" })
    }
}

impl Samples {
    pub fn kind(&self) -> NumberKind {
        match self {
            Self::U8(_) => NumberKind::U8,
            Self::U16(_) => NumberKind::U16,
            Self::I16(_) => NumberKind::I16,
            Self::Wide(_, kind) => *kind,
        }
    }

    pub fn add_to(&self, range: &mut meaning::Range) {
        match self {
            Self::U8(values) => values.iter().for_each(|&value| range.add(value.into())),
            Self::U16(values) => values.iter().for_each(|&value| range.add(value.into())),
            Self::I16(values) => values.iter().for_each(|&value| range.add(value.into())),
            Self::Wide(values, _) => values.iter().for_each(|&value| range.add(value.into())),
        }
    }

    pub fn into_values(self) -> Vec<f32> {
        match self {
            Self::U8(values) => values.into_iter().map(f32::from).collect(),
            Self::U16(values) => values.into_iter().map(f32::from).collect(),
            Self::I16(values) => values.into_iter().map(f32::from).collect(),
            Self::Wide(values, _) => values,
        }
    }
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
