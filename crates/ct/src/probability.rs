//! How likely each pixel of a slice is spine.

use serde::{Deserialize, Serialize};

use crate::Mask;
use crate::slice::{SizeMismatch, check_size};

/// Number of steps that a probability has here.
const STEPS: f32 = 256.0;

/// A probability above which a pixel is spine, in steps of 1/256, so that it decides on stored probabilities exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Threshold(u8);

impl Threshold {
    /// The step nearest to a probability; at least one step, so that impossible pixels are never spine.
    pub fn nearest(probability: f32) -> Self {
        Self((probability * STEPS).round().clamp(1.0, 255.0) as u8)
    }

    /// The level, 1 to 255: `level / 256` is the probability.
    pub fn level(self) -> u8 {
        self.0
    }

    /// The probability.
    pub fn probability(self) -> f32 {
        f32::from(self.0) / STEPS
    }
}

/// The probability of being spine for each pixel, row by row from the top left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probabilities {
    /// Number of rows (the height).
    pub rows: u32,
    /// Number of columns (the width).
    pub columns: u32,
    /// `rows * columns` levels: `q` stands for a probability above `q / 256`, at most `(q + 1) / 256`.
    pub levels: Vec<u8>,
}

impl Probabilities {
    /// Probabilities of a picture of known size.
    ///
    /// # Errors
    ///
    /// [`SizeMismatch`] unless there are `rows * columns` levels.
    pub fn new(rows: u32, columns: u32, levels: Vec<u8>) -> Result<Self, SizeMismatch> {
        check_size(rows, columns, levels.len())?;
        Ok(Self { rows, columns, levels })
    }

    /// The level of a probability from 0 to 1.
    pub fn level(probability: f32) -> u8 {
        ((probability * STEPS).ceil() - 1.0).clamp(0.0, 255.0) as u8
    }

    /// The pixels whose probability is above the threshold.
    pub fn mask(&self, threshold: Threshold) -> Mask {
        let pixels = self.levels.iter().map(|&level| u8::from(level >= threshold.0)).collect();
        Mask { rows: self.rows, columns: self.columns, pixels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_decides_on_levels_as_on_the_probabilities_themselves() {
        for step in 1..=255_u8 {
            let threshold = Threshold::nearest(f32::from(step) / STEPS);
            assert_eq!(threshold.level(), step);
            let at = threshold.probability();
            for probability in [0.0, at.next_down(), at, at.next_up(), 1.0] {
                let map = Probabilities::new(1, 1, vec![Probabilities::level(probability)]).unwrap();
                assert_eq!(map.mask(threshold).pixels, [u8::from(probability > at)], "{probability} > {at}");
            }
        }
    }

    #[test]
    fn no_threshold_takes_the_impossible_for_spine() {
        let impossible = Probabilities::new(1, 1, vec![Probabilities::level(0.0)]).unwrap();
        assert_eq!(impossible.mask(Threshold::nearest(0.0)).count(), 0);
    }
}
