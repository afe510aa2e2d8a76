//! Pixel-wise agreement of a mask with its reference.
//!
//! The measures and their behaviour on empty masks follow Taha and Hanbury, *Metrics for evaluating 3D medical image
//! segmentation*, BMC Medical Imaging 2015;15:29, and Maier-Hein et al., *Metrics reloaded*, Nature Methods
//! 2024;21:195-212. A measure whose denominator is zero says nothing and is `None`; the exceptions are Dice, F1 and IoU of
//! two empty masks, which agree perfectly.

use std::{iter::Sum, ops::Add};

use serde::Serialize;

use crate::EvalError;

/// Counts of pixels by what was predicted and what the reference says.
///
/// `+` and `sum()` pool the counts of several images into those of one large image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Overlap {
    /// Spine in both.
    #[serde(rename = "tp")]
    pub true_positives: u64,
    /// Predicted only (extra).
    #[serde(rename = "fp")]
    pub false_positives: u64,
    /// In the reference only (missed).
    #[serde(rename = "fn")]
    pub false_negatives: u64,
    /// Spine in neither.
    #[serde(rename = "tn")]
    pub true_negatives: u64,
}

impl Overlap {
    /// Compares two masks pixel by pixel; 0 is background, anything else spine.
    ///
    /// # Errors
    ///
    /// [`EvalError::PixelCounts`] unless both have the same number of pixels.
    pub fn of(predicted: &[u8], reference: &[u8]) -> Result<Self, EvalError> {
        if predicted.len() != reference.len() {
            return Err(EvalError::PixelCounts { predicted: predicted.len(), reference: reference.len() });
        }
        let mut counts = [0_u64; 4];
        let [true_negatives, false_negatives, false_positives, true_positives] = &mut counts;
        for pixel in predicted.iter().zip(reference) {
            match pixel {
                (0, 0) => *true_negatives += 1,
                (0, _) => *false_negatives += 1,
                (_, 0) => *false_positives += 1,
                _ => *true_positives += 1,
            }
        }
        let [true_negatives, false_negatives, false_positives, true_positives] = counts;
        Ok(Self { true_positives, false_positives, false_negatives, true_negatives })
    }

    /// Pixels of the predicted mask, TP + FP.
    pub fn predicted(&self) -> u64 {
        self.true_positives + self.false_positives
    }

    /// Pixels of the reference mask, TP + FN.
    pub fn reference(&self) -> u64 {
        self.true_positives + self.false_negatives
    }

    /// All pixels.
    pub fn pixels(&self) -> u64 {
        self.predicted() + self.false_negatives + self.true_negatives
    }

    /// Dice coefficient, 2 TP / (2 TP + FP + FN) (Dice 1945); 1 where both masks are empty.
    pub fn dice(&self) -> Option<f64> {
        ratio(2 * self.true_positives, self.predicted() + self.reference()).or(Some(1.0))
    }

    /// Intersection over union, TP / (TP + FP + FN) (Jaccard 1912), which is Dice / (2 - Dice); 1 where both masks are
    /// empty.
    pub fn iou(&self) -> Option<f64> {
        ratio(self.true_positives, self.predicted() + self.false_negatives).or(Some(1.0))
    }

    /// F1, the harmonic mean of this overlap's precision and recall (van Rijsbergen 1979): the same number as
    /// [`Self::dice`] by algebra, under the name that classification uses. The F1 of Kim et al. 2020 is another number,
    /// [`paper_f1`](crate::paper_f1).
    pub fn f1(&self) -> Option<f64> {
        self.dice()
    }

    /// Sensitivity (recall), TP / (TP + FN): how much of the spine was found. `None` for an empty reference.
    pub fn sensitivity(&self) -> Option<f64> {
        ratio(self.true_positives, self.reference())
    }

    /// Specificity, TN / (TN + FP): how much of the rest was left alone. `None` where the reference is all spine.
    pub fn specificity(&self) -> Option<f64> {
        ratio(self.true_negatives, self.true_negatives + self.false_positives)
    }

    /// Precision (positive predictive value), TP / (TP + FP): how much of what was found is spine. `None` for an empty
    /// prediction.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.true_positives, self.predicted())
    }

    /// Accuracy, (TP + TN) / all pixels. `None` without pixels.
    pub fn accuracy(&self) -> Option<f64> {
        ratio(self.true_positives + self.true_negatives, self.pixels())
    }
}

impl Add for Overlap {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            true_positives: self.true_positives + other.true_positives,
            false_positives: self.false_positives + other.false_positives,
            false_negatives: self.false_negatives + other.false_negatives,
            true_negatives: self.true_negatives + other.true_negatives,
        }
    }
}

impl Sum for Overlap {
    fn sum<I: Iterator<Item = Self>>(overlaps: I) -> Self {
        overlaps.fold(Self::default(), Add::add)
    }
}

impl<'a> Sum<&'a Self> for Overlap {
    fn sum<I: Iterator<Item = &'a Self>>(overlaps: I) -> Self {
        overlaps.copied().sum()
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
