//! Slices by patient.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Case, Measures, Overlap, mean};

/// One patient's slices.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Patient {
    /// The patient's name, as the cases give it.
    pub patient: String,
    /// Number of slices.
    pub slices: usize,
    /// The counts of all slices together.
    pub counts: Overlap,
    /// Each measure.
    pub measures: Measures<PatientMeasure>,
}

/// A measure of one patient, two ways.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PatientMeasure {
    /// The mean over the slices where it is defined.
    pub mean: Option<f64>,
    /// How many slices that are.
    pub defined: usize,
    /// The slices that are left out, the measure being undefined.
    pub undefined: usize,
    /// The measure of the counts of all slices together, so that slices with more spine weigh more; `None` for
    /// distances, which counts do not tell.
    pub pooled: Option<f64>,
}

/// The cases of each patient in the order of the patients' names; those of unknown patients are left out.
pub fn by_patient(cases: &[Case]) -> BTreeMap<&str, Vec<&Case>> {
    let mut patients = BTreeMap::<&str, Vec<&Case>>::new();
    for case in cases {
        if let Some(patient) = &case.patient {
            patients.entry(patient).or_default().push(case);
        }
    }
    patients
}

impl Patient {
    /// From the patient's slices.
    pub(crate) fn of(patient: &str, cases: &[&Case]) -> Self {
        let counts = cases.iter().map(|case| &case.overlap).sum();
        let measures = Measures::each(|measure| {
            let values = || cases.iter().map(|case| measure.of_case(case));
            let defined = values().flatten().count();
            PatientMeasure {
                mean: mean(values()),
                defined,
                undefined: cases.len() - defined,
                pooled: measure.of_overlap(&counts),
            }
        });
        Self { patient: patient.to_owned(), slices: cases.len(), counts, measures }
    }
}
