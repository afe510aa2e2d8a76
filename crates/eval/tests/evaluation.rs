//! An evaluation equals what pandas and NumPy say; `make_evaluations.py` wrote the numbers.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of tests may stop them"
)]

use std::collections::BTreeSet;

use rachis_eval::{Bootstrap, Case, Evaluation, Grid, Measure, Overlap, SurfaceDistances};
use serde::Deserialize;
use serde_json::{Map, Value, json};

const NOTICE: &str = "Research use only";

#[derive(Deserialize)]
struct Expected {
    cases: Vec<Slice>,
    measures: Value,
    patients: Value,
    paper: Value,
}

#[derive(Deserialize)]
struct Slice {
    patient: Option<String>,
    counts: [u64; 4],
    surface: [Option<f64>; 2],
}

impl Slice {
    fn case(&self) -> Case {
        let [true_positives, false_positives, false_negatives, true_negatives] = self.counts;
        let surface = self.surface[0]
            .zip(self.surface[1])
            .map(|(hd95_mm, assd_mm)| SurfaceDistances { hd95_mm, assd_mm });
        Case {
            name: "a slice".to_owned(),
            patient: self.patient.clone(),
            overlap: Overlap { true_positives, false_positives, false_negatives, true_negatives },
            pixel_area_mm2: None,
            surface,
        }
    }
}

fn names(object: &Map<String, Value>) -> BTreeSet<&str> {
    object.keys().map(String::as_str).collect()
}

/// Whether a report says what is expected, with the same names and nothing more; numbers to 1e-9.
fn assert_same(place: &str, found: &Value, expected: &Value) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            assert_eq!(names(found), names(expected), "{place}");
            for (name, value) in found {
                assert_same(&format!("{place}.{name}"), value, &expected[name]);
            }
        }
        (Value::Number(found), Value::Number(expected)) => {
            let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
            assert!((found - expected).abs() < 1e-9, "{place}: {found}, not {expected}");
        }
        (found, expected) => assert_eq!(found, expected, "{place}"),
    }
}

fn report(cases: Vec<Case>) -> Value {
    serde_json::from_str(&Evaluation::of(cases).to_json(NOTICE).unwrap()).unwrap()
}

#[test]
fn the_evaluation_equals_that_of_pandas_and_numpy() {
    let evaluations: Vec<Expected> = serde_json::from_str(include_str!("evaluations.json")).unwrap();
    for expected in &evaluations {
        let report = report(expected.cases.iter().map(Slice::case).collect());
        assert_same("overall", &report["overall"]["measures"], &expected.measures);
        assert_same("paper", &report["overall"]["paper"], &expected.paper);
        let patients = report["patients"].as_array().unwrap().iter();
        let patients = patients
            .map(|patient| (patient["patient"].as_str().unwrap().to_owned(), patient["measures"].clone()))
            .collect();
        assert_same("patients", &Value::Object(patients), &expected.patients);
    }
}

/// Two slices of 2 x 3 pixels: 0.5 mm between rows, 2 mm between columns; the second has no spine and is not known to
/// have a spacing.
fn two_cases() -> Vec<Case> {
    let grid = Grid { shape: [2, 3], spacing_mm: [0.5, 2.0] };
    let patient = Some("=P, 1".to_owned());
    vec![
        Case::of("a.dcm".to_owned(), patient, &[1, 1, 0, 0, 0, 0], &[0, 1, 1, 0, 0, 0], Some(&grid)).unwrap(),
        Case::of("-b.dcm".to_owned(), None, &[0; 6], &[0; 6], None).unwrap(),
    ]
}

#[test]
fn the_table_has_a_row_for_each_case() {
    assert_eq!(
        Evaluation::of(two_cases()).to_csv(NOTICE).unwrap(),
        "case,dice,sensitivity,specificity,precision,accuracy,spine_pixels,iou,f1,hd95_mm,assd_mm,\
         area_predicted_px,area_reference_px,area_predicted_mm2,area_reference_mm2,tp,fp,fn,tn,patient,notice\n\
         a.dcm,0.500000,0.500000,0.750000,0.500000,0.666667,2,0.333333,0.500000,2.000000,1.000000,\
         2,2,2.000000,2.000000,1,1,1,3,\"'=P, 1\",Research use only\n\
         '-b.dcm,1.000000,,1.000000,,1.000000,0,1.000000,1.000000,,,\
         0,0,,,0,0,0,6,,Research use only\n"
    );
}

