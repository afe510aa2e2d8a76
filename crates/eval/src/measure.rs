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
    /// All of them, the paper's first.
    pub const ALL: [Self; 9] = [
        Self::Dice,
        Self::Sensitivity,
        Self::Specificity,
        Self::Precision,
        Self::Accuracy,
        Self::Iou,
        Self::F1,
        Self::Hd95Mm,
        Self::AssdMm,
    ];

    /// The measures that the paper gives of each image.
    pub const OF_PAPER: [Self; 5] =
        [Self::Dice, Self::Sensitivity, Self::Specificity, Self::Precision, Self::Accuracy];

    /// Its name, with the unit where it has one.
    pub fn label(self) -> &'static str {
        match self {
            Self::Dice => "Dice",
            Self::Sensitivity => "Sensitivity",
            Self::Specificity => "Specificity",
            Self::Precision => "Precision",
            Self::Accuracy => "Accuracy",
            Self::Iou => "IoU",
            Self::F1 => "F1",
            Self::Hd95Mm => "HD95 (mm)",
            Self::AssdMm => "ASSD (mm)",
        }
    }

    /// What it says, in a sentence without its full stop.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Dice => "Twice the agreed area over the sum of both areas",
            Self::Sensitivity => "The share of the reference that was found (recall)",
            Self::Specificity => "The share of the background that was left alone",
            Self::Precision => "The share of the prediction that is in the reference",
            Self::Accuracy => "The share of all pixels on which both agree",
            Self::Iou => "The agreed area over the area of both together (Jaccard)",
            Self::F1 => {
                "The harmonic mean of precision and sensitivity: of one slice the same number as Dice"
            }
            Self::Hd95Mm => "The distance that 95 % of the outlines' points lie within (Hausdorff)",
            Self::AssdMm => "The average distance between the outlines",
        }
    }

    /// Its value for one case; `None` where it is undefined.
    pub fn of_case(self, case: &Case) -> Option<f64> {
        match self {
            Self::Hd95Mm => case.surface.map(|surface| surface.hd95_mm),
            Self::AssdMm => case.surface.map(|surface| surface.assd_mm),
            _ => self.of_overlap(&case.overlap),
        }
    }

    /// Whether it follows from counts of pixels, and not from distances.
    pub fn is_of_counts(self) -> bool {
        !matches!(self, Self::Hd95Mm | Self::AssdMm)
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
    /// What belongs to this measure.
    pub fn get(&self, measure: Measure) -> &T {
        match measure {
            Measure::Dice => &self.dice,
            Measure::Sensitivity => &self.sensitivity,
            Measure::Specificity => &self.specificity,
            Measure::Precision => &self.precision,
            Measure::Accuracy => &self.accuracy,
            Measure::Iou => &self.iou,
            Measure::F1 => &self.f1,
            Measure::Hd95Mm => &self.hd95_mm,
            Measure::AssdMm => &self.assd_mm,
        }
    }

    /// What belongs to this measure, to be changed.
    pub(crate) fn get_mut(&mut self, measure: Measure) -> &mut T {
        match measure {
            Measure::Dice => &mut self.dice,
            Measure::Sensitivity => &mut self.sensitivity,
            Measure::Specificity => &mut self.specificity,
            Measure::Precision => &mut self.precision,
            Measure::Accuracy => &mut self.accuracy,
            Measure::Iou => &mut self.iou,
            Measure::F1 => &mut self.f1,
            Measure::Hd95Mm => &mut self.hd95_mm,
            Measure::AssdMm => &mut self.assd_mm,
        }
    }

    /// What `make` gives for each measure.
    pub fn each(make: impl Fn(Measure) -> T) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_measure_has_a_place_and_a_name_of_its_own() {
        let mut measures = Measures::each(|measure| measure);
        for measure in Measure::ALL {
            assert_eq!(*measures.get(measure), measure);
            assert_eq!(*measures.get_mut(measure), measure);
            assert_eq!(Measure::ALL.iter().filter(|other| other.label() == measure.label()).count(), 1);
        }
    }
}
