//! The evaluation of a set of slices: the crate's entry point.

use serde::Serialize;

use crate::{
    AreaPair, BlandAltman, Bootstrap, Case, EvalError, Measure, Overall, Patient, Row, patients::by_patient,
    report, results_csv,
};

/// The evaluation of a set of slices.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The slices, in the order given.
    pub cases: Vec<Case>,
    /// The patients that the cases name, in the order of their names.
    pub patients: Vec<Patient>,
    /// All slices together.
    pub overall: Overall,
    /// How far predicted areas can be taken for those of the reference.
    pub areas: AreaAgreement,
}

/// Bland-Altman analyses of the areas; `None` for fewer than two slices.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AreaAgreement {
    /// In pixels, of all slices.
    pub px: Option<BlandAltman>,
    /// In mm², of the slices whose spacing is known.
    pub mm2: Option<BlandAltman>,
}

impl Evaluation {
    /// Evaluates the cases with the default [`Bootstrap`].
    pub fn of(cases: Vec<Case>) -> Self {
        Self::with_bootstrap(cases, Bootstrap::default())
    }

    /// Evaluates the cases.
    pub fn with_bootstrap(cases: Vec<Case>, bootstrap: Bootstrap) -> Self {
        let mut evaluation = Self::without_intervals(cases, bootstrap);
        for measure in Measure::ALL {
            evaluation.resample(measure);
        }
        evaluation
    }

    /// Evaluates the cases but for the bootstrap intervals, which take nearly all the time: [`resample`](Self::resample)
    /// makes those of one measure after the other.
    pub fn without_intervals(cases: Vec<Case>, bootstrap: Bootstrap) -> Self {
        let patients =
            by_patient(&cases).into_iter().map(|(name, slices)| Patient::of(name, &slices)).collect();
        let overall = Overall::of(&cases, bootstrap);
        let areas = AreaAgreement::of(&cases);
        Self { cases, patients, overall, areas }
    }

    /// Makes the intervals of one measure.
    pub fn resample(&mut self, measure: Measure) {
        self.overall.resample(measure, &self.cases);
    }

    /// The cases as CSV: the table of [`results_csv`].
    ///
    /// # Errors
    ///
    /// [`EvalError::Table`] where the CSV cannot be written.
    pub fn to_csv(&self, notice: &str) -> Result<String, EvalError> {
        let rows: Vec<Row> = self.cases.iter().cloned().map(Row::Compared).collect();
        results_csv(&rows, notice)
    }

    /// All of it as JSON, described in `docs/evaluation.md`; what is undefined or unknown is `null`.
    ///
    /// # Errors
    ///
    /// [`EvalError::Report`] where the JSON cannot be written.
    pub fn to_json(&self, notice: &str) -> Result<String, EvalError> {
        report::json(self, notice)
    }
}

impl AreaAgreement {
    fn of(cases: &[Case]) -> Self {
        let analysis = |areas: fn(&Case) -> Option<[f64; 2]>| {
            let pair = |(case, slice)| {
                areas(slice).map(|[predicted, reference]| AreaPair { case, predicted, reference })
            };
            BlandAltman::of(&cases.iter().enumerate().filter_map(pair).collect::<Vec<_>>())
        };
        Self {
            px: analysis(|case| Some([case.overlap.predicted() as f64, case.overlap.reference() as f64])),
            mm2: analysis(|case| Some([case.predicted_mm2()?, case.reference_mm2()?])),
        }
    }
}
