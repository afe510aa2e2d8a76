//! A slice inside the larger frame that the network wants.

/// A picture at the top left of a frame whose sides are multiples of what the network's pooling needs.
///
/// The picture keeps its scale: what the frame has more, to the right and at the bottom, is air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    rows: usize,
    columns: usize,
    /// Height of the frame.
    pub(crate) height: usize,
    /// Width of the frame.
    pub(crate) width: usize,
}

impl Frame {
    /// The smallest frame around `rows x columns` whose height and width are multiples of `multiples`.
    pub(crate) fn around(rows: usize, columns: usize, multiples: [usize; 2]) -> Self {
        let [height, width] = multiples.map(|multiple| multiple.max(1));
        Self { rows, columns, height: rows.next_multiple_of(height), width: columns.next_multiple_of(width) }
    }

    /// Puts a picture, row by row, into the frame; the rest is 0, which is air in the network's input.
    pub(crate) fn pad(&self, picture: &[f32]) -> Vec<f32> {
        let mut framed = vec![0.0; self.height * self.width];
        if self.columns == 0 {
            return framed;
        }
        for (target, source) in framed.chunks_exact_mut(self.width).zip(picture.chunks_exact(self.columns)) {
            for (target, source) in target.iter_mut().zip(source) {
                *target = *source;
            }
        }
        framed
    }

    /// The frame's pixels that lie on the picture, row by row. `framed` has one value for each pixel of the frame.
    pub(crate) fn crop<T: Copy>(&self, framed: &[T]) -> Vec<T> {
        let mut picture = Vec::with_capacity(self.rows * self.columns);
        for row in framed.chunks_exact(self.width.max(1)).take(self.rows) {
            picture.extend_from_slice(row.get(..self.columns).unwrap_or(row));
        }
        picture
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn padding_then_cropping_gives_the_picture_back(
            rows in 1_usize..40,
            columns in 1_usize..40,
            multiples in [1_usize..33, 1_usize..33],
        ) {
            let frame = Frame::around(rows, columns, multiples);
            let picture: Vec<f32> = (1..=rows * columns).map(|value| value as f32).collect();
            let framed = frame.pad(&picture);

            prop_assert_eq!(framed.len(), frame.height * frame.width);
            prop_assert_eq!(frame.crop(&framed), picture);
        }

        #[test]
        fn a_frame_is_the_smallest_that_fits_and_holds_only_the_picture(
            rows in 1_usize..40,
            columns in 1_usize..40,
            multiples in [1_usize..33, 1_usize..33],
        ) {
            let frame = Frame::around(rows, columns, multiples);
            let framed = frame.pad(&vec![1.0; rows * columns]);

            prop_assert_eq!([frame.height % multiples[0], frame.width % multiples[1]], [0, 0]);
            prop_assert!(frame.height - rows < multiples[0] && frame.width - columns < multiples[1]);
            for (index, value) in framed.into_iter().enumerate() {
                let inside = index / frame.width < rows && index % frame.width < columns;
                prop_assert_eq!(value, if inside { 1.0 } else { 0.0 });
            }
        }
    }
}
