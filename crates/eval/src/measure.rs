//! The measures of one case by name.

use serde::Serialize;

use crate::{Case, Overlap};

/// A measure of how well a prediction agrees with its reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// [`Overlap::dice`].
    Dice,
    /// [`Overlap::sensitivity`].
    Sensitivity,
    /// [`Overlap::specificity`].
    Specificity,
    /// [`Overlap::precision`].
    Precision,
    /// [`Overlap::accuracy`].
    Accuracy,
    /// [`Overlap::iou`].
    Iou,
    /// [`Overlap::f1`].
    F1,
    /// [`SurfaceDistances::hd95_mm`](crate::SurfaceDistances::hd95_mm).
    Hd95Mm,
    /// [`SurfaceDistances::assd_mm`](crate::SurfaceDistances::assd_mm).
    AssdMm,
}

impl Measure {
    /// Its value for one case; `None` where it is undefined.
    pub fn of_case(self, case: &Case) -> Option<f64> {
        match self {
            Self::Hd95Mm => case.surface.map(|surface| surface.hd95_mm),
            Self::AssdMm => case.surface.map(|surface| surface.assd_mm),
            _ => self.of_overlap(&case.overlap),
        }
    }

    /// Its value for counts of pixels; `None` where it is undefined, and for distances, which counts do not tell.
    pub fn of_overlap(self, overlap: &Overlap) -> Option<f64> {
        match self {
            Self::Dice => overlap.dice(),
            Self::Sensitivity => overlap.sensitivity(),
            Self::Specificity => overlap.specificity(),
            Self::Precision => overlap.precision(),
            Self::Accuracy => overlap.accuracy(),
            Self::Iou => overlap.iou(),
            Self::F1 => overlap.f1(),
            Self::Hd95Mm | Self::AssdMm => None,
        }
    }
}

/// Something for each measure. The fields' names are those of the CSV's columns and of the report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures<T> {
    /// For the Dice coefficient.
    pub dice: T,
    /// For sensitivity (recall).
    pub sensitivity: T,
    /// For specificity.
    pub specificity: T,
    /// For precision.
    pub precision: T,
    /// For accuracy.
    pub accuracy: T,
    /// For intersection over union.
    pub iou: T,
    /// For F1 of each case.
    pub f1: T,
    /// For the 95 % Hausdorff distance in mm.
    pub hd95_mm: T,
    /// For the average symmetric surface distance in mm.
    pub assd_mm: T,
}

impl<T> Measures<T> {
    /// What `make` gives for each measure.
    pub(crate) fn each(make: impl Fn(Measure) -> T) -> Self {
        Self {
            dice: make(Measure::Dice),
            sensitivity: make(Measure::Sensitivity),
            specificity: make(Measure::Specificity),
            precision: make(Measure::Precision),
            accuracy: make(Measure::Accuracy),
            iou: make(Measure::Iou),
            f1: make(Measure::F1),
            hd95_mm: make(Measure::Hd95Mm),
            assd_mm: make(Measure::AssdMm),
        }
    }
}
