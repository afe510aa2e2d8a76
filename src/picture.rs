//! Pictures of slices for the screen.

use rachis_ct::{Mask, Slice, Window};

/// An RGBA picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels.
    pub columns: u32,
    /// Height in pixels.
    pub rows: u32,
    /// `rows * columns * 4` bytes: red, green, blue, alpha (not premultiplied).
    pub rgba: Vec<u8>,
}

/// The slice through a window.
pub fn slice(slice: &Slice, window: Window) -> Picture {
    let rgba = slice.to_gray(window).into_iter().flat_map(|gray| [gray, gray, gray, 255]).collect();
    Picture { columns: slice.columns, rows: slice.rows, rgba }
}

/// The colour of a predicted mask.
pub const MASK_COLOUR: [u8; 3] = [45, 212, 191];

/// The slice through a window with its mask tinted in, small enough for a square of `side` pixels.
pub fn thumbnail(slice: &Slice, window: Window, mask: Option<&Mask>, side: u32) -> Picture {
    let step = slice.rows.max(slice.columns).div_ceil(side).max(1) as usize;
    let (columns, rows) = (slice.columns as usize, slice.rows as usize);
    let mut rgba = Vec::new();
    for row in (0..rows).step_by(step) {
        for column in (0..columns).step_by(step) {
            let place = row * columns + column;
            let gray = slice.pixels.get(place).map_or(0, |&value| window.gray(value));
            let is_spine = mask.is_some_and(|mask| mask.get(row as u32, column as u32));
            let [red, green, blue] =
                if is_spine { MASK_COLOUR.map(|tint| tint / 4 * 3 + gray / 4) } else { [gray; 3] };
            rgba.extend_from_slice(&[red, green, blue, 255]);
        }
    }
    Picture { columns: columns.div_ceil(step) as u32, rows: rows.div_ceil(step) as u32, rgba }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rachis_ct::Quantity;

    #[test]
    fn a_slice_is_shown_grey_and_opaque() {
        let values = Slice::new(1, 2, vec![0, 255], Quantity::Brightness { white: 255 }).unwrap();
        let picture = slice(&values, Window::full(values.quantity));
        assert_eq!(picture.rgba, [0, 0, 0, 255, 255, 255, 255, 255]);
    }

    #[test]
    fn a_thumbnail_fits_its_square_and_shows_the_mask() {
        let values = Slice::new(50, 30, vec![0; 1500], Quantity::Brightness { white: 255 }).unwrap();
        let mask = Mask::new(50, 30, vec![1; 1500]).unwrap();
        let picture = thumbnail(&values, Window::full(values.quantity), Some(&mask), 20);
        assert_eq!((picture.rows, picture.columns), (17, 10));
        assert_eq!(picture.rgba.len(), 17 * 10 * 4);
        assert!(picture.rgba[1] > picture.rgba[0]);
    }

    #[test]
    fn a_small_slice_is_not_enlarged() {
        let values = Slice::new(2, 3, vec![0; 6], Quantity::Hu).unwrap();
        let picture = thumbnail(&values, Window::BONE, None, 128);
        assert_eq!((picture.rows, picture.columns, picture.rgba.len()), (2, 3, 24));
    }
}
