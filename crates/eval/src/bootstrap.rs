//! Confidence intervals by resampling.
//!
//! The percentile bootstrap: Efron and Tibshirani, *An Introduction to the Bootstrap*, 1993, chapter 13. Slices of one
//! patient resemble each other, so that an interval from resampled slices is too narrow; drawing whole patients with all
//! their slices (the cluster bootstrap: Davison and Hinkley, *Bootstrap Methods and their Application*, 1997, section
//! 3.8) keeps that resemblance.

use serde::Serialize;

use crate::{Interval, quantile::quantile, random::SplitMix64};

/// Half of what a 95 % interval leaves out.
const TAIL: f64 = 0.025;

/// How to resample; the same numbers give the same interval on every platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bootstrap {
    /// How often to draw a sample as large as the one at hand.
    pub resamples: u32,
    /// Where the sequence of random numbers starts.
    pub seed: u64,
}

impl Default for Bootstrap {
    /// 2000 resamples, enough for the ends of a 95 % interval.
    fn default() -> Self {
        Self { resamples: 2000, seed: 2020 }
    }
}

impl Bootstrap {
    /// The 95 % interval of the mean of independent values; `None` for fewer than two.
    pub fn mean_interval(&self, values: &[f64]) -> Option<Interval> {
        percentiles(
            self.replicates(values, |drawn| Some(drawn.iter().copied().sum::<f64>() / drawn.len() as f64)),
        )
    }

    /// The 95 % interval of the mean of all values, drawing whole clusters (a patient with the values of all slices).
    /// Clusters without values are left out; `None` for fewer than two others.
    pub fn clustered_mean_interval(&self, clusters: &[Vec<f64>]) -> Option<Interval> {
        let filled = clusters.iter().filter(|cluster| !cluster.is_empty());
        let totals: Vec<_> = filled.map(|cluster| (cluster.iter().sum::<f64>(), cluster.len())).collect();
        percentiles(self.replicates(&totals, |drawn| {
            let (sum, count) =
                drawn.iter().fold((0.0, 0), |(sum, count), (more, others)| (sum + more, count + others));
            Some(sum / count as f64)
        }))
    }

    /// The statistic of each resample, none for fewer than two units.
    pub(crate) fn replicates<T, S>(&self, units: &[T], statistic: impl Fn(&[&T]) -> S) -> Vec<S> {
        if units.len() < 2 {
            return Vec::new();
        }
        let mut random = SplitMix64::new(self.seed);
        let mut drawn = Vec::with_capacity(units.len());
        let resample = |_| {
            drawn.clear();
            drawn.extend((0..units.len()).filter_map(|_| units.get(random.below(units.len()))));
            statistic(&drawn)
        };
        (0..self.resamples).map(resample).collect()
    }
}

/// The 95 % interval that the replicates of a statistic span; those where it is undefined are left out.
pub(crate) fn percentiles(replicates: impl IntoIterator<Item = Option<f64>>) -> Option<Interval> {
    let mut replicates: Vec<f64> = replicates.into_iter().flatten().collect();
    Some(Interval { low: quantile(&mut replicates, TAIL)?, high: quantile(&mut replicates, 1.0 - TAIL)? })
}
