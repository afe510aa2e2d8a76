//! Making images smaller.

use crate::{Image, Shape};

/// The largest of each two by two pixels; an odd last row or column is left out.
///
/// # Panics
/// If the output is too short.
pub fn max_pool_2x2(image: Image<'_>, output: &mut [f32]) {
    let stride = image.shape.stride();
    let shape = Shape { rows: image.shape.rows / 2, columns: image.shape.columns / 2, ..image.shape };
    if shape.is_empty() {
        return;
    }
    for (row, output) in output[..shape.len()].chunks_exact_mut(shape.columns * stride).enumerate() {
        let pairs = [0, 1].map(|below| image.row(2 * row + below).chunks_exact(2 * stride));
        let [above, below] = pairs;
        for ((output, above), below) in output.chunks_exact_mut(stride).zip(above).zip(below) {
            let ((a, b), (c, d)) = (above.split_at(stride), below.split_at(stride));
            for (at, value) in output.iter_mut().enumerate() {
                *value = a[at].max(b[at]).max(c[at].max(d[at]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::{self, Plain};

    proptest! {
        #[test]
        fn the_largest_of_four_is_taken(rows in 1_usize..9, columns in 1_usize..9, channels in 1_usize..20) {
            let image = Plain::noise(Shape { rows, columns, channels }, 1);
            let expected = reference::max_pool_2x2(&image);
            let mut output = vec![f32::NAN; expected.shape.len()];
            max_pool_2x2(Image::new(image.shape, &image.laid_out()), &mut output);
            prop_assert_eq!(Plain::of(Image::new(expected.shape, &output)), expected);
        }
    }
}
