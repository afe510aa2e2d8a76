//! The figures of the paper that Rachis follows, by the paper's own definitions.

use serde::Serialize;

use crate::{Case, Measure, mean};

/// What the paper's DSC is, in a sentence without its full stop.
pub const PAPER_DSC_MEANING: &str = "The mean over the slices of each slice's Dice";

/// What the paper's F1 is, in a sentence without its full stop.
pub const PAPER_F1_MEANING: &str = "The harmonic mean of the mean precision and the mean sensitivity over the slices: not the \
    mean of the slices' F1, which is the mean Dice";

/// The figures of Kim, Ganbold and Kim, *Web-based spine segmentation using deep learning in computed tomography images*,
/// Healthc Inform Res 2020;26:61-67, by its own definitions, so that they can be compared with it.
///
/// Of one image F1 and Dice are the same number. The paper's two are not (90.4 and 91.64 %), because it averages at
/// different moments: its Dice is a mean of ratios, its F1 a ratio of means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PaperFigures {
    /// Its DSC: the mean over images of each image's Dice.
    pub paper_dsc: Option<f64>,
    /// Its precision: the mean over images of each image's precision.
    pub paper_precision: Option<f64>,
    /// Its recall: the mean over images of each image's sensitivity.
    pub paper_recall: Option<f64>,
    /// Its F1: [`paper_f1`] of the two means above.
    pub paper_f1: Option<f64>,
}

impl PaperFigures {
    /// From all slices; undefined values are left out of the means.
    pub fn of(cases: &[Case]) -> Self {
        let mean_of = |measure: Measure| mean(cases.iter().map(|case| measure.of_case(case)));
        let (paper_precision, paper_recall) = (mean_of(Measure::Precision), mean_of(Measure::Sensitivity));
        Self {
            paper_dsc: mean_of(Measure::Dice),
            paper_precision,
            paper_recall,
            paper_f1: paper_precision
                .zip(paper_recall)
                .map(|(precision, recall)| paper_f1(precision, recall)),
        }
    }
}

/// The F1 of Kim et al. 2020: the harmonic mean of precision and recall that are averaged over the images already. Not
/// the mean of the images' F1, which is their mean Dice. 0 where both are 0.
pub fn paper_f1(mean_precision: f64, mean_recall: f64) -> f64 {
    let sum = mean_precision + mean_recall;
    if sum > 0.0 { 2.0 * mean_precision * mean_recall / sum } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Overlap;

    #[test]
    fn the_papers_averages_give_the_papers_f1() {
        assert_eq!(format!("{:.2}", paper_f1(96.81, 86.99)), "91.64");
        assert_eq!(paper_f1(0.0, 0.0), 0.0);
    }

    #[test]
    fn the_papers_f1_is_not_its_dsc() {
        let case = |predicted: &[u8], reference: &[u8]| Case {
            name: String::new(),
            patient: None,
            overlap: Overlap::of(predicted, reference).unwrap(),
            pixel_area_mm2: None,
            surface: None,
        };
        let figures =
            PaperFigures::of(&[case(&[1, 1, 1, 1], &[1, 0, 0, 0]), case(&[1, 0, 0, 0], &[1, 1, 0, 0])]);
        assert_eq!((figures.paper_precision, figures.paper_recall), (Some(0.625), Some(0.75)));
        assert!((figures.paper_dsc.unwrap() - (0.4 + 2.0 / 3.0) / 2.0).abs() < 1e-12, "{figures:?}");
        assert!((figures.paper_f1.unwrap() - 2.0 * 0.625 * 0.75 / 1.375).abs() < 1e-12, "{figures:?}");
    }
}
