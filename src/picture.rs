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
    let gray = slice.to_gray(window);
    let mut rgba = vec![0; gray.len() * 4];
    for (pixel, gray) in rgba.chunks_exact_mut(4).zip(gray) {
        pixel.copy_from_slice(&[gray, gray, gray, 255]);
    }
    Picture { columns: slice.columns, rows: slice.rows, rgba }
}

/// The colour of a predicted mask.
pub const MASK_COLOUR: [u8; 3] = [45, 212, 191];

/// A slice through a window, small enough for a square.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miniature {
    columns: u32,
    rows: u32,
    /// One of so many pixels of the slice, in each direction.
    step: u32,
    gray: Vec<u8>,
}

impl Miniature {
    /// The slice in a square of `side` pixels; it is not enlarged.
    pub fn of(slice: &Slice, window: Window, side: u32) -> Self {
        let step = slice.rows.max(slice.columns).div_ceil(side).max(1);
        let (columns, rows) = (slice.columns.div_ceil(step), slice.rows.div_ceil(step));
        let lines = slice.pixels.chunks(slice.columns.max(1) as usize).step_by(step as usize);
        let gray = lines.flat_map(|line| line.iter().step_by(step as usize)).map(|&value| window.gray(value));
        Self { columns, rows, step, gray: gray.collect() }
    }

    /// The picture with the slice's mask tinted in.
    pub fn picture(&self, mask: Option<&Mask>) -> Picture {
        let places = (0..self.rows).flat_map(|row| (0..self.columns).map(move |column| [row, column]));
        let mut rgba = Vec::with_capacity(self.gray.len() * 4);
        for ([row, column], &gray) in places.zip(&self.gray) {
            let is_spine = mask.is_some_and(|mask| mask.get(row * self.step, column * self.step));
            let [red, green, blue] =
                if is_spine { MASK_COLOUR.map(|tint| tint / 4 * 3 + gray / 4) } else { [gray; 3] };
            rgba.extend_from_slice(&[red, green, blue, 255]);
        }
        Picture { columns: self.columns, rows: self.rows, rgba }
    }
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
    fn a_miniature_fits_its_square_and_shows_the_mask() {
        let values = Slice::new(50, 30, vec![0; 1500], Quantity::Brightness { white: 255 }).unwrap();
        let mask = Mask::new(50, 30, vec![1; 1500]).unwrap();
        let picture = Miniature::of(&values, Window::full(values.quantity), 20).picture(Some(&mask));
        assert_eq!((picture.rows, picture.columns), (17, 10));
        assert_eq!(picture.rgba.len(), 17 * 10 * 4);
        assert!(picture.rgba[1] > picture.rgba[0]);
    }

    #[test]
    fn a_small_slice_is_not_enlarged() {
        let values = Slice::new(2, 3, vec![0; 6], Quantity::Hu).unwrap();
        let picture = Miniature::of(&values, Window::BONE, 128).picture(None);
        assert_eq!((picture.rows, picture.columns, picture.rgba.len()), (2, 3, 24));
    }
}
