//! The columns that the tables of slices and of patients share.

use rachis_eval::{Case, Evaluation, Measure, Measures, Overlap, Patient};

use super::number::three_decimals;

/// What a row is filled from.
#[derive(Debug, Clone, PartialEq)]
pub struct RowValues {
    /// Counts of pixels.
    counts: Overlap,
    /// Predicted area in mm², where the spacing of each slice is known.
    predicted_mm2: Option<f64>,
    /// Reference area in mm², where the spacing of each slice is known.
    reference_mm2: Option<f64>,
    /// Each measure, where it is defined.
    measures: Measures<Option<f64>>,
}

impl RowValues {
    /// Of one slice.
    pub fn of_case(case: &Case) -> Self {
        Self {
            counts: case.overlap,
            predicted_mm2: case.predicted_mm2(),
            reference_mm2: case.reference_mm2(),
            measures: case.measures(),
        }
    }

    /// Of all slices: means of the measures, sums of all else.
    pub fn of_all(evaluation: &Evaluation) -> Self {
        Self {
            counts: evaluation.overall.counts,
            predicted_mm2: evaluation.cases.iter().map(Case::predicted_mm2).sum(),
            reference_mm2: evaluation.cases.iter().map(Case::reference_mm2).sum(),
            measures: Measures::each(|measure| evaluation.overall.measures.get(measure).over_slices.mean),
        }
    }

    /// Of one patient, whose slices are among `cases`: means of the measures, sums of all else.
    pub fn of_patient(patient: &Patient, cases: &[Case]) -> Self {
        let slices = || cases.iter().filter(|case| case.patient.as_ref() == Some(&patient.patient));
        Self {
            counts: patient.counts,
            predicted_mm2: slices().map(Case::predicted_mm2).sum(),
            reference_mm2: slices().map(Case::reference_mm2).sum(),
            measures: Measures::each(|measure| patient.measures.get(measure).mean),
        }
    }
}

/// A column of numbers.
#[derive(Debug, Clone, Copy)]
pub enum Column {
    /// A measure.
    Measure(Measure),
    /// An area or a count.
    Quantity(&'static Quantity),
}

/// An area or a count.
#[derive(Debug)]
pub struct Quantity {
    /// Its name.
    pub label: &'static str,
    /// What it says, in a sentence without its full stop.
    pub meaning: &'static str,
    decimals: usize,
    of: fn(&RowValues) -> Option<f64>,
}

/// The areas and counts, in the order of their columns.
pub static QUANTITIES: [Quantity; 8] = [
    Quantity {
        label: "Predicted (px)",
        meaning: "The area of the prediction in pixels, TP + FP",
        decimals: 0,
        of: |row| Some(row.counts.predicted() as f64),
    },
    Quantity {
        label: "Reference (px)",
        meaning: "The area of the reference in pixels, TP + FN",
        decimals: 0,
        of: |row| Some(row.counts.reference() as f64),
    },
    Quantity {
        label: "Predicted (mm²)",
        meaning: "The area of the prediction",
        decimals: 1,
        of: |row| row.predicted_mm2,
    },
    Quantity {
        label: "Reference (mm²)",
        meaning: "The area of the reference",
        decimals: 1,
        of: |row| row.reference_mm2,
    },
    Quantity {
        label: "TP",
        meaning: "True positives: pixels that are spine in both",
        decimals: 0,
        of: |row| Some(row.counts.true_positives as f64),
    },
    Quantity {
        label: "FP",
        meaning: "False positives: pixels that are spine in the prediction only",
        decimals: 0,
        of: |row| Some(row.counts.false_positives as f64),
    },
    Quantity {
        label: "FN",
        meaning: "False negatives: pixels that are spine in the reference only",
        decimals: 0,
        of: |row| Some(row.counts.false_negatives as f64),
    },
    Quantity {
        label: "TN",
        meaning: "True negatives: pixels that are spine in neither",
        decimals: 0,
        of: |row| Some(row.counts.true_negatives as f64),
    },
];

impl Quantity {
    /// Its number in a row; `None` where it is not defined.
    pub fn text(&self, row: &RowValues) -> Option<String> {
        (self.of)(row).map(|value| format!("{value:.0$}", self.decimals))
    }
}

impl Column {
    /// The paper's measures, or all measures, areas and counts.
    pub fn list(all: bool) -> Vec<Self> {
        if all {
            let quantities = QUANTITIES.iter().map(Self::Quantity);
            Measure::ALL.into_iter().map(Self::Measure).chain(quantities).collect()
        } else {
            Measure::OF_PAPER.into_iter().map(Self::Measure).collect()
        }
    }

    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Measure(measure) => measure.label(),
            Self::Quantity(quantity) => quantity.label,
        }
    }

    /// What it says, in a sentence without its full stop.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Measure(measure) => measure.meaning(),
            Self::Quantity(quantity) => quantity.meaning,
        }
    }

    /// The measure in it, where it is one.
    pub fn measure(self) -> Option<Measure> {
        match self {
            Self::Measure(measure) => Some(measure),
            Self::Quantity(_) => None,
        }
    }

    /// Whether its numbers follow from counts of pixels, which are there at once.
    pub fn is_of_counts(self) -> bool {
        self.measure().is_none_or(Measure::is_of_counts)
    }

    /// Its number in a row; `None` where it is not defined.
    pub fn text(self, row: &RowValues) -> Option<String> {
        match self {
            Self::Measure(measure) => row.measures.get(measure).map(three_decimals),
            Self::Quantity(quantity) => quantity.text(row),
        }
    }
}
