//! Pixel-wise agreement of a mask with its reference.
//!
//! The measures and their behaviour on empty masks follow Taha and Hanbury, *Metrics for evaluating 3D medical image
//! segmentation*, BMC Medical Imaging 2015;15:29, and Maier-Hein et al., *Metrics reloaded*, Nature Methods
//! 2024;21:195-212. A measure whose denominator is zero says nothing and is `None`; the one exception is the Dice of
//! two empty masks, which agree perfectly.

/// The two masks have different numbers of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the mask has {predicted} pixels and its reference {reference}: choose the reference of the same image"
)]
pub struct LengthMismatch {
    /// Pixels of the predicted mask.
    pub predicted: usize,
    /// Pixels of the reference mask.
    pub reference: usize,
}

/// Counts of pixels by what was predicted and what the reference says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overlap {
    /// Spine in both.
    pub true_positives: u64,
    /// Predicted only (extra).
    pub false_positives: u64,
    /// In the reference only (missed).
    pub false_negatives: u64,
    /// Spine in neither.
    pub true_negatives: u64,
}

impl Overlap {
    /// Compares two masks pixel by pixel; 0 is background, anything else spine.
    ///
    /// # Errors
    ///
    /// [`LengthMismatch`] unless both have the same number of pixels.
    pub fn of(predicted: &[u8], reference: &[u8]) -> Result<Self, LengthMismatch> {
        if predicted.len() != reference.len() {
            return Err(LengthMismatch { predicted: predicted.len(), reference: reference.len() });
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

    /// Dice coefficient, 2 TP / (2 TP + FP + FN) (Dice 1945); 1 where both masks are empty.
    pub fn dice(&self) -> Option<f64> {
        let doubled = 2 * self.true_positives;
        ratio(doubled, doubled + self.false_positives + self.false_negatives).or(Some(1.0))
    }

    /// Sensitivity (recall), TP / (TP + FN): how much of the spine was found. `None` for an empty reference.
    pub fn sensitivity(&self) -> Option<f64> {
        ratio(self.true_positives, self.true_positives + self.false_negatives)
    }

    /// Specificity, TN / (TN + FP): how much of the rest was left alone. `None` where the reference is all spine.
    pub fn specificity(&self) -> Option<f64> {
        ratio(self.true_negatives, self.true_negatives + self.false_positives)
    }

    /// Precision (positive predictive value), TP / (TP + FP): how much of what was found is spine. `None` for an empty
    /// prediction.
    pub fn precision(&self) -> Option<f64> {
        ratio(self.true_positives, self.true_positives + self.false_positives)
    }

    /// Accuracy, (TP + TN) / all pixels. `None` without pixels.
    pub fn accuracy(&self) -> Option<f64> {
        let agreed = self.true_positives + self.true_negatives;
        ratio(agreed, agreed + self.false_positives + self.false_negatives)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
