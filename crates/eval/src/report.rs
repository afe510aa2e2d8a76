//! An evaluation as JSON. The names here and of the types that it holds are read by others' programs: when one changes
//! its name or meaning, [`VERSION`] rises.

use serde::Serialize;

use crate::{Case, EvalError, Evaluation, Measures, Overall, Overlap, Patient, evaluation::AreaAgreement};

/// The version of the report's names and their meaning.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    notice: &'a str,
    overall: &'a Overall,
    patients: &'a [Patient],
    bland_altman: &'a AreaAgreement,
    cases: Vec<CaseRecord<'a>>,
}

#[derive(Serialize)]
struct CaseRecord<'a> {
    case: &'a str,
    patient: Option<&'a str>,
    counts: Overlap,
    area_predicted_px: u64,
    area_reference_px: u64,
    area_predicted_mm2: Option<f64>,
    area_reference_mm2: Option<f64>,
    measures: Measures<Option<f64>>,
}

pub fn json(evaluation: &Evaluation, notice: &str) -> Result<String, EvalError> {
    let report = Report {
        version: VERSION,
        notice,
        overall: &evaluation.overall,
        patients: &evaluation.patients,
        bland_altman: &evaluation.areas,
        cases: evaluation.cases.iter().map(CaseRecord::of).collect(),
    };
    Ok(serde_json::to_string_pretty(&report)?)
}

impl<'a> CaseRecord<'a> {
    fn of(case: &'a Case) -> Self {
        Self {
            case: &case.name,
            patient: case.patient.as_deref(),
            counts: case.overlap,
            area_predicted_px: case.overlap.predicted(),
            area_reference_px: case.overlap.reference(),
            area_predicted_mm2: case.predicted_mm2(),
            area_reference_mm2: case.reference_mm2(),
            measures: case.measures(),
        }
    }
}
