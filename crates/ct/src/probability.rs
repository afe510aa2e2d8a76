//! How likely each pixel of a slice is spine.

use std::ops::Range;

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

/// The probability of being spine for each pixel. Far from the spine it is 0: only stretches where it is not are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probabilities {
    /// Number of rows (the height).
    pub rows: u32,
    /// Number of columns (the width).
    pub columns: u32,
    /// The pixels, counted row by row from the top left, whose levels are held; all others have level 0.
    stretches: Box<[Range<u32>]>,
    /// The levels of these pixels in order.
    levels: Box<[u8]>,
}

/// So many zeros end a stretch: about as many bytes as a stretch of its own takes.
const GAP: usize = 8;

impl Probabilities {
    /// Probabilities of a picture of known size, `rows * columns` levels row by row from the top left: `q` stands for a
    /// probability above `q / 256`, at most `(q + 1) / 256`.
    ///
    /// # Errors
    ///
    /// [`SizeMismatch`] unless there are `rows * columns` levels.
    pub fn new(rows: u32, columns: u32, levels: Vec<u8>) -> Result<Self, SizeMismatch> {
        check_size(rows, columns, levels.len())?;
        let mut stretches: Vec<Range<u32>> = Vec::new();
        for (place, _) in levels.iter().enumerate().filter(|(_, level)| **level != 0) {
            match stretches.last_mut() {
                Some(last) if place - last.end as usize <= GAP => last.end = place as u32 + 1,
                _ => stretches.push(place as u32..place as u32 + 1),
            }
        }
        let held = |stretch: &Range<u32>| levels.get(stretch.start as usize..stretch.end as usize);
        let held = stretches.iter().filter_map(held).flatten().copied().collect();
        Ok(Self { rows, columns, stretches: stretches.into(), levels: held })
    }

    /// The level of a probability from 0 to 1.
    pub fn level(probability: f32) -> u8 {
        // By way of i32, which vector units have a conversion to.
        ((probability * STEPS).ceil() - 1.0).clamp(0.0, 255.0) as i32 as u8
    }

    /// `rows * columns` levels, row by row from the top left.
    pub fn levels(&self) -> Vec<u8> {
        let mut levels = vec![0; self.rows as usize * self.columns as usize];
        for (place, level) in self.held() {
            if let Some(pixel) = levels.get_mut(place) {
                *pixel = level;
            }
        }
        levels
    }

    /// The pixels whose probability is above the threshold.
    pub fn mask(&self, threshold: Threshold) -> Mask {
        let mut bits = vec![0; (self.rows as usize * self.columns as usize).div_ceil(8)];
        for (place, _) in self.held().filter(|(_, level)| *level >= threshold.0) {
            if let Some(byte) = bits.get_mut(place / 8) {
                *byte |= 1 << (place % 8);
            }
        }
        Mask { rows: self.rows, columns: self.columns, bits: bits.into() }
    }

    /// The pixels that may have another level than 0, counted row by row from the top left, with their levels.
    fn held(&self) -> impl Iterator<Item = (usize, u8)> {
        let places = self.stretches.iter().cloned().flatten();
        places.map(|place| place as usize).zip(self.levels.iter().copied())
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
                assert_eq!(
                    map.mask(threshold).pixels(),
                    [u8::from(probability > at)],
                    "{probability} > {at}"
                );
            }
        }
    }

    #[test]
    fn no_threshold_takes_the_impossible_for_spine() {
        let impossible = Probabilities::new(1, 1, vec![Probabilities::level(0.0)]).unwrap();
        assert_eq!(impossible.mask(Threshold::nearest(0.0)).count(), 0);
    }
    #[test]
    fn the_background_takes_no_memory() {
        let mut levels = vec![0; 512 * 512];
        for row in 200..300 {
            levels[row * 512 + 200..row * 512 + 300].fill(255);
        }
        let probabilities = Probabilities::new(512, 512, levels).unwrap();
        assert_eq!((probabilities.levels.len(), probabilities.stretches.len()), (100 * 100, 100));
    }

    #[cfg(not(target_arch = "wasm32"))]
    mod properties {
        use proptest::prelude::*;

        use super::*;

        proptest! {
            #[test]
            fn the_levels_given_come_back_and_the_threshold_decides_on_them(
                levels in proptest::collection::vec(prop_oneof![4 => Just(0_u8), 1 => any::<u8>()], 0..600),
                step in 1..=255_u8,
            ) {
                let probabilities = Probabilities::new(1, levels.len() as u32, levels.clone()).unwrap();
                prop_assert_eq!(&probabilities.levels(), &levels);
                let expected: Vec<u8> = levels.iter().map(|&level| u8::from(level >= step)).collect();
                prop_assert_eq!(probabilities.mask(Threshold(step)).pixels(), expected);
                prop_assert!(probabilities.levels.len() + 8 * probabilities.stretches.len() <= levels.len() + 8);
            }
        }
    }
}
