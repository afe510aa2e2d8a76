//! Making images smaller.

use crate::cpu::Image;
use crate::{Geometry, PoolKind, Shape};

/// The largest of each two by two pixels; an odd last row or column is left out.
///
/// # Panics
/// If the output is too short.
pub(crate) fn max_pool_2x2(image: Image<'_>, output: &mut [f32]) {
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

/// The largest value or the mean of windows, what is outside the image does not count.
///
/// # Panics
/// If the output is too short.
pub(crate) fn pool(image: Image<'_>, geometry: Geometry, kind: PoolKind, shape: Shape, output: &mut [f32]) {
    let stride = shape.stride();
    let [above, left] = geometry.before(image.shape.size(), shape.size());
    let seen = |axis: usize, at: usize, before: usize, length: usize| {
        let start = at * geometry.stride[axis];
        (start..start + geometry.size[axis])
            .filter_map(move |at| at.checked_sub(before))
            .filter(move |at| *at < length)
    };
    let pixels = output[..shape.len()].chunks_exact_mut(stride);
    for (at, output) in pixels.enumerate() {
        let (row, column) = (at / shape.columns, at % shape.columns);
        output.fill(if kind == PoolKind::Max { f32::NEG_INFINITY } else { 0.0 });
        let mut count = 0.0;
        for row in seen(0, row, above, image.shape.rows) {
            let source = image.row(row);
            for column in seen(1, column, left, image.shape.columns) {
                count += 1.0;
                for (y, x) in output.iter_mut().zip(&source[column * stride..]) {
                    *y = if kind == PoolKind::Max { y.max(*x) } else { *y + x };
                }
            }
        }
        if kind == PoolKind::Average {
            output.iter_mut().for_each(|y| *y /= count);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::{self, Plain};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    proptest! {
        #[test]
        fn the_largest_of_four_is_taken(rows in 1_usize..9, columns in 1_usize..9, channels in 1_usize..20) {
            let image = Plain::noise(Shape { rows, columns, channels }, 1);
            let expected = reference::max_pool_2x2(&image);
            let mut output = vec![f32::NAN; expected.shape.len()];
            max_pool_2x2(Image::new(image.shape, &image.laid_out()), &mut output);
            prop_assert_eq!(Plain::of(Image::new(expected.shape, &output)), expected);
        }

        #[test]
        fn windows_of_any_size_take_what_lies_inside(
            size in [1_usize..5, 1_usize..5],
            stride in [1_usize..4, 1_usize..4],
            rows in 4_usize..9,
            columns in 4_usize..9,
            channels in 1_usize..20,
            same: bool,
        ) {
            let geometry = Geometry { size, stride, dilation: [1, 1] };
            let image = Plain::noise(Shape { rows, columns, channels }, 1);
            let windows = |axis: usize, length: usize| {
                if same { length.div_ceil(stride[axis]) } else { (length - size[axis]) / stride[axis] + 1 }
            };
            for kind in [PoolKind::Max, PoolKind::Average] {
                let expected = reference::pool(&image, geometry, kind, [windows(0, rows), windows(1, columns)]);
                let mut output = vec![f32::NAN; expected.shape.len()];
                pool(Image::new(image.shape, &image.laid_out()), geometry, kind, expected.shape, &mut output);
                let difference = Plain::of(Image::new(expected.shape, &output)).difference(&expected);
                prop_assert!(difference < 1e-6, "{}", difference);
            }
        }
    }
}
