//! The measures equal those of scikit-learn and SciPy; `make_overlaps.py` wrote the numbers.
#![allow(clippy::unwrap_used, reason = "a helper of tests may stop them")]

use proptest::prelude::*;
use rachis_eval::{LengthMismatch, Overlap};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    name: String,
    predicted: Vec<u8>,
    reference: Vec<u8>,
    dice: Option<f64>,
    sensitivity: Option<f64>,
    specificity: Option<f64>,
    precision: Option<f64>,
    accuracy: Option<f64>,
}

fn assert_close(name: &str, measured: Option<f64>, expected: Option<f64>) {
    match (measured, expected) {
        (Some(measured), Some(expected)) => {
            assert!((measured - expected).abs() < 1e-12, "{name}: {measured}")
        }
        _ => assert_eq!(measured, expected, "{name}"),
    }
}

#[test]
fn measures_equal_the_reference_implementations() {
    let pairs: Vec<Expected> = serde_json::from_str(include_str!("overlaps.json")).unwrap();
    for pair in pairs {
        let overlap = Overlap::of(&pair.predicted, &pair.reference).unwrap();
        assert_close(&pair.name, overlap.dice(), pair.dice);
        assert_close(&pair.name, overlap.sensitivity(), pair.sensitivity);
        assert_close(&pair.name, overlap.specificity(), pair.specificity);
        assert_close(&pair.name, overlap.precision(), pair.precision);
        assert_close(&pair.name, overlap.accuracy(), pair.accuracy);
    }
}

#[test]
fn masks_of_different_length_are_refused() {
    assert_eq!(Overlap::of(&[0, 1], &[0]), Err(LengthMismatch { predicted: 2, reference: 1 }));
}

#[test]
fn without_pixels_only_dice_is_defined() {
    let nothing = Overlap::of(&[], &[]).unwrap();
    assert_eq!((nothing.dice(), nothing.accuracy(), nothing.specificity()), (Some(1.0), None, None));
}

proptest! {
    #[test]
    fn swapping_the_masks_swaps_sensitivity_and_precision(
        pixels in prop::collection::vec((0_u8..2, 0_u8..2), 0..200),
    ) {
        let (a, b): (Vec<u8>, Vec<u8>) = pixels.into_iter().unzip();
        let (forth, back) = (Overlap::of(&a, &b).unwrap(), Overlap::of(&b, &a).unwrap());
        prop_assert_eq!(forth.dice(), back.dice());
        prop_assert_eq!(forth.sensitivity(), back.precision());
        prop_assert_eq!(forth.accuracy(), back.accuracy());
    }
}
