//! Masks and label volumes.

mod totalsegmentator;

use std::collections::{BTreeMap, BTreeSet};

use super::ReadError;
use crate::{Mask, StackInfo};

/// The number of different values above which a volume holds no labels but shades.
const MAX_LABELS: usize = 255;

/// Decodes the stored values of a mask, slice by slice.
pub(super) trait Values {
    /// The values of the slice at this place, as shown.
    fn values(&mut self, index: usize) -> Result<Vec<f32>, ReadError>;
}

/// An opened file of masks or labels, whose slices are decoded one at a time.
pub struct MaskStack {
    /// What the file holds; nothing is said about meanings.
    pub info: StackInfo,
    values: Box<dyn Values>,
    /// Whether several values are labels rather than shades of one.
    holds_labels: bool,
}

/// The values of a mask file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Labels {
    /// The labels other than 0, in ascending order. Empty where the values are shades: fractions, or too many.
    pub found: Vec<Label>,
    /// What counts as spine unless the user chooses otherwise.
    pub choice: LabelChoice,
}

/// One value of a label volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The value.
    pub value: i32,
    /// What it stands for, where the volume looks like TotalSegmentator's.
    pub name: Option<&'static str>,
    /// Number of voxels.
    pub voxels: u64,
}

/// Which values count as spine.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum LabelChoice {
    /// All above this one.
    Above(f32),
    /// These.
    Values(BTreeSet<i32>),
}

impl Default for LabelChoice {
    /// Every value above 0.
    fn default() -> Self {
        Self::Above(0.0)
    }
}

impl MaskStack {
    pub(super) fn new(info: StackInfo, values: Box<dyn Values>, holds_labels: bool) -> Self {
        Self { info, values, holds_labels }
    }

    /// Goes through the whole file for the values that occur, and says which of them count as spine:
    ///
    /// - of a label volume that looks like TotalSegmentator's, the vertebrae and the sacrum: at least two of these are
    ///   there, no value is below 0, and the largest is above 28, the last label of the VerSe data sets, and at most 118;
    /// - of other label volumes, everything but 0;
    /// - of pictures, fractions, values up to exactly 255 and single labels, what is over half of the largest value.
    ///
    /// # Errors
    ///
    /// Where a slice cannot be read.
    pub fn labels(&mut self) -> Result<Labels, ReadError> {
        let mut counts = Some(BTreeMap::new());
        let mut largest = 0.0_f32;
        for index in 0..self.info.slices.len() {
            let values = self.values.values(index)?;
            largest = values.iter().copied().filter(|value| value.is_finite()).fold(largest, f32::max);
            counts = counts.and_then(|counts| count(counts, &values));
        }
        let counts = counts.unwrap_or_default();
        Ok(self.judge(&counts, largest))
    }

    fn judge(&self, counts: &BTreeMap<i32, u64>, largest: f32) -> Labels {
        let values: BTreeSet<i32> = counts.keys().copied().collect();
        let is_soft = values.len() < 2 || largest == 255.0 || !self.holds_labels;
        let spine = if is_soft { None } else { totalsegmentator::spine(&values) };
        let label = |(&value, &voxels): (&i32, &u64)| {
            let name = spine.as_ref().and_then(|_| totalsegmentator::name(value));
            Label { value, name, voxels }
        };
        let found = counts.iter().map(label).collect();
        let choice = match spine {
            _ if is_soft => LabelChoice::Above(largest / 2.0),
            Some(spine) => LabelChoice::Values(spine),
            None => LabelChoice::Values(values),
        };
        Labels { found, choice }
    }

    /// The slice at this place of [`StackInfo::slices`] as a mask, as shown.
    ///
    /// # Errors
    ///
    /// Why this slice cannot be read; others may still be.
    pub fn mask(&mut self, index: usize, choice: &LabelChoice) -> Result<Mask, ReadError> {
        let info = self.info.slices.get(index).ok_or(ReadError::NoSuchSlice)?;
        let (rows, columns) = (info.rows, info.columns);
        let values = self.values.values(index)?;
        let pixels = match choice {
            LabelChoice::Above(limit) => values.iter().map(|value| u8::from(value > limit)).collect(),
            LabelChoice::Values(chosen) => of_values(&values, chosen),
        };
        Mask::new(rows, columns, pixels).map_err(|_| ReadError::Damaged { kind: "mask" })
    }
}

/// The label that a value is.
fn label(value: f32) -> Option<i32> {
    let is_label = value.fract() == 0.0 && value.abs() <= 16_777_216.0;
    is_label.then_some(value as i32)
}

/// Adds the labels of a slice to those counted, 0 not among them; `None` where there are too many, or other values.
fn count(mut counts: BTreeMap<i32, u64>, values: &[f32]) -> Option<BTreeMap<i32, u64>> {
    for run in values.chunk_by(|one, other| one == other) {
        let value = run.first().and_then(|&value| label(value))?;
        if value != 0 {
            *counts.entry(value).or_default() += run.len() as u64;
        }
        if counts.len() > MAX_LABELS {
            return None;
        }
    }
    Some(counts)
}

/// 1 where a value is among the chosen.
fn of_values(values: &[f32], chosen: &BTreeSet<i32>) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(values.len());
    for run in values.chunk_by(|one, other| one == other) {
        let is_chosen =
            run.first().and_then(|&value| label(value)).is_some_and(|value| chosen.contains(&value));
        pixels.resize(pixels.len() + run.len(), u8::from(is_chosen));
    }
    pixels
}
