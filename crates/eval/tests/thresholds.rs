//! Curves over thresholds equal those of scikit-learn; `make_statistics.py` wrote the numbers.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a helper of tests may stop them")]

use proptest::prelude::*;
use rachis_eval::{EvalError, LevelHistogram, Overlap, ThresholdCurve};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    slices: Vec<SliceLevels>,
    average_precision: f64,
    thresholds: Vec<ExpectedPoint>,
}

#[derive(Deserialize)]
struct SliceLevels {
    levels: Vec<u8>,
    reference: Vec<u8>,
}

#[derive(Deserialize)]
struct ExpectedPoint {
    precision: Option<f64>,
    recall: f64,
    dice: f64,
    mean_dice: f64,
}

fn assert_close(found: Option<f64>, expected: Option<f64>, threshold: usize) {
    let is_close = match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() < 1e-12,
        (found, expected) => found == expected,
    };
    assert!(is_close, "at {threshold}: {found:?}, not {expected:?}");
}

#[test]
fn curves_equal_those_of_scikit_learn() {
    let samples: Vec<Expected> = serde_json::from_str(include_str!("thresholds.json")).unwrap();
    for sample in &samples {
        let histogram = |slice: &SliceLevels| LevelHistogram::of(&slice.levels, &slice.reference).unwrap();
        let curve = ThresholdCurve::of(&sample.slices.iter().map(histogram).collect::<Vec<_>>());
        assert_eq!(curve.points.len(), sample.thresholds.len());
        for (threshold, (point, expected)) in curve.points.iter().zip(&sample.thresholds).enumerate() {
            assert_eq!(usize::from(point.threshold), threshold);
            assert_close(point.pooled.precision(), expected.precision, threshold);
            assert_close(point.pooled.sensitivity(), Some(expected.recall), threshold);
            assert_close(point.pooled.dice(), Some(expected.dice), threshold);
            assert_close(Some(point.mean_dice), Some(expected.mean_dice), threshold);
        }
        let area = curve.average_precision().unwrap();
        assert!((area - sample.average_precision).abs() < 1e-12, "{area}");
    }
}

#[test]
fn without_a_spine_there_is_no_average_precision() {
    let empty = LevelHistogram::of(&[0, 9, 200], &[0, 0, 0]).unwrap();
    assert_eq!(ThresholdCurve::of(&[empty]).average_precision(), None);
}

#[test]
fn without_slices_there_is_no_curve() {
    let nothing = ThresholdCurve::of(&[]);
    assert_eq!((nothing.points.len(), nothing.average_precision()), (0, None));
}

#[test]
fn levels_of_another_image_are_refused() {
    let refused = LevelHistogram::of(&[1, 2], &[1]);
    assert!(matches!(refused, Err(EvalError::PixelCounts { predicted: 2, reference: 1 })), "{refused:?}");
}

fn slice() -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    prop::collection::vec((any::<u8>(), 0_u8..2), 0..200).prop_map(|pixels| pixels.into_iter().unzip())
}

proptest! {
    #[test]
    fn the_histogram_gives_the_overlap_of_the_thresholded_mask((levels, reference) in slice(), threshold: u8) {
        let histogram = LevelHistogram::of(&levels, &reference).unwrap();
        let mask: Vec<u8> = levels.iter().map(|&level| u8::from(level >= threshold)).collect();
        let expected = Overlap::of(&mask, &reference).unwrap();
        prop_assert_eq!(histogram.overlap_at(threshold), expected);
        prop_assert_eq!(histogram.overlaps().nth(usize::from(threshold)), Some(expected));
    }

    #[test]
    fn every_pixel_is_in_the_histogram_once((levels, reference) in slice(), (others, truth) in slice()) {
        let one = LevelHistogram::of(&levels, &reference).unwrap();
        let other = LevelHistogram::of(&others, &truth).unwrap();
        prop_assert_eq!(one.pixels(), levels.len() as u64);
        let both: LevelHistogram = [one, other].iter().sum();
        let together = LevelHistogram::of(&[levels, others].concat(), &[reference, truth].concat()).unwrap();
        prop_assert_eq!(both, together);
    }
}
