//! The Bland-Altman analysis equals the published one and SciPy's; `make_statistics.py` wrote the numbers.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a helper of tests may stop them")]

use proptest::prelude::*;
use rachis_eval::{AreaPair, BlandAltman, Interval};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    predicted: Vec<f64>,
    reference: Vec<f64>,
    mean_difference: f64,
    mean_difference_interval: [f64; 2],
    standard_deviation: f64,
    lower_limit: f64,
    lower_limit_interval: [f64; 2],
    upper_limit: f64,
    upper_limit_interval: [f64; 2],
    outliers: Vec<usize>,
}

fn pairs(predicted: &[f64], reference: &[f64]) -> Vec<AreaPair> {
    let pair =
        |(case, (&predicted, &reference)): (usize, (&f64, &f64))| AreaPair { case, predicted, reference };
    predicted.iter().zip(reference).enumerate().map(pair).collect()
}

fn outliers(analysis: &BlandAltman) -> Vec<usize> {
    analysis.outliers().map(|point| point.case).collect()
}

#[test]
fn the_analysis_equals_that_of_scipy() {
    let samples: Vec<Expected> = serde_json::from_str(include_str!("agreement.json")).unwrap();
    for sample in &samples {
        let found = BlandAltman::of(&pairs(&sample.predicted, &sample.reference)).unwrap();
        let close = |found: f64, expected: f64| {
            assert!((found - expected).abs() < 1e-8 * expected.abs().max(1.0), "{found}, not {expected}");
        };
        let both = |found: Interval, expected: [f64; 2]| {
            close(found.low, expected[0]);
            close(found.high, expected[1]);
        };
        close(found.mean_difference, sample.mean_difference);
        close(found.standard_deviation, sample.standard_deviation);
        close(found.lower_limit, sample.lower_limit);
        close(found.upper_limit, sample.upper_limit);
        both(found.mean_difference_interval, sample.mean_difference_interval);
        both(found.lower_limit_interval, sample.lower_limit_interval);
        both(found.upper_limit_interval, sample.upper_limit_interval);
        assert_eq!(outliers(&found), sample.outliers);
    }
}

/// Peak expiratory flow in l/min by the Wright and the mini Wright meter: the table and the results of Bland and Altman
/// 1986, first readings. They printed limits at 2 s, so that only how wide the limits' intervals are can be compared.
#[test]
fn the_analysis_of_peak_flow_meters_equals_the_published_one() {
    let wright = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427];
    let mini = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451];
    let found = BlandAltman::of(&pairs(&wright.map(f64::from), &mini.map(f64::from))).unwrap();
    let published =
        |found: f64, printed: f64| assert!((found - printed).abs() <= 0.15, "{found}, not {printed}");
    published(found.mean_difference, -2.1);
    published(found.standard_deviation, 38.8);
    published(found.mean_difference_interval.low, -22.0);
    published(found.mean_difference_interval.high, 17.8);
    published(found.upper_limit - found.mean_difference, 1.96 * 38.8);
    published((found.lower_limit_interval.high - found.lower_limit_interval.low) / 2.0, (114.3 - 45.1) / 2.0);
    published((found.upper_limit_interval.high - found.upper_limit_interval.low) / 2.0, (110.1 - 40.9) / 2.0);
    assert_eq!(outliers(&found), [14]);
}

#[test]
fn fewer_than_two_cases_cannot_be_analysed() {
    assert_eq!(BlandAltman::of(&[]), None);
    assert_eq!(BlandAltman::of(&pairs(&[3.0], &[2.0])), None);
}

#[test]
fn areas_that_all_agree_have_no_outliers() {
    let found = BlandAltman::of(&pairs(&[0.1, 0.2, 0.3], &[0.1, 0.2, 0.3])).unwrap();
    assert_eq!((found.mean_difference, found.standard_deviation), (0.0, 0.0));
    assert_eq!(outliers(&found), [0_usize; 0]);
}

proptest! {
    #[test]
    fn swapping_the_methods_mirrors_the_plot(areas in prop::collection::vec((0.0_f64..1e4, 0.0_f64..1e4), 2..40)) {
        let (a, b): (Vec<f64>, Vec<f64>) = areas.into_iter().unzip();
        let (forth, back) = (BlandAltman::of(&pairs(&a, &b)).unwrap(), BlandAltman::of(&pairs(&b, &a)).unwrap());
        prop_assert!((forth.mean_difference + back.mean_difference).abs() < 1e-9);
        prop_assert!((forth.upper_limit + back.lower_limit).abs() < 1e-9);
        prop_assert!((forth.standard_deviation - back.standard_deviation).abs() < 1e-9);
    }

    #[test]
    fn five_cases_have_no_outlier(areas in prop::collection::vec((0.0_f64..1e4, 0.0_f64..1e4), 2..6)) {
        let (a, b): (Vec<f64>, Vec<f64>) = areas.into_iter().unzip();
        prop_assert_eq!(BlandAltman::of(&pairs(&a, &b)).unwrap().outliers().count(), 0);
    }
}
