//! The exact Euclidean distance of every pixel to the nearest pixel of a set.
//!
//! Felzenszwalb and Huttenlocher, *Distance transforms of sampled functions*, Theory of Computing 2012;8:415-428: the
//! squared distance is separable, and along one line it is the lower envelope of one parabola for each pixel. Linear in
//! the number of pixels for any number of axes, each with its own spacing.

use ndarray::{Array, ArrayRef, ArrayView, Axis, Dimension, Ix1};

/// The squared distance in mm² of each pixel to the nearest pixel that is `true`, infinite where there is none.
/// `spacing_mm` is the distance between neighbours along each axis.
pub fn squared_distances_mm2<D: Dimension>(set: ArrayView<bool, D>, spacing_mm: &[f64]) -> Array<f64, D> {
    let mut squared = set.map(|&is_in_set| if is_in_set { 0.0 } else { f64::INFINITY });
    let mut envelope = Vec::new();
    for (axis, &spacing_mm) in spacing_mm.iter().enumerate() {
        for mut line in squared.lanes_mut(Axis(axis)) {
            lower_envelope(&line, spacing_mm, &mut envelope);
            fill(&mut line, spacing_mm, &envelope);
        }
    }
    squared
}

/// A parabola of the lower envelope: `height_mm2` at its vertex, rising with the square of the distance.
struct Parabola {
    vertex: usize,
    height_mm2: f64,
    /// Where along the line it becomes the lowest, in pixels.
    start: f64,
}

impl Parabola {
    /// Where this parabola and one further along the line meet, in pixels.
    fn crossing(&self, vertex: usize, height_mm2: f64, spacing_mm: f64) -> f64 {
        let apart = (vertex - self.vertex) as f64;
        let middle = self.vertex as f64 + apart / 2.0;
        middle + (height_mm2 - self.height_mm2) / (2.0 * apart * spacing_mm * spacing_mm)
    }
}

/// The parabolas of a line that are the lowest somewhere, in order.
fn lower_envelope(line: &ArrayRef<f64, Ix1>, spacing_mm: f64, envelope: &mut Vec<Parabola>) {
    envelope.clear();
    for (vertex, &height_mm2) in line.iter().enumerate().filter(|(_, height)| height.is_finite()) {
        let mut start = f64::NEG_INFINITY;
        while let Some(last) = envelope.last() {
            start = last.crossing(vertex, height_mm2, spacing_mm);
            if start > last.start {
                break;
            }
            envelope.pop();
        }
        envelope.push(Parabola { vertex, height_mm2, start });
    }
}

/// Overwrites a line with the heights of its envelope.
fn fill(line: &mut ArrayRef<f64, Ix1>, spacing_mm: f64, envelope: &[Parabola]) {
    let mut parabolas = envelope.iter().peekable();
    let Some(mut lowest) = parabolas.next() else { return };
    for (position, squared) in line.iter_mut().enumerate() {
        while let Some(next) = parabolas.next_if(|next| next.start <= position as f64) {
            lowest = next;
        }
        let distance_mm = position.abs_diff(lowest.vertex) as f64 * spacing_mm;
        *squared = distance_mm * distance_mm + lowest.height_mm2;
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array3;
    use proptest::prelude::*;

    use super::*;

    /// The definition, by trying every pixel of the set.
    fn by_definition(set: &Array3<bool>, spacing_mm: [f64; 3]) -> Array3<f64> {
        let square = |(a, b, mm): (usize, usize, f64)| (a.abs_diff(b) as f64 * mm).powi(2);
        Array3::from_shape_fn(set.dim(), |(i, j, k)| {
            let to = |((x, y, z), _): ((usize, usize, usize), &bool)| {
                [(i, x, spacing_mm[0]), (j, y, spacing_mm[1]), (k, z, spacing_mm[2])].map(square).iter().sum()
            };
            set.indexed_iter().filter(|(_, is_in_set)| **is_in_set).map(to).fold(f64::INFINITY, f64::min)
        })
    }

    proptest! {
        #[test]
        fn distances_are_those_to_the_nearest_pixel(
            shape in (1_usize..6, 1_usize..6, 1_usize..7),
            pixels in prop::collection::vec(prop::bool::weighted(0.1), 6 * 6 * 7),
            spacing_mm in prop::array::uniform3(0.2_f64..5.0),
        ) {
            let mut pixels = pixels.into_iter();
            let set = Array3::from_shape_simple_fn(shape, || pixels.next().unwrap());
            let squared = squared_distances_mm2(set.view(), &spacing_mm);
            for (fast, slow) in squared.iter().zip(&by_definition(&set, spacing_mm)) {
                prop_assert!(fast == slow || (fast - slow).abs() < 1e-9 * slow, "{fast} {slow}");
            }
        }
    }
}
