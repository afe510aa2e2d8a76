//! The labels of a mask file, and which of them are spine.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The values of a mask file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Labels {
    /// The labels other than 0, in ascending order. Empty where the values are shades: fractions, or too many.
    pub found: Vec<Label>,
    /// What counts as spine unless the user chooses otherwise.
    pub choice: LabelChoice,
}

impl Labels {
    /// Whether the user may be asked which labels count as spine: there are several, and they are not shades of one.
    pub fn is_choice(&self) -> bool {
        self.found.len() > 1 && matches!(self.choice, LabelChoice::Values(_))
    }
}

/// One value of a label volume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The value.
    pub value: i32,
    /// What it stands for, where the file says it or the volume looks like TotalSegmentator's.
    pub name: Option<String>,
    /// Number of voxels.
    pub voxels: u64,
    /// Number of slices that it occurs in.
    pub slices: u32,
}

/// Which values count as spine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LabelChoice {
    /// All above this one.
    Above(f32),
    /// These.
    Values(BTreeSet<i32>),
}

impl LabelChoice {
    /// Whether a label counts as spine.
    pub fn has(&self, value: i32) -> bool {
        match self {
            Self::Above(limit) => value as f32 > *limit,
            Self::Values(values) => values.contains(&value),
        }
    }
}

impl Default for LabelChoice {
    /// Every value above 0.
    fn default() -> Self {
        Self::Above(0.0)
    }
}
