//! Bootstrap intervals equal those of SciPy as far as chance allows; `make_statistics.py` wrote the numbers.
#![allow(clippy::unwrap_used, reason = "a helper of tests may stop them")]

use proptest::prelude::*;
use rachis_eval::Bootstrap;
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    clusters: Vec<Vec<f64>>,
    scipy: [f64; 2],
    standard_error: f64,
    same_random_numbers: [f64; 2],
}

fn samples() -> Vec<Expected> {
    serde_json::from_str(include_str!("bootstrap.json")).unwrap()
}

/// With 20,000 resamples the ends of the interval vary by about 0.02 standard errors of the mean; five times that is
/// allowed.
#[test]
fn intervals_are_those_of_scipy_within_the_error_of_resampling() {
    for sample in samples() {
        let bootstrap = Bootstrap { resamples: 20_000, ..Bootstrap::default() };
        let found = bootstrap.clustered_mean_interval(&sample.clusters).unwrap();
        for (found, expected) in [(found.low, sample.scipy[0]), (found.high, sample.scipy[1])] {
            assert!((found - expected).abs() < 0.1 * sample.standard_error, "{found}, not {expected}");
        }
    }
}

#[test]
fn the_default_interval_is_the_same_everywhere() {
    for sample in samples() {
        let found = Bootstrap::default().clustered_mean_interval(&sample.clusters).unwrap();
        let [low, high] = sample.same_random_numbers;
        assert!((found.low - low).abs() < 1e-12 && (found.high - high).abs() < 1e-12, "{found:?}");
    }
}

#[test]
fn slices_that_resemble_each_other_make_the_interval_wider() {
    let clusters: Vec<Vec<f64>> = (0..10).map(|patient| vec![f64::from(patient); 20]).collect();
    let by_slice = Bootstrap::default().mean_interval(&clusters.concat()).unwrap();
    let by_patient = Bootstrap::default().clustered_mean_interval(&clusters).unwrap();
    let ratio = (by_patient.high - by_patient.low) / (by_slice.high - by_slice.low);
    // Twenty copies pretend to be twenty times as many slices.
    assert!((ratio / 20_f64.sqrt() - 1.0).abs() < 0.1, "{ratio}");
}

#[test]
fn one_case_or_one_patient_has_no_interval() {
    let bootstrap = Bootstrap::default();
    assert_eq!(bootstrap.mean_interval(&[]), None);
    assert_eq!(bootstrap.mean_interval(&[0.9]), None);
    assert_eq!(bootstrap.clustered_mean_interval(&[vec![0.8, 0.9], vec![]]), None);
}

#[test]
fn another_seed_gives_another_interval() {
    let values: Vec<f64> = (0..30).map(|value| f64::from(value * value)).collect();
    let other = Bootstrap { seed: 1, ..Bootstrap::default() };
    assert_ne!(Bootstrap::default().mean_interval(&values), other.mean_interval(&values));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_interval_lies_within_the_values(values in prop::collection::vec(0.0_f64..1.0, 2..30)) {
        let found = Bootstrap { resamples: 200, seed: 3 }.mean_interval(&values).unwrap();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(0.0, f64::max);
        prop_assert!(least - 1e-12 <= found.low && found.low <= found.high && found.high <= most + 1e-12);
    }

    #[test]
    fn clusters_of_one_are_cases(values in prop::collection::vec(0.0_f64..1.0, 2..30)) {
        let bootstrap = Bootstrap { resamples: 200, seed: 3 };
        let clusters: Vec<Vec<f64>> = values.iter().map(|&value| vec![value]).collect();
        prop_assert_eq!(bootstrap.mean_interval(&values), bootstrap.clustered_mean_interval(&clusters));
    }
}
