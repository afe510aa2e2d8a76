//! Adding and cutting edges.

use crate::Shape;
use crate::cpu::Image;

/// Puts the image into one of `shape`, its first pixel at row and column `at`, which may lie outside; what the image
/// does not cover is 0.
///
/// # Panics
/// If the output is too short.
pub(crate) fn frame(image: Image<'_>, at: [isize; 2], shape: Shape, output: &mut [f32]) {
    let stride = shape.stride();
    let inside = |place: usize, at: isize, length: usize| {
        place.checked_add_signed(-at).filter(|&place| place < length)
    };
    for (row, output) in output[..shape.len()].chunks_exact_mut(shape.columns * stride).enumerate() {
        let source = inside(row, at[0], image.shape.rows).map(|row| image.row(row));
        for (column, output) in output.chunks_exact_mut(stride).enumerate() {
            match (source, inside(column, at[1], image.shape.columns)) {
                (Some(source), Some(column)) => output.copy_from_slice(&source[column * stride..][..stride]),
                _ => output.fill(0.0),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::Plain;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    proptest! {
        #[test]
        fn the_image_stands_where_it_was_put(
            size in [1_usize..6, 1_usize..6],
            larger in [1_usize..9, 1_usize..9],
            at in [-4_isize..6, -4_isize..6],
            channels in 1_usize..12,
        ) {
            let image = Plain::noise(Shape { rows: size[0], columns: size[1], channels }, 1);
            let shape = Shape { rows: larger[0], columns: larger[1], channels };
            let mut output = vec![f32::NAN; shape.len()];
            frame(Image::new(image.shape, &image.laid_out()), at, shape, &mut output);
            let output = Plain::of(Image::new(shape, &output));
            for row in 0..shape.rows {
                for column in 0..shape.columns {
                    let place = [row as isize - at[0], column as isize - at[1]];
                    let covered = (0..2).all(|axis| (0..size[axis] as isize).contains(&place[axis]));
                    for channel in 0..channels {
                        let expected =
                            if covered { image.at(place[0] as usize, place[1] as usize, channel) } else { 0.0 };
                        prop_assert_eq!(output.at(row, column, channel), expected);
                    }
                }
            }
        }
    }
}
