//! All slices together: over slices, over patients, and as one large image.

use serde::Serialize;

use crate::{
    Bootstrap, Case, Interval, Measure, Measures, Overlap, PaperFigures, bootstrap::percentiles, mean,
    patients::by_patient,
};

/// All cases together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overall {
    /// Number of slices.
    pub slices: usize,
    /// Number of patients that the cases name.
    pub patients: usize,
    /// Slices whose patient is unknown. While there are any, no interval over patients is given.
    pub slices_without_patient: usize,
    /// The counts of all slices together.
    pub counts: Overlap,
    /// Each measure.
    pub measures: Measures<OverallMeasure>,
    /// The figures of Kim et al. 2020, by the paper's own definitions.
    pub paper: PaperFigures,
    /// How the intervals were made.
    pub bootstrap: Bootstrap,
}

/// A measure of all cases, three ways.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OverallMeasure {
    /// The mean over slices: each slice weighs the same.
    pub over_slices: OverSlices,
    /// The mean over patients of each patient's mean: each patient weighs the same.
    pub over_patients: OverPatients,
    /// The measure of the counts of all slices together: each pixel weighs the same.
    pub pooled: Pooled,
}

/// A mean over slices.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OverSlices {
    /// Over the slices where the measure is defined.
    pub mean: Option<f64>,
    /// How many slices that are.
    pub defined: usize,
    /// The slices that are left out, the measure being undefined.
    pub undefined: usize,
    /// From resampled slices: too narrow where a patient has several.
    pub interval_by_slice: Option<Interval>,
    /// From resampled patients, each with all slices.
    pub interval_by_patient: Option<Interval>,
}

/// A mean over patients.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OverPatients {
    /// Over the patients where the measure is defined for a slice at least.
    pub mean: Option<f64>,
    /// How many patients that are.
    pub defined: usize,
    /// The patients that are left out, the measure being undefined for all their slices.
    pub undefined: usize,
    /// From resampled patients.
    pub interval_by_patient: Option<Interval>,
}

/// A measure of summed counts; undefined for distances, which counts do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Pooled {
    /// Its value.
    pub value: Option<f64>,
    /// From resampled slices: too narrow where a patient has several.
    pub interval_by_slice: Option<Interval>,
    /// From resampled patients, each with all slices.
    pub interval_by_patient: Option<Interval>,
}

impl Overall {
    /// From all cases.
    pub(crate) fn of(cases: &[Case], bootstrap: Bootstrap) -> Self {
        let patients: Vec<Vec<&Case>> = by_patient(cases).into_values().collect();
        let slices_without_patient = cases.iter().filter(|case| case.patient.is_none()).count();
        // An interval over some of the patients would not belong to the mean of all slices.
        let clusters = if slices_without_patient == 0 { &*patients } else { &[] };
        let overlaps: Vec<Overlap> = cases.iter().map(|case| case.overlap).collect();
        let patient_overlaps: Vec<Overlap> = clusters.iter().map(|cases| pool(cases)).collect();
        let counts = overlaps.iter().sum();
        let pooled_by_slice = bootstrap.replicates(&overlaps, |drawn| drawn.iter().copied().sum());
        let pooled_by_patient = bootstrap.replicates(&patient_overlaps, |drawn| drawn.iter().copied().sum());
        let pooled = |measure: Measure| Pooled {
            value: measure.of_overlap(&counts),
            interval_by_slice: percentiles(pooled_by_slice.iter().map(|sum| measure.of_overlap(sum))),
            interval_by_patient: percentiles(pooled_by_patient.iter().map(|sum| measure.of_overlap(sum))),
        };
        Self {
            slices: cases.len(),
            patients: patients.len(),
            slices_without_patient,
            counts,
            measures: Measures::each(|measure| OverallMeasure {
                over_slices: over_slices(measure, cases, clusters, bootstrap),
                over_patients: over_patients(measure, &patients, bootstrap),
                pooled: pooled(measure),
            }),
            paper: PaperFigures::of(cases),
            bootstrap,
        }
    }
}

fn pool(cases: &[&Case]) -> Overlap {
    cases.iter().map(|case| &case.overlap).sum()
}

fn over_slices(
    measure: Measure,
    cases: &[Case],
    patients: &[Vec<&Case>],
    bootstrap: Bootstrap,
) -> OverSlices {
    let values: Vec<f64> = cases.iter().filter_map(|case| measure.of_case(case)).collect();
    let clusters: Vec<Vec<f64>> = patients
        .iter()
        .map(|cases| cases.iter().filter_map(|case| measure.of_case(case)).collect())
        .collect();
    OverSlices {
        mean: mean(values.iter().copied().map(Some)),
        defined: values.len(),
        undefined: cases.len() - values.len(),
        interval_by_slice: bootstrap.mean_interval(&values),
        interval_by_patient: bootstrap.clustered_mean_interval(&clusters),
    }
}

fn over_patients(measure: Measure, patients: &[Vec<&Case>], bootstrap: Bootstrap) -> OverPatients {
    let means = patients.iter().filter_map(|cases| mean(cases.iter().map(|case| measure.of_case(case))));
    let means: Vec<f64> = means.collect();
    OverPatients {
        mean: mean(means.iter().copied().map(Some)),
        defined: means.len(),
        undefined: patients.len() - means.len(),
        interval_by_patient: bootstrap.mean_interval(&means),
    }
}
