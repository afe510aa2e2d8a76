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
    /// Slices whose patient is unknown. While there are any, slices and pooled counts have no interval by patient; what is
    /// over patients leaves these slices out, and keeps its interval.
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
    /// From all cases, without intervals.
    pub(crate) fn of(cases: &[Case], bootstrap: Bootstrap) -> Self {
        let patients: Vec<Vec<&Case>> = by_patient(cases).into_values().collect();
        let counts = cases.iter().map(|case| &case.overlap).sum();
        Self {
            slices: cases.len(),
            patients: patients.len(),
            slices_without_patient: cases.iter().filter(|case| case.patient.is_none()).count(),
            counts,
            measures: Measures::each(|measure| OverallMeasure {
                over_slices: over_slices(measure, cases),
                over_patients: over_patients(measure, &patients),
                pooled: Pooled {
                    value: measure.of_overlap(&counts),
                    interval_by_slice: None,
                    interval_by_patient: None,
                },
            }),
            paper: PaperFigures::of(cases),
            bootstrap,
        }
    }

    /// Makes the intervals of one measure; `cases` are those that all else was made of.
    pub(crate) fn resample(&mut self, measure: Measure, cases: &[Case]) {
        let bootstrap = self.bootstrap;
        let patients: Vec<Vec<&Case>> = by_patient(cases).into_values().collect();
        // An interval over some of the patients would not belong to the mean of all slices.
        let clusters = if self.slices_without_patient == 0 { &*patients } else { &[] };
        let values: Vec<Vec<f64>> =
            clusters.iter().map(|cases| defined(measure, cases.iter().copied())).collect();
        let means: Vec<f64> = patients.iter().filter_map(|cases| patient_mean(measure, cases)).collect();
        let overlaps: Vec<Overlap> = cases.iter().map(|case| case.overlap).collect();
        let patient_overlaps: Vec<Overlap> =
            clusters.iter().map(|cases| cases.iter().map(|case| &case.overlap).sum()).collect();
        let pooled = |overlaps: &[Overlap]| {
            let of_sum = |drawn: &[&Overlap]| measure.of_overlap(&drawn.iter().copied().sum());
            if measure.is_of_counts() { percentiles(bootstrap.replicates(overlaps, of_sum)) } else { None }
        };

        let overall = self.measures.get_mut(measure);
        overall.over_slices.interval_by_slice = bootstrap.mean_interval(&defined(measure, cases));
        overall.over_slices.interval_by_patient = bootstrap.clustered_mean_interval(&values);
        overall.over_patients.interval_by_patient = bootstrap.mean_interval(&means);
        overall.pooled.interval_by_slice = pooled(&overlaps);
        overall.pooled.interval_by_patient = pooled(&patient_overlaps);
    }
}

/// The values of the cases where the measure is defined.
fn defined<'a>(measure: Measure, cases: impl IntoIterator<Item = &'a Case>) -> Vec<f64> {
    cases.into_iter().filter_map(|case| measure.of_case(case)).collect()
}

fn patient_mean(measure: Measure, cases: &[&Case]) -> Option<f64> {
    mean(cases.iter().map(|case| measure.of_case(case)))
}

fn over_slices(measure: Measure, cases: &[Case]) -> OverSlices {
    let defined = cases.iter().filter(|case| measure.of_case(case).is_some()).count();
    OverSlices {
        mean: mean(cases.iter().map(|case| measure.of_case(case))),
        defined,
        undefined: cases.len() - defined,
        interval_by_slice: None,
        interval_by_patient: None,
    }
}

fn over_patients(measure: Measure, patients: &[Vec<&Case>]) -> OverPatients {
    let means: Vec<Option<f64>> = patients.iter().map(|cases| patient_mean(measure, cases)).collect();
    let defined = means.iter().flatten().count();
    OverPatients {
        mean: mean(means),
        defined,
        undefined: patients.len() - defined,
        interval_by_patient: None,
    }
}