#[test]
fn the_report_keeps_its_names() {
    let report = report(two_cases());
    assert_eq!(report["version"], 1);
    assert_eq!(report["notice"], NOTICE);
    let assert_names = |value: &Value, expected: &[&str]| {
        assert_eq!(names(value.as_object().unwrap()), expected.iter().copied().collect());
    };
    assert_names(&report, &["version", "notice", "overall", "patients", "bland_altman", "cases"]);
    assert_names(
        &report["overall"],
        &["slices", "patients", "slices_without_patient", "counts", "measures", "paper", "bootstrap"],
    );
    assert_eq!(report["overall"]["bootstrap"], json!({ "resamples": 2000, "seed": 2020 }));
    assert_eq!(report["overall"]["counts"], json!({ "tp": 1, "fp": 1, "fn": 1, "tn": 9 }));
    assert_names(&report["patients"][0], &["patient", "slices", "counts", "measures"]);
    assert_same(
        "case",
        &report["cases"][0],
        &json!({
            "case": "a.dcm",
            "patient": "=P, 1",
            "counts": { "tp": 1, "fp": 1, "fn": 1, "tn": 3 },
            "area_predicted_px": 2,
            "area_reference_px": 2,
            "area_predicted_mm2": 2.0,
            "area_reference_mm2": 2.0,
            "measures": {
                "dice": 0.5, "sensitivity": 0.5, "specificity": 0.75, "precision": 0.5, "accuracy": 4.0 / 6.0,
                "iou": 1.0 / 3.0, "f1": 0.5, "hd95_mm": 2.0, "assd_mm": 1.0,
            },
        }),
    );
    assert_same(
        "bland_altman",
        &report["bland_altman"],
        &json!({
            "px": {
                "mean_difference": 0.0,
                "mean_difference_interval": { "low": 0.0, "high": 0.0 },
                "standard_deviation": 0.0,
                "lower_limit": 0.0,
                "lower_limit_interval": { "low": 0.0, "high": 0.0 },
                "upper_limit": 0.0,
                "upper_limit_interval": { "low": 0.0, "high": 0.0 },
                "points": [
                    { "case": 0, "mean": 2.0, "difference": 0.0, "is_outlier": false },
                    { "case": 1, "mean": 0.0, "difference": 0.0, "is_outlier": false },
                ],
            },
            "mm2": null,
        }),
    );
}

#[test]
fn areas_in_mm2_keep_the_numbers_of_their_cases() {
    let with_spacing = |millimetres: f64, predicted: [u8; 2]| {
        let grid = Grid { shape: [1, 2], spacing_mm: [millimetres, 1.0] };
        Case::of(String::new(), None, &predicted, &[1, 0], Some(&grid)).unwrap()
    };
    let unknown = Case::of(String::new(), None, &[1, 1], &[1, 0], None).unwrap();
    let evaluation = Evaluation::of(vec![
        with_spacing(0.5, [1, 1]),
        unknown,
        with_spacing(2.0, [0, 0]),
        with_spacing(3.0, [1, 0]),
    ]);
    let points = evaluation.areas.mm2.unwrap().points;
    let differences: Vec<_> = points.iter().map(|point| (point.case, point.difference)).collect();
    assert_eq!(differences, [(0, 0.5), (2, -2.0), (3, 0.0)]);
}

#[test]
fn without_cases_there_is_a_report_of_nothing() {
    let report = report(Vec::new());
    assert_eq!(report["overall"]["slices"], 0);
    assert_eq!(report["overall"]["measures"]["dice"]["over_slices"]["mean"], Value::Null);
    assert_eq!(report["bland_altman"], json!({ "px": null, "mm2": null }));
    assert_eq!(Evaluation::of(Vec::new()).to_csv(NOTICE).unwrap().lines().count(), 1);
}

#[test]
fn intervals_made_one_measure_after_the_other_are_those_made_at_once() {
    let evaluations: Vec<Expected> = serde_json::from_str(include_str!("evaluations.json")).unwrap();
    for expected in &evaluations {
        let cases: Vec<Case> = expected.cases.iter().map(Slice::case).collect();
        let whole = Evaluation::of(cases.clone());
        let mut stepwise = Evaluation::without_intervals(cases, Bootstrap::default());
        assert_eq!(stepwise.patients, whole.patients);
        for measure in Measure::ALL {
            let before = *stepwise.overall.measures.get(measure);
            assert_eq!(before.over_slices.interval_by_slice, None);
            assert_eq!(before.over_slices.mean, whole.overall.measures.get(measure).over_slices.mean);
            stepwise.resample(measure);
        }
        assert_eq!(stepwise, whole);
    }
}
