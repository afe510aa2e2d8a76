//! The measures equal those of scikit-learn and SciPy; `make_overlaps.py` wrote the numbers.
#![allow(clippy::unwrap_used, reason = "a helper of tests may stop them")]

use proptest::prelude::*;
use rachis_eval::{EvalError, Overlap};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    name: String,
    predicted: Vec<u8>,
    reference: Vec<u8>,
    dice: Option<f64>,
    iou: Option<f64>,
    f1: Option<f64>,
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
        assert_close(&pair.name, overlap.iou(), pair.iou);
        assert_close(&pair.name, overlap.f1(), pair.f1);
        assert_close(&pair.name, overlap.sensitivity(), pair.sensitivity);
        assert_close(&pair.name, overlap.specificity(), pair.specificity);
        assert_close(&pair.name, overlap.precision(), pair.precision);
        assert_close(&pair.name, overlap.accuracy(), pair.accuracy);
    }
}

#[test]
fn masks_of_different_length_are_refused() {
    let refused = Overlap::of(&[0, 1], &[0]);
    assert!(matches!(refused, Err(EvalError::PixelCounts { predicted: 2, reference: 1 })), "{refused:?}");
}

#[test]
fn without_pixels_only_the_overlaps_of_two_empty_masks_are_defined() {
    let nothing = Overlap::of(&[], &[]).unwrap();
    assert_eq!([nothing.dice(), nothing.iou(), nothing.f1()], [Some(1.0); 3]);
    let ratios = [nothing.sensitivity(), nothing.specificity(), nothing.precision(), nothing.accuracy()];
    assert_eq!(ratios, [None; 4]);
}

#[test]
fn a_missed_or_invented_spine_has_no_overlap() {
    let missed = Overlap::of(&[0, 0, 0], &[1, 0, 0]).unwrap();
    let invented = Overlap::of(&[1, 0, 0], &[0, 0, 0]).unwrap();
    for overlap in [missed, invented] {
        assert_eq!([overlap.dice(), overlap.iou(), overlap.f1()], [Some(0.0); 3]);
    }
    assert_eq!((missed.sensitivity(), missed.precision()), (Some(0.0), None));
    assert_eq!((invented.sensitivity(), invented.precision()), (None, Some(0.0)));
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

    #[test]
    fn pooling_the_halves_counts_the_whole(
        pixels in prop::collection::vec((0_u8..2, 0_u8..2), 0..200), cut in 0_usize..200,
    ) {
        let (a, b): (Vec<u8>, Vec<u8>) = pixels.into_iter().unzip();
        let cut = cut.min(a.len());
        let halves = [Overlap::of(&a[..cut], &b[..cut]).unwrap(), Overlap::of(&a[cut..], &b[cut..]).unwrap()];
        let whole = Overlap::of(&a, &b).unwrap();
        prop_assert_eq!(halves.iter().sum::<Overlap>(), whole);
        prop_assert_eq!(halves[0] + halves[1], whole);
        prop_assert_eq!(whole.pixels(), a.len() as u64);
        prop_assert_eq!(whole.predicted(), a.iter().filter(|&&pixel| pixel > 0).count() as u64);
        prop_assert_eq!(whole.reference(), b.iter().filter(|&&pixel| pixel > 0).count() as u64);
    }

    #[test]
    fn iou_follows_from_dice(pixels in prop::collection::vec((0_u8..2, 0_u8..2), 0..200)) {
        let (a, b): (Vec<u8>, Vec<u8>) = pixels.into_iter().unzip();
        let overlap = Overlap::of(&a, &b).unwrap();
        let dice = overlap.dice().unwrap();
        prop_assert!((overlap.iou().unwrap() - dice / (2.0 - dice)).abs() < 1e-12);
    }
}
