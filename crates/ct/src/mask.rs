//! Which pixels of a slice are spine.

use crate::Turn;
use crate::slice::{SizeMismatch, check_size};

/// A binary mask. It takes a bit for each pixel, so that those of a whole volume can be held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// Number of rows (the height).
    pub rows: u32,
    /// Number of columns (the width).
    pub columns: u32,
    /// Row by row from the top left, the lowest bit of a byte first; the bits after the last pixel are 0.
    pub(crate) bits: Box<[u8]>,
}

impl Mask {
    /// A mask of known size, row by row from the top left; any value but 0 counts as spine.
    ///
    /// # Errors
    ///
    /// [`SizeMismatch`] unless there are `rows * columns` pixels.
    pub fn new(rows: u32, columns: u32, pixels: Vec<u8>) -> Result<Self, SizeMismatch> {
        check_size(rows, columns, pixels.len())?;
        Ok(Self::packed(rows, columns, &pixels))
    }

    fn packed(rows: u32, columns: u32, pixels: &[u8]) -> Self {
        let byte =
            |pixels: &[u8]| pixels.iter().rev().fold(0, |byte, &pixel| byte << 1 | u8::from(pixel != 0));
        Self { rows, columns, bits: pixels.chunks(8).map(byte).collect() }
    }

    /// A mask from its [`bits`](Self::bits).
    ///
    /// # Errors
    ///
    /// [`SizeMismatch`] unless there are as many bytes as it takes.
    pub fn of_bits(rows: u32, columns: u32, bits: Vec<u8>) -> Result<Self, SizeMismatch> {
        let pixels = u64::from(rows) * u64::from(columns);
        if pixels.div_ceil(8) != bits.len() as u64 {
            return Err(SizeMismatch { rows, columns, pixels: bits.len().saturating_mul(8) });
        }
        let mut bits = bits.into_boxed_slice();
        if let (Some(last), rest @ 1..) = (bits.last_mut(), pixels % 8) {
            *last &= (1 << rest) - 1;
        }
        Ok(Self { rows, columns, bits })
    }

    /// A bit for each pixel, row by row from the top left, the lowest bit of a byte first.
    pub fn bits(&self) -> &[u8] {
        &self.bits
    }

    /// `rows * columns` values, row by row from the top left: 1 is spine, 0 is not.
    pub fn pixels(&self) -> Vec<u8> {
        let mut pixels = Vec::with_capacity(self.bits.len() * 8);
        for byte in &self.bits {
            pixels.extend((0..8).map(|bit| byte >> bit & 1));
        }
        pixels.truncate(self.rows as usize * self.columns as usize);
        pixels
    }

    /// Whether a pixel is spine; `false` outside the picture.
    pub fn get(&self, row: u32, column: u32) -> bool {
        let place = row as usize * self.columns as usize + column as usize;
        row < self.rows
            && column < self.columns
            && self.bits.get(place / 8).is_some_and(|byte| byte >> (place % 8) & 1 != 0)
    }

    /// The mask after a turn.
    #[must_use]
    pub fn turned(&self, turn: Turn) -> Self {
        if turn == Turn::NONE {
            return self.clone();
        }
        let size = [self.rows, self.columns];
        let [rows, columns] = turn.size(size);
        Self::packed(rows, columns, &turn.apply(size, &self.pixels()))
    }

    /// The mask in the layout of its file, where `turn` led from the file's layout to the one shown.
    #[must_use]
    pub fn as_stored(&self, turn: Turn) -> Self {
        self.turned(turn.inverse())
    }

    /// `rows * columns` bytes, 255 is spine and 0 is not.
    #[cfg(feature = "write")]
    pub(crate) fn to_gray(&self) -> Vec<u8> {
        self.pixels().into_iter().map(|pixel| if pixel == 0 { 0 } else { 255 }).collect()
    }

    /// Number of spine pixels.
    pub fn count(&self) -> usize {
        self.bits.iter().map(|byte| byte.count_ones() as usize).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_but_zero_is_spine() {
        let mask = Mask::new(1, 4, vec![0, 1, 2, 255]).unwrap();
        assert_eq!(mask.pixels(), [0, 1, 1, 1]);
        assert_eq!(mask.count(), 3);
    }

    #[test]
    fn a_mask_goes_back_to_the_layout_of_its_file() {
        let stored = Mask::new(2, 3, vec![1, 1, 0, 0, 1, 0]).unwrap();
        for turn in Turn::all() {
            let [rows, columns] = turn.size([2, 3]);
            let shown = Mask::new(rows, columns, turn.apply([2, 3], &stored.pixels())).unwrap();
            assert_eq!(shown.as_stored(turn), stored, "{turn:?}");
        }
    }

    #[test]
    fn a_mask_needs_rows_times_columns_pixels() {
        assert!(Mask::new(2, 2, vec![0; 3]).is_err());
    }
    #[test]
    fn bits_beyond_the_last_pixel_do_not_count() {
        let mask = Mask::of_bits(1, 3, vec![0b1111_1010]).unwrap();
        assert_eq!(mask, Mask::new(1, 3, vec![0, 1, 0]).unwrap());
        assert!(Mask::of_bits(1, 3, vec![0; 2]).is_err());
    }

    #[cfg(not(target_arch = "wasm32"))]
    mod properties {
        use proptest::prelude::*;

        use super::*;

        proptest! {
            #[test]
            fn a_mask_gives_back_the_pixels_it_was_made_of(
                rows in 0_u32..20,
                columns in 0_u32..20,
                seed in proptest::collection::vec(0_u8..2, 400),
            ) {
                let pixels = &seed[..(rows * columns) as usize];
                let mask = Mask::new(rows, columns, pixels.to_vec()).unwrap();
                prop_assert_eq!(mask.pixels(), pixels);
                prop_assert_eq!(mask.count(), pixels.iter().filter(|&&pixel| pixel == 1).count());
                prop_assert_eq!(&Mask::of_bits(rows, columns, mask.bits().to_vec()).unwrap(), &mask);
                for (row, column) in (0..rows + 1).flat_map(|row| (0..columns + 1).map(move |column| (row, column))) {
                    let is_inside = row < rows && column < columns;
                    let expected = is_inside && pixels[(row * columns + column) as usize] == 1;
                    prop_assert_eq!(mask.get(row, column), expected);
                }
            }
        }
    }
}
