//! The arithmetic of charts: from values to places, and where the ticks stand.

/// A straight axis: values from `low` to `high` on places from `start` to `end`, in SVG units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// An axis that shows all `values` with some room around them; from 0 to 1 where there are none.
    pub fn around(values: impl IntoIterator<Item = f64>, [start, end]: [f64; 2]) -> Self {
        let (low, high) = values
            .into_iter()
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low > high {
            return Self::between([0.0, 1.0], [start, end]);
        }
        let room = if low < high { (high - low) * 0.08 } else { low.abs().max(1.0) * 0.5 };
        Self::between([low - room, high + room], [start, end])
    }

    /// An axis of given limits.
    pub fn between([low, high]: [f64; 2], [start, end]: [f64; 2]) -> Self {
        Self { low, high, start, end }
    }

    /// The place of a value.
    pub fn place(self, value: f64) -> f64 {
        self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)
    }

    /// Round values inside the axis, about `wanted` of them, evenly spaced by 1, 2 or 5 times a power of ten.
    pub fn ticks(self, wanted: u32) -> Vec<f64> {
        let step = round_step((self.high - self.low) / f64::from(wanted.max(1)));
        let (first, last) = ((self.low / step).ceil() as i64, (self.high / step).floor() as i64);
        (first..=last).map(|count| count as f64 * step).collect()
    }

    /// A tick's text, with as many decimals as neighbouring ticks need.
    pub fn label(self, tick: f64, wanted: u32) -> String {
        let step = round_step((self.high - self.low) / f64::from(wanted.max(1)));
        let decimals = (-step.log10()).ceil().clamp(0.0, 6.0) as usize;
        // Adding zero turns -0 into 0.
        format!("{:.decimals$}", tick + 0.0).replace('-', "\u{2212}")
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below `rough`.
fn round_step(rough: f64) -> f64 {
    if !(rough.is_finite() && rough > 0.0) {
        return 1.0;
    }
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_room_for_all_values() {
        let scale = Scale::around([3.0, -1.0, f64::NAN, 9.0], [0.0, 100.0]);
        assert!(
            [3.0, -1.0, 9.0].map(|value| scale.place(value)).iter().all(|place| (1.0..99.0).contains(place))
        );
        let single = Scale::around([5.0], [0.0, 100.0]);
        assert_eq!(single.place(5.0), 50.0);
        assert_eq!(Scale::around([], [10.0, 0.0]).place(1.0), 0.0);
    }

    #[test]
    fn ticks_are_round_and_inside() {
        let scale = Scale::between([-0.13, 1.07], [0.0, 1.0]);
        let ticks = scale.ticks(6);
        let labels: Vec<String> = ticks.iter().map(|tick| scale.label(*tick, 6)).collect();
        assert_eq!(labels, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        let wide = Scale::between([-1500.0, 1500.0], [0.0, 1.0]);
        assert_eq!(wide.label(wide.ticks(3)[0], 3), "\u{2212}1000");
    }
}
