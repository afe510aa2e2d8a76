//! What an evaluation says, printed.

use rachis_eval::{Evaluation, Interval, Measure};

/// Prints each measure's mean over slices with its interval, and the figures that the paper gives.
pub fn print(evaluation: &Evaluation) {
    for measure in Measure::ALL {
        let slices = evaluation.overall.measures.get(measure).over_slices;
        let Some(mean) = slices.mean else { continue };
        let (interval, drawn) = match slices.interval_by_patient {
            Some(interval) => (Some(interval), "patients"),
            None => (slices.interval_by_slice, "slices"),
        };
        let interval = interval.map_or_else(String::new, |Interval { low, high }| {
            format!(", 95 % interval {low:.3} to {high:.3} over {drawn}")
        });
        println!("mean {} of {} slices: {mean:.3}{interval}", measure.label(), slices.defined);
    }
    if let Some(f1) = evaluation.overall.paper.paper_f1 {
        println!("F1 of the mean precision and the mean sensitivity (the paper's F1): {f1:.3}");
    }
}
