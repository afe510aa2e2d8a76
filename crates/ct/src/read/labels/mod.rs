//! Masks and label volumes.

mod names;
mod totalsegmentator;

use std::collections::{BTreeMap, BTreeSet};

use super::ReadError;
use super::dicom::Segmentation;
use crate::{Label, LabelChoice, Labels, Mask, StackInfo};

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
    pixels: Pixels,
}

/// Where the masks are.
enum Pixels {
    /// One value for each pixel, with the names of labels as far as the file tells them.
    Values(Box<dyn Values>, BTreeMap<i32, String>),
    /// As [`Pixels::Values`] of a picture, whose values are shades of one mask rather than labels.
    Shades(Box<dyn Values>),
    /// Segments, which may overlap.
    Segments(Box<Segmentation>),
}

/// Voxels, and slices in which there are any.
type Counts = BTreeMap<i32, (u64, u32)>;

impl MaskStack {
    /// Of labels, some of them with names.
    pub(super) fn of_labels(info: StackInfo, values: Box<dyn Values>, names: BTreeMap<i32, String>) -> Self {
        Self { info, pixels: Pixels::Values(values, names) }
    }

    /// Of a picture.
    pub(super) fn of_shades(info: StackInfo, values: Box<dyn Values>) -> Self {
        Self { info, pixels: Pixels::Shades(values) }
    }

    /// Of a DICOM segmentation.
    pub(super) fn of_segments(segmentation: Segmentation) -> Self {
        Self { info: segmentation.info.clone(), pixels: Pixels::Segments(Box::new(segmentation)) }
    }

    /// Goes through the whole file for the values that occur, and says which of them count as spine:
    ///
    /// - of segments and labels with names, those whose names are of vertebrae, the sacrum, the spine;
    /// - of a label volume that looks like TotalSegmentator's, the vertebrae and the sacrum: at least two of these are
    ///   there, no value is below 0, and the largest is above 28, the last label of the VerSe data sets, and at most 118;
    /// - of others, everything but 0;
    /// - of pictures, fractions, values up to exactly 255 and single labels, what is over half of the largest value.
    ///
    /// # Errors
    ///
    /// Where a slice cannot be read.
    pub fn labels(&mut self) -> Result<Labels, ReadError> {
        let mut counts = Some(Counts::new());
        let mut largest = 0.0_f32;
        for index in 0..self.info.slices.len() {
            let of_slice = match &mut self.pixels {
                Pixels::Segments(segmentation) => Some(segmentation.count(index)?),
                Pixels::Values(values, _) | Pixels::Shades(values) => {
                    let values = values.values(index)?;
                    largest =
                        values.iter().copied().filter(|value| value.is_finite()).fold(largest, f32::max);
                    count(&values)
                }
            };
            counts = counts.zip(of_slice).and_then(|(counts, of_slice)| add(counts, &of_slice));
        }
        let counts = counts.unwrap_or_default();
        Ok(self.judge(&counts, largest))
    }

    fn judge(&self, counts: &Counts, largest: f32) -> Labels {
        let values: BTreeSet<i32> = counts.keys().copied().collect();
        let is_soft = match self.pixels {
            Pixels::Segments(_) => false,
            Pixels::Shades(_) => true,
            Pixels::Values(..) => values.len() < 2 || largest == 255.0,
        };
        let totalsegmentator = match &self.pixels {
            Pixels::Values(_, names) if !is_soft && names.is_empty() => totalsegmentator::spine(&values),
            _ => None,
        };
        let name = |value: i32| match &self.pixels {
            Pixels::Segments(segmentation) => segmentation.name(value),
            Pixels::Values(_, names) if !names.is_empty() => names.get(&value).cloned(),
            _ if totalsegmentator.is_some() => totalsegmentator::name(value).map(str::to_owned),
            _ => None,
        };
        let label = |(&value, &(voxels, slices))| Label { value, name: name(value), voxels, slices };
        let found: Vec<Label> = counts.iter().map(label).collect();
        let is_named = |label: &&Label| label.name.as_deref().is_some_and(names::is_spine);
        let named: BTreeSet<i32> = found.iter().filter(is_named).map(|label| label.value).collect();
        let choice = match totalsegmentator {
            _ if is_soft => LabelChoice::Above(largest / 2.0),
            Some(spine) => LabelChoice::Values(spine),
            None if named.is_empty() => LabelChoice::Values(values),
            None => LabelChoice::Values(named),
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
        let values = match &mut self.pixels {
            Pixels::Segments(segmentation) => {
                return segmentation.mask(index, |number| choice.has(number.into()));
            }
            Pixels::Values(values, _) | Pixels::Shades(values) => values.values(index)?,
        };
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

/// The voxels of each label of a slice, 0 not among them; `None` where there are too many, or other values.
fn count(values: &[f32]) -> Option<BTreeMap<i32, u64>> {
    let mut counts = BTreeMap::new();
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

/// Adds the labels of a slice to those counted; `None` where there are too many.
fn add(mut counts: Counts, of_slice: &BTreeMap<i32, u64>) -> Option<Counts> {
    for (&value, more) in of_slice.iter().filter(|(_, more)| **more > 0) {
        let (voxels, slices) = counts.entry(value).or_default();
        *voxels += more;
        *slices += 1;
    }
    (counts.len() <= MAX_LABELS).then_some(counts)
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
