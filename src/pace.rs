//! How long the rest will take.

/// The weight of the newest slice in the moving average.
const NEWEST: f64 = 0.3;

/// A moving average of the time that one slice takes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pace {
    milliseconds_per_slice: Option<f64>,
}

impl Pace {
    /// Takes in the time of one more slice.
    pub fn record(&mut self, milliseconds: f64) {
        self.milliseconds_per_slice = Some(match self.milliseconds_per_slice {
            Some(average) => average + NEWEST * (milliseconds - average),
            None => milliseconds,
        });
    }

    /// The time that `slices` more will take where so many engines each have one at a time, in words; `None` before the
    /// first slice.
    pub fn remaining(&self, slices: usize, engines: usize) -> Option<String> {
        let busy = engines.clamp(1, slices.max(1));
        self.milliseconds_per_slice.map(|average| in_words(average * slices as f64 / busy as f64))
    }
}

fn in_words(milliseconds: f64) -> String {
    let seconds = (milliseconds / 1000.0).ceil().max(1.0);
    if seconds < 60.0 {
        format!("about {seconds:.0} s left")
    } else if seconds < 3600.0 {
        format!("about {:.0} min left", (seconds / 60.0).ceil())
    } else {
        format!("about {:.1} h left", seconds / 3600.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_the_first_slice_nothing_is_known() {
        assert_eq!(Pace::default().remaining(3, 1), None);
    }

    #[test]
    fn the_average_follows_a_change_of_speed() {
        let mut pace = Pace::default();
        pace.record(1000.0);
        assert_eq!(pace.remaining(10, 1).as_deref(), Some("about 10 s left"));
        for _ in 0..30 {
            pace.record(200.0);
        }
        assert_eq!(pace.remaining(10, 1).as_deref(), Some("about 3 s left"));
    }

    #[test]
    fn several_engines_share_the_slices_but_none_of_them_shares_a_slice() {
        let mut pace = Pace::default();
        pace.record(3000.0);
        assert_eq!(pace.remaining(10, 2).as_deref(), Some("about 15 s left"));
        assert_eq!(pace.remaining(2, 8).as_deref(), Some("about 3 s left"));
    }

    #[test]
    fn long_times_are_given_in_minutes_and_hours() {
        let mut pace = Pace::default();
        pace.record(1000.0);
        assert_eq!(pace.remaining(0, 1).as_deref(), Some("about 1 s left"));
        assert_eq!(pace.remaining(90, 1).as_deref(), Some("about 2 min left"));
        assert_eq!(pace.remaining(5400, 1).as_deref(), Some("about 1.5 h left"));
    }
}
