//! Turning a picture by quarter turns and mirrors, and back.

use serde::{Deserialize, Serialize};

/// One of the eight ways to lay a rectangular picture on its axes: first the exchange of rows and columns, then the
/// mirrors.
///
/// [`Slice`](crate::Slice)s are shown as radiologists expect them whatever way a file stores them; the slice's turn
/// brings a mask back to the file's own layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Turn {
    /// Rows become columns.
    pub transposed: bool,
    /// The first row becomes the last (after the exchange).
    pub upside_down: bool,
    /// The first column becomes the last (after the exchange).
    pub mirrored: bool,
}

impl Turn {
    /// Leaves everything in its place.
    pub const NONE: Self = Self { transposed: false, upside_down: false, mirrored: false };
    /// Left becomes right.
    pub const MIRROR: Self = Self { transposed: false, upside_down: false, mirrored: true };
    /// Half a turn.
    pub const HALF: Self = Self { transposed: false, upside_down: true, mirrored: true };

    /// All eight.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..8_u8).map(|bits| Self {
            transposed: bits & 1 != 0,
            upside_down: bits & 2 != 0,
            mirrored: bits & 4 != 0,
        })
    }

    /// The turn that undoes this one.
    #[must_use]
    pub fn inverse(self) -> Self {
        if self.transposed {
            Self { upside_down: self.mirrored, mirrored: self.upside_down, ..self }
        } else {
            self
        }
    }

    /// This turn, then `next`.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        let (upside_down, mirrored) = if next.transposed {
            (self.mirrored, self.upside_down)
        } else {
            (self.upside_down, self.mirrored)
        };
        Self {
            transposed: self.transposed != next.transposed,
            upside_down: upside_down != next.upside_down,
            mirrored: mirrored != next.mirrored,
        }
    }

    /// `[rows, columns]` after the turn.
    pub fn size(self, [rows, columns]: [u32; 2]) -> [u32; 2] {
        if self.transposed { [columns, rows] } else { [rows, columns] }
    }

    /// Turns a picture of `[rows, columns]`, row by row. Pixels that the size does not reach are left out.
    pub fn apply<T: Copy>(self, [rows, columns]: [u32; 2], pixels: &[T]) -> Vec<T> {
        if self == Self::NONE {
            return pixels.to_vec();
        }
        let [turned_rows, turned_columns] = self.size([rows, columns]);
        let from_end = |index: u32, length: u32, flipped| if flipped { length - 1 - index } else { index };
        let mut turned = Vec::with_capacity(pixels.len());
        for row in 0..turned_rows {
            let row = from_end(row, turned_rows, self.upside_down);
            for column in 0..turned_columns {
                let column = from_end(column, turned_columns, self.mirrored);
                let (row, column) = if self.transposed { (column, row) } else { (row, column) };
                turned.extend(pixels.get(row as usize * columns as usize + column as usize));
            }
        }
        turned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: [u32; 2] = [2, 3];
    const PICTURE: [u8; 6] = [1, 2, 3, 4, 5, 6];

    #[test]
    fn a_mirror_keeps_the_rows_and_half_a_turn_reverses_everything() {
        assert_eq!(Turn::MIRROR.apply(SIZE, &PICTURE), [3, 2, 1, 6, 5, 4]);
        assert_eq!(Turn::HALF.apply(SIZE, &PICTURE), [6, 5, 4, 3, 2, 1]);
        assert_eq!(Turn { transposed: true, ..Turn::NONE }.apply(SIZE, &PICTURE), [1, 4, 2, 5, 3, 6]);
    }

    #[test]
    fn every_turn_is_undone_by_its_inverse() {
        for turn in Turn::all() {
            let turned = turn.apply(SIZE, &PICTURE);
            assert_eq!(turn.inverse().apply(turn.size(SIZE), &turned), PICTURE, "{turn:?}");
            assert_eq!(turn.then(turn.inverse()), Turn::NONE);
        }
    }

    #[test]
    fn one_turn_then_another_is_the_turn_of_both() {
        for first in Turn::all() {
            for second in Turn::all() {
                let one_by_one = second.apply(first.size(SIZE), &first.apply(SIZE, &PICTURE));
                assert_eq!(first.then(second).apply(SIZE, &PICTURE), one_by_one, "{first:?}, {second:?}");
            }
        }
    }
}
