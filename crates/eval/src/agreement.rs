//! Agreement of two ways to measure the same thing, here a spine's area by the network and by hand.
//!
//! Bland and Altman, *Statistical methods for assessing agreement between two methods of clinical measurement*, Lancet
//! 1986;327:307-310, with limits at 1.96 standard deviations as in their *Measuring agreement in method comparison
//! studies*, Stat Methods Med Res 1999;8:135-160.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::{Interval, mean};

/// Standard deviations from the mean difference to a limit of agreement.
const LIMIT_DEVIATIONS: f64 = 1.96;

/// Where the two tails of a 95 % interval begin.
const UPPER_TAIL: f64 = 0.975;

/// Beyond this, statrs loses digits, and the quantile is within 0.0001 of the normal distribution's already.
const MOST_DEGREES_OF_FREEDOM: f64 = 25_000.0;

/// One case's areas, both in the same unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AreaPair {
    /// Which case, as a position in the list of all cases.
    pub case: usize,
    /// Area of the predicted mask.
    pub predicted: f64,
    /// Area of the reference mask.
    pub reference: f64,
}

/// A point of the Bland-Altman plot.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AgreementPoint {
    /// Which case, as a position in the list of all cases.
    pub case: usize,
    /// The mean of both areas: the plot's horizontal axis.
    pub mean: f64,
    /// Predicted minus reference: its vertical axis.
    pub difference: f64,
    /// Whether it lies outside the limits of agreement.
    pub is_outlier: bool,
}

/// The Bland-Altman analysis of predicted against reference areas, in their unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlandAltman {
    /// The mean difference d: how much too large the predictions are.
    pub mean_difference: f64,
    /// d ± t s / √n, with Student's t for n - 1 degrees of freedom.
    pub mean_difference_interval: Interval,
    /// The standard deviation s of the differences, with n - 1.
    pub standard_deviation: f64,
    /// The lower limit of agreement, d - 1.96 s.
    pub lower_limit: f64,
    /// The lower limit ± t √(3 s² / n), the approximation of 1986.
    pub lower_limit_interval: Interval,
    /// The upper limit of agreement, d + 1.96 s.
    pub upper_limit: f64,
    /// The upper limit ± t √(3 s² / n).
    pub upper_limit_interval: Interval,
    /// All n points, in the order given.
    pub points: Vec<AgreementPoint>,
}

impl BlandAltman {
    /// Analyses the pairs; `None` for fewer than two, whose differences have no standard deviation.
    ///
    /// No point can lie outside the limits while n is below 6, however odd: it is at most (n - 1) / √n standard
    /// deviations from the mean.
    pub fn of(pairs: &[AreaPair]) -> Option<Self> {
        let differences = || pairs.iter().map(|pair| pair.predicted - pair.reference);
        let mean_difference = mean(differences().map(Some))?;
        let n = pairs.len() as f64;
        let degrees_of_freedom = n - 1.0;
        let t = student_t(degrees_of_freedom)?;
        let squares: f64 = differences().map(|difference| (difference - mean_difference).powi(2)).sum();
        let standard_deviation = (squares / degrees_of_freedom).sqrt();
        let lower_limit = mean_difference - LIMIT_DEVIATIONS * standard_deviation;
        let upper_limit = mean_difference + LIMIT_DEVIATIONS * standard_deviation;
        let limit_half_width = t * standard_deviation * (3.0 / n).sqrt();
        let point = |(pair, difference): (&AreaPair, f64)| AgreementPoint {
            case: pair.case,
            mean: f64::midpoint(pair.predicted, pair.reference),
            difference,
            is_outlier: difference < lower_limit || difference > upper_limit,
        };
        Some(Self {
            mean_difference,
            mean_difference_interval: Interval::around(mean_difference, t * standard_deviation / n.sqrt()),
            standard_deviation,
            lower_limit,
            lower_limit_interval: Interval::around(lower_limit, limit_half_width),
            upper_limit,
            upper_limit_interval: Interval::around(upper_limit, limit_half_width),
            points: pairs.iter().zip(differences()).map(point).collect(),
        })
    }

    /// The points outside the limits of agreement.
    pub fn outliers(&self) -> impl Iterator<Item = &AgreementPoint> {
        self.points.iter().filter(|point| point.is_outlier)
    }
}

/// The two-sided 95 % quantile of Student's t; `None` without degrees of freedom.
fn student_t(degrees_of_freedom: f64) -> Option<f64> {
    let degrees_of_freedom = degrees_of_freedom.min(MOST_DEGREES_OF_FREEDOM);
    Some(StudentsT::new(0.0, 1.0, degrees_of_freedom).ok()?.inverse_cdf(UPPER_TAIL))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.t.ppf(0.975, degrees_of_freedom)` of SciPy 1.17, and how near the quantile has to be.
    #[test]
    fn quantiles_of_student_t_equal_those_of_scipy() {
        let expected = [
            (1.0, 12.706204736174694, 1e-11),
            (2.0, 4.302652729749462, 1e-11),
            (3.0, 3.1824463052837078, 1e-11),
            (5.0, 2.5705818356363146, 1e-11),
            (16.0, 2.1199052992212546, 1e-11),
            (30.0, 2.0422724563012378, 1e-11),
            (343.0, 1.9669042814877027, 1e-11),
            (5_000.0, 1.9604385517065073, 1e-11),
            (MOST_DEGREES_OF_FREEDOM, 1.9600588799054273, 1e-10),
            (1_000_000.0, 1.959966356814107, 1.2e-4),
        ];
        for (degrees_of_freedom, expected, tolerance) in expected {
            let t = student_t(degrees_of_freedom).unwrap();
            assert!((t - expected).abs() < tolerance, "{degrees_of_freedom}: {t}, not {expected}");
        }
        assert_eq!(student_t(0.0), None);
    }
}
