//! Which pixels of a slice are spine.

use crate::Turn;
use crate::slice::{SizeMismatch, check_size};

/// A binary mask, row by row from the top left: 1 is spine, 0 is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// Number of rows (the height).
    pub rows: u32,
    /// Number of columns (the width).
    pub columns: u32,
    /// `rows * columns` values, each 0 or 1.
    pub pixels: Vec<u8>,
}

impl Mask {
    /// A mask of known size; any value but 0 counts as spine.
    ///
    /// # Errors
    ///
    /// [`SizeMismatch`] unless there are `rows * columns` pixels.
    pub fn new(rows: u32, columns: u32, mut pixels: Vec<u8>) -> Result<Self, SizeMismatch> {
        check_size(rows, columns, pixels.len())?;
        for pixel in &mut pixels {
            *pixel = u8::from(*pixel != 0);
        }
        Ok(Self { rows, columns, pixels })
    }

    /// The mask after a turn.
    #[must_use]
    pub fn turned(&self, turn: Turn) -> Self {
        let size = [self.rows, self.columns];
        let [rows, columns] = turn.size(size);
        Self { rows, columns, pixels: turn.apply(size, &self.pixels) }
    }

    /// The mask in the layout of its file, where `turn` led from the file's layout to the one shown.
    #[must_use]
    pub fn as_stored(&self, turn: Turn) -> Self {
        self.turned(turn.inverse())
    }

    /// `rows * columns` bytes, 255 is spine and 0 is not.
    #[cfg(feature = "write")]
    pub(crate) fn to_gray(&self) -> Vec<u8> {
        self.pixels.iter().map(|&pixel| if pixel == 0 { 0 } else { 255 }).collect()
    }

    /// Number of spine pixels.
    pub fn count(&self) -> usize {
        self.pixels.iter().filter(|&&pixel| pixel != 0).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_but_zero_is_spine() {
        let mask = Mask::new(1, 4, vec![0, 1, 2, 255]).unwrap();
        assert_eq!(mask.pixels, [0, 1, 1, 1]);
        assert_eq!(mask.count(), 3);
    }

    #[test]
    fn a_mask_goes_back_to_the_layout_of_its_file() {
        let stored = Mask::new(2, 3, vec![1, 1, 0, 0, 1, 0]).unwrap();
        for turn in Turn::all() {
            let [rows, columns] = turn.size([2, 3]);
            let shown = Mask::new(rows, columns, turn.apply([2, 3], &stored.pixels)).unwrap();
            assert_eq!(shown.as_stored(turn), stored, "{turn:?}");
        }
    }

    #[test]
    fn a_mask_needs_rows_times_columns_pixels() {
        assert!(Mask::new(2, 2, vec![0; 3]).is_err());
    }
}
