//! One axial CT image.

use serde::{Deserialize, Serialize};

use crate::{Turn, Window};

/// The value of air outside the patient, in Hounsfield units. Scanners write lower values only outside their field of
/// view, where they mean nothing; they are read as air.
pub const AIR_HU: i16 = -1024;

/// Rows and columns of most CT slices.
pub const TYPICAL_SIDE: usize = 512;

/// What a pixel of a [`Slice`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quantity {
    /// Hounsfield units.
    Hu,
    /// Brightness of a picture through an unknown window, from 0 (black) to `white`.
    Brightness {
        /// The value of full white.
        white: i16,
    },
}

/// Distance between the centres of neighbouring pixels, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spacing {
    /// Between rows (down the picture).
    pub row_mm: f32,
    /// Between columns (across the picture).
    pub column_mm: f32,
}

impl Spacing {
    /// After rows and columns have changed places.
    #[must_use]
    pub fn transposed(self) -> Self {
        Self { row_mm: self.column_mm, column_mm: self.row_mm }
    }

    /// After a turn.
    #[must_use]
    pub fn turned(self, turn: Turn) -> Self {
        if turn.transposed { self.transposed() } else { self }
    }

    /// The area of a pixel in mm².
    pub fn pixel_mm2(self) -> f64 {
        f64::from(self.row_mm) * f64::from(self.column_mm)
    }
}

/// The number of pixels is not rows times columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{pixels} pixels do not make {rows} rows of {columns}: the image is incomplete, open it again")]
pub struct SizeMismatch {
    /// Number of rows asked for.
    pub rows: u32,
    /// Number of columns asked for.
    pub columns: u32,
    /// Number of pixels given.
    pub pixels: usize,
}

/// `Ok` where `pixels` is `rows * columns`.
pub(crate) fn check_size(rows: u32, columns: u32, pixels: usize) -> Result<(), SizeMismatch> {
    if u64::from(rows) * u64::from(columns) == pixels as u64 {
        Ok(())
    } else {
        Err(SizeMismatch { rows, columns, pixels })
    }
}

/// One CT image, row by row from the top left.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// Number of rows (the height).
    pub rows: u32,
    /// Number of columns (the width).
    pub columns: u32,
    /// `rows * columns` values.
    pub pixels: Vec<i16>,
    /// What the values count.
    pub quantity: Quantity,
    /// Pixel spacing where the file says it.
    pub spacing: Option<Spacing>,
    /// The window that the file suggests for viewing.
    pub window: Option<Window>,
}

impl Slice {
    /// A slice of known size without spacing or window.
    ///
    /// # Errors
    ///
    /// [`SizeMismatch`] unless there are `rows * columns` pixels.
    pub fn new(rows: u32, columns: u32, pixels: Vec<i16>, quantity: Quantity) -> Result<Self, SizeMismatch> {
        check_size(rows, columns, pixels.len())?;
        Ok(Self { rows, columns, pixels, quantity, spacing: None, window: None })
    }

    /// The slice after a turn.
    #[must_use]
    pub fn turned(self, turn: Turn) -> Self {
        let size = [self.rows, self.columns];
        let [rows, columns] = turn.size(size);
        let pixels = turn.apply(size, &self.pixels);
        Self { rows, columns, pixels, spacing: self.spacing.map(|spacing| spacing.turned(turn)), ..self }
    }

    /// The picture seen through `window`: `rows * columns` bytes, 0 is black and 255 white.
    pub fn to_gray(&self, window: Window) -> Vec<u8> {
        let ramp = window.ramp();
        let gray = |value: i16| ramp.gray(value);
        if self.pixels.len() < 1 << 16 {
            return self.pixels.iter().copied().map(gray).collect();
        }
        // Looking up is several times faster than computing.
        let table: Vec<u8> = (i16::MIN..=i16::MAX).map(gray).collect();
        let place = |value: i16| usize::from(value.wrapping_sub(i16::MIN).cast_unsigned());
        self.pixels.iter().map(|&value| table.get(place(value)).copied().unwrap_or_default()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_needs_rows_times_columns_pixels() {
        assert!(Slice::new(2, 3, vec![0; 6], Quantity::Hu).is_ok());
        let wrong = Slice::new(2, 3, vec![0; 5], Quantity::Hu);
        assert_eq!(wrong.unwrap_err(), SizeMismatch { rows: 2, columns: 3, pixels: 5 });
        assert!(Slice::new(u32::MAX, u32::MAX, vec![0], Quantity::Hu).is_err());
    }

    #[test]
    fn the_picture_shows_each_pixel_through_the_window() {
        let slice = Slice::new(1, 4, vec![-2000, 0, 40, 3000], Quantity::Hu).unwrap();
        let window = Window::SOFT_TISSUE;
        let expected: Vec<u8> = slice.pixels.iter().map(|&value| window.gray(value)).collect();
        assert_eq!(slice.to_gray(window), expected);
        let every = Slice::new(256, 256, (i16::MIN..=i16::MAX).collect(), Quantity::Hu).unwrap();
        let expected: Vec<u8> = every.pixels.iter().map(|&value| window.gray(value)).collect();
        assert_eq!(every.to_gray(window), expected);
    }
}
