//! Agreement at every threshold, from one histogram per slice.
//!
//! **A threshold chosen on the slices that it is then judged on is optimistic**: choose it on other patients
//! (validation), and report what it gives on the test set.

use std::iter::Sum;

use crate::{EvalError, Overlap, mean};

/// Levels of probability that an 8-bit number holds.
const LEVELS: usize = 256;

/// How many pixels of each level of probability are spine in the reference, and how many are not.
///
/// Level q stands for the probabilities in (q / 256, (q + 1) / 256] (0 belongs to level 0), so that a level is at least t
/// exactly where the probability exceeds t / 256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelHistogram {
    spine: [u64; LEVELS],
    rest: [u64; LEVELS],
}

impl LevelHistogram {
    /// Counts the levels of a slice; in the reference 0 is background, anything else spine.
    ///
    /// # Errors
    ///
    /// [`EvalError::PixelCounts`] unless both have the same number of pixels.
    pub fn of(levels: &[u8], reference: &[u8]) -> Result<Self, EvalError> {
        if levels.len() != reference.len() {
            return Err(EvalError::PixelCounts { predicted: levels.len(), reference: reference.len() });
        }
        let mut histogram = Self::default();
        for (&level, &pixel) in levels.iter().zip(reference) {
            let counts = if pixel == 0 { &mut histogram.rest } else { &mut histogram.spine };
            if let Some(count) = counts.get_mut(usize::from(level)) {
                *count += 1;
            }
        }
        Ok(histogram)
    }

    /// All pixels.
    pub fn pixels(&self) -> u64 {
        self.spine.iter().chain(&self.rest).sum()
    }

    /// The overlap of the mask of all levels from `threshold` up.
    pub fn overlap_at(&self, threshold: u8) -> Overlap {
        let tail = |counts: &[u64; LEVELS]| counts.iter().skip(usize::from(threshold)).sum::<u64>();
        let (true_positives, false_positives) = (tail(&self.spine), tail(&self.rest));
        Overlap {
            true_positives,
            false_positives,
            false_negatives: self.spine.iter().sum::<u64>() - true_positives,
            true_negatives: self.rest.iter().sum::<u64>() - false_positives,
        }
    }

    /// The overlap at each threshold, from 0 (everything is spine) to 255.
    pub fn overlaps(&self) -> impl Iterator<Item = Overlap> {
        let everything = self.overlap_at(0);
        self.spine.iter().zip(&self.rest).scan(everything, |overlap, (&spine, &rest)| {
            let at_threshold = *overlap;
            overlap.true_positives -= spine;
            overlap.false_negatives += spine;
            overlap.false_positives -= rest;
            overlap.true_negatives += rest;
            Some(at_threshold)
        })
    }
}

impl Default for LevelHistogram {
    fn default() -> Self {
        Self { spine: [0; LEVELS], rest: [0; LEVELS] }
    }
}

impl<'a> Sum<&'a Self> for LevelHistogram {
    /// The histogram of all slices together.
    fn sum<I: Iterator<Item = &'a Self>>(histograms: I) -> Self {
        histograms.fold(Self::default(), |mut total, histogram| {
            let counts = total.spine.iter_mut().chain(&mut total.rest);
            counts.zip(histogram.spine.iter().chain(&histogram.rest)).for_each(|(sum, count)| *sum += count);
            total
        })
    }
}

/// What one threshold gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThresholdPoint {
    /// The lowest level that is spine: probabilities above `threshold` / 256.
    pub threshold: u8,
    /// The counts of all slices together; its precision and sensitivity are a point of the precision-recall curve.
    pub pooled: Overlap,
    /// The mean over slices of their Dice.
    pub mean_dice: f64,
}

/// What every threshold gives, from 0 to 255.
#[derive(Debug, Clone, PartialEq)]
pub struct ThresholdCurve {
    /// One point for each threshold in rising order; none without slices.
    pub points: Vec<ThresholdPoint>,
}

impl ThresholdCurve {
    /// From the histograms of the slices.
    pub fn of<'a>(histograms: impl IntoIterator<Item = &'a LevelHistogram>) -> Self {
        let mut slices: Vec<_> = histograms.into_iter().map(LevelHistogram::overlaps).collect();
        let mut points = Vec::new();
        for threshold in 0..=u8::MAX {
            let overlaps: Vec<Overlap> = slices.iter_mut().filter_map(Iterator::next).collect();
            if let Some(mean_dice) = mean(overlaps.iter().map(Overlap::dice)) {
                points.push(ThresholdPoint { threshold, pooled: overlaps.iter().sum(), mean_dice });
            }
        }
        Self { points }
    }

    /// Average precision of all pixels together, Σ (Rₙ - Rₙ₋₁) Pₙ from the highest threshold to the lowest, without
    /// interpolation: scikit-learn's `average_precision_score`. `None` where no reference has a spine.
    pub fn average_precision(&self) -> Option<f64> {
        let mut recall_above = 0.0;
        let mut area = 0.0;
        for point in self.points.iter().rev() {
            let recall = point.pooled.sensitivity()?;
            area += (recall - recall_above) * point.pooled.precision().unwrap_or_default();
            recall_above = recall;
        }
        (!self.points.is_empty()).then_some(area)
    }
}
