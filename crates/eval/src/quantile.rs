//! Quantiles of a sample.

/// The quantile at `fraction` (0 to 1) with linear interpolation between order statistics: definition 7 of Hyndman and
/// Fan, *Sample quantiles in statistical packages*, Am Stat 1996;50:361-365, which is NumPy's default. Reorders the
/// values; `None` where there are none.
pub fn quantile(values: &mut [f64], fraction: f64) -> Option<f64> {
    let position = values.len().checked_sub(1)? as f64 * fraction.clamp(0.0, 1.0);
    let (_, lower, above) = values.select_nth_unstable_by(position.floor() as usize, f64::total_cmp);
    let upper = above.iter().copied().min_by(f64::total_cmp).unwrap_or(*lower);
    Some(*lower + (upper - *lower) * position.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_the_order_statistics() {
        let values = || [4.0, 1.0, 3.0, 2.0];
        assert_eq!(quantile(&mut values(), 0.0), Some(1.0));
        assert_eq!(quantile(&mut values(), 0.5), Some(2.5));
        assert!((quantile(&mut values(), 0.95).unwrap() - 3.85).abs() < 1e-12);
        assert_eq!(quantile(&mut values(), 1.0), Some(4.0));
    }

    #[test]
    fn one_value_is_all_its_quantiles_and_none_has_none() {
        assert_eq!(quantile(&mut [7.0], 0.3), Some(7.0));
        assert_eq!(quantile(&mut [], 0.3), None);
    }
}
