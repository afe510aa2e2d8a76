//! The measures of a prediction against its reference, as the page lists them.

use rachis_eval::Overlap;

/// A column of the results.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name.
    pub label: &'static str,
    /// What it counts.
    pub meaning: &'static str,
    /// Its value; `None` where it is not defined.
    pub value: fn(&Overlap) -> Option<f64>,
}

/// All of them, in the order of the columns.
pub const METRICS: [Metric; 5] = [
    Metric {
        label: "Dice",
        meaning: "Twice the agreed area over the sum of both areas",
        value: Overlap::dice,
    },
    Metric {
        label: "Sensitivity",
        meaning: "The share of the reference that was found",
        value: Overlap::sensitivity,
    },
    Metric {
        label: "Specificity",
        meaning: "The share of the background that was left alone",
        value: Overlap::specificity,
    },
    Metric {
        label: "Precision",
        meaning: "The share of the prediction that is in the reference",
        value: Overlap::precision,
    },
    Metric {
        label: "Accuracy",
        meaning: "The share of all pixels on which both agree",
        value: Overlap::accuracy,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_shows_its_own_measure() {
        let overlap = Overlap::of(&[1, 1, 1, 1, 0, 0, 0, 0], &[1, 1, 1, 0, 1, 1, 0, 0]).unwrap();
        let values = METRICS.map(|metric| (metric.value)(&overlap));
        assert_eq!(values, [Some(6.0 / 9.0), Some(0.6), Some(2.0 / 3.0), Some(0.75), Some(0.625)]);
    }
}
