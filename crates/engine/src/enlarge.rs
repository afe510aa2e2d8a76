//! Coarse slices, enlarged to about the pixel size that a network was trained on.

use image::imageops::{FilterType, resize};
use image::{ImageBuffer, Luma};
use rachis_ct::{Slice, TYPICAL_SIDE};

/// No slice is enlarged more times: there is nothing more to be seen in it.
const MOST_TIMES: usize = 4;

/// No side becomes longer by enlarging.
const LARGEST_SIDE: usize = 1024;

/// How many times the rows and the columns of a slice are enlarged, and its size before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Enlargement {
    times: [usize; 2],
    size: [usize; 2],
}

impl Enlargement {
    /// For a network trained on pixels of `pixel_mm`, where that matters to it. A slice that does not tell the size of its
    /// pixels is taken for a smaller picture of a whole slice.
    pub(crate) fn of(slice: &Slice, pixel_mm: Option<f32>) -> Self {
        let size = [slice.rows as usize, slice.columns as usize];
        let longest = size.into_iter().max().unwrap_or_default().max(1);
        let most = (LARGEST_SIDE / longest).clamp(1, MOST_TIMES);
        let finer = match (pixel_mm, slice.spacing) {
            (None, _) => [1.0; 2],
            (Some(pixel_mm), Some(spacing)) => [spacing.row_mm / pixel_mm, spacing.column_mm / pixel_mm],
            (Some(_), None) => [TYPICAL_SIDE as f32 / longest as f32; 2],
        };
        // What is no number becomes 0.
        Self { times: finer.map(|finer| (finer.round() as usize).clamp(1, most)), size }
    }

    /// Rows and columns of the enlarged picture.
    pub(crate) fn size(self) -> [usize; 2] {
        let [down, across] = self.times;
        let [rows, columns] = self.size;
        [rows * down, columns * across]
    }

    pub(crate) fn is_none(self) -> bool {
        self.times == [1, 1]
    }

    /// The picture, of values from 0 to 1, with cubic interpolation (Catmull-Rom; Keys, IEEE Trans ASSP 1981;29(6):1153-60).
    pub(crate) fn enlarge(self, picture: Vec<f32>) -> Vec<f32> {
        if self.is_none() {
            return picture;
        }
        let [[rows, columns], [height, width]] =
            [self.size, self.size()].map(|size| size.map(|side| side as u32));
        // `size` is that of the picture.
        ImageBuffer::<Luma<f32>, _>::from_raw(columns, rows, picture)
            .map(|picture| resize(&picture, width, height, FilterType::CatmullRom).into_raw())
            .unwrap_or_default()
    }

    /// Back to the slice's size: the mean of the pixels that each pixel has become.
    pub(crate) fn reduce(self, picture: Vec<f32>) -> Vec<f32> {
        if self.is_none() {
            return picture;
        }
        let ([down, across], [rows, columns]) = (self.times, self.size);
        let mut reduced = vec![0.0; rows * columns];
        let wide = picture.chunks_exact((columns * across).max(1));
        for (row, wide) in wide.enumerate() {
            let target = reduced.iter_mut().skip(row / down * columns);
            for (target, pixels) in target.zip(wide.chunks_exact(across)) {
                *target += pixels.iter().sum::<f32>();
            }
        }
        let pixels = (down * across) as f32;
        reduced.iter_mut().for_each(|sum| *sum /= pixels);
        reduced
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rachis_ct::{Quantity, Spacing};

    use super::*;

    fn slice(rows: u32, columns: u32, spacing: Option<[f32; 2]>) -> Slice {
        let spacing = spacing.map(|[row_mm, column_mm]| Spacing { row_mm, column_mm });
        let pixels = vec![0; (rows * columns) as usize];
        Slice { rows, columns, pixels, quantity: Quantity::Hu, spacing, window: None }
    }

    fn times(rows: u32, columns: u32, spacing: Option<[f32; 2]>) -> [usize; 2] {
        Enlargement::of(&slice(rows, columns, spacing), Some(0.8)).times
    }

    #[test]
    fn a_slice_is_enlarged_by_the_size_of_its_pixels() {
        assert_eq!(times(512, 512, Some([0.7, 0.7])), [1, 1]);
        assert_eq!(times(512, 512, Some([1.19, 1.19])), [1, 1]);
        assert_eq!(times(256, 256, Some([1.21, 1.21])), [2, 2]);
        assert_eq!(times(122, 101, Some([3.0, 3.0])), [4, 4]);
        assert_eq!(times(200, 300, Some([2.5, 0.9])), [3, 1]);
    }

    #[test]
    fn a_picture_without_pixel_size_is_taken_for_a_whole_slice() {
        assert_eq!(times(512, 400, None), [1, 1]);
        assert_eq!(times(342, 342, None), [1, 1]);
        assert_eq!(times(341, 200, None), [2, 2]);
        assert_eq!(times(100, 100, None), [4, 4]);
    }

    #[test]
    fn enlarging_has_its_limits() {
        assert_eq!(times(64, 64, Some([10.0, 10.0])), [4, 4]);
        assert_eq!(times(512, 512, Some([3.0, 3.0])), [2, 2]);
        assert_eq!(times(1200, 900, Some([3.0, 3.0])), [1, 1]);
        assert_eq!(times(256, 256, Some([f32::NAN, -1.0])), [1, 1]);
        assert_eq!(times(256, 256, Some([f32::INFINITY, 0.0])), [4, 1]);
    }

    #[test]
    fn a_network_without_a_pixel_size_gets_slices_as_they_are() {
        assert_eq!(Enlargement::of(&slice(64, 64, Some([3.0, 3.0])), None).size(), [64, 64]);
    }

    proptest! {
        #[test]
        fn a_ramp_is_enlarged_to_a_ramp_and_reduced_to_itself(
            rows in 8_u32..24,
            columns in 8_u32..24,
            spacing in [0.5_f32..4.0, 0.5_f32..4.0],
        ) {
            let enlargement = Enlargement::of(&slice(rows, columns, Some(spacing)), Some(0.8));
            let [rows, columns] = enlargement.size;
            let ramp: Vec<f32> =
                (0..rows * columns).map(|at| (at / columns + at % columns) as f32 / 50.0).collect();
            let enlarged = enlargement.enlarge(ramp.clone());
            let [height, width] = enlargement.size();
            prop_assert_eq!(enlarged.len(), height * width);

            // Interpolation is exact where the slope goes on: two pixels from the edges.
            let [down, across] = enlargement.times;
            for row in 2 * down..height - 2 * down {
                for column in 2 * across..width - 2 * across {
                    let place = |at: usize, times: usize| (at as f32 + 0.5) / times as f32 - 0.5;
                    let expected = (place(row, down) + place(column, across)) / 50.0;
                    prop_assert!((enlarged[row * width + column] - expected).abs() < 1e-4);
                }
            }
            for (at, (found, expected)) in enlargement.reduce(enlarged).into_iter().zip(ramp).enumerate() {
                let (row, column) = (at / columns, at % columns);
                let is_inside = (2..rows - 2).contains(&row) && (2..columns - 2).contains(&column);
                prop_assert!(!is_inside || (found - expected).abs() < 1e-4);
            }
        }
    }
}
