//! What `?bench` in the address measures: how fast the engines of this browser segment slices of several sizes.

use rachis_ct::{Quantity, Slice, Spacing};
use rachis_protocol::engine::EngineKind;
use serde::Serialize;

/// The sides of the square slices where the address names none, pixels.
const SIZES: [u32; 3] = [256, 512, 1024];

/// The sides that an address may name.
const POSSIBLE_SIZES: std::ops::RangeInclusive<u32> = 16..=4096;

/// Runs of a slice after the first one.
const FEWEST_RUNS: usize = 3;
const MOST_RUNS: usize = 15;

/// After this time in runs no further one is begun, once there are enough.
const ENOUGH_MS: f64 = 5000.0;

/// Reads the value of the `bench` parameter: sides of slices, such as `256,512`; anything else means the usual ones.
pub fn sizes(value: &str) -> Vec<u32> {
    let named = value.split(',').map(|side| side.trim().parse().ok());
    match named.collect::<Option<Vec<u32>>>() {
        Some(sides) if sides.iter().all(|side| POSSIBLE_SIZES.contains(side)) => sides,
        _ => SIZES.to_vec(),
    }
}

/// Whether the slice is to be run once more after runs of these milliseconds.
pub fn is_another_run_due(runs: &[f64]) -> bool {
    runs.len() < FEWEST_RUNS || (runs.len() < MOST_RUNS && runs.iter().sum::<f64>() < ENOUGH_MS)
}

/// A made slice: an oval of soft tissue in air, with a vertebra's bone in it. The time of a network does not depend on
/// what it sees.
pub fn phantom(side: u32) -> Slice {
    let is_in_oval = |row: u32, column: u32, centre: f64, height: f64, width: f64| {
        let [row, column] = [row, column].map(|place| f64::from(place) / f64::from(side));
        ((row - centre) / height).powi(2) + ((column - 0.5) / width).powi(2) < 1.0
    };
    let hounsfield = |row, column| {
        if is_in_oval(row, column, 0.62, 0.07, 0.09) {
            400
        } else if is_in_oval(row, column, 0.5, 0.35, 0.45) {
            40
        } else {
            -1000
        }
    };
    let pixels = (0..side).flat_map(|row| (0..side).map(move |column| hounsfield(row, column))).collect();
    // Of pixels so fine that no engine enlarges it.
    let spacing = Some(Spacing { row_mm: 0.5, column_mm: 0.5 });
    Slice { rows: side, columns: side, pixels, quantity: Quantity::Hu, spacing, window: None }
}

/// What was measured, and where.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// The version of Rachis.
    pub version: &'static str,
    /// The model's name.
    pub model: String,
    /// How the browser names itself.
    pub browser: String,
    /// Cores of the processor, as far as the browser tells.
    pub cores: u32,
    /// What the graphics card says of itself, where WebGPU finds one.
    pub adapter: Option<String>,
    /// Why WebGPU is not measured, or that it runs in software.
    pub reason: Option<String>,
    /// One for each engine and size.
    pub rows: Vec<Row>,
}

impl Report {
    /// All of it as JSON.
    pub fn to_json(&self) -> String {
        // Numbers and texts can always be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// One engine with slices of one size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The engine.
    pub engine: EngineKind,
    /// The side of the square slice, pixels.
    pub size: u32,
    /// How long it took, or why it failed.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It worked.
    Times(Times),
    /// What was wrong.
    Failure(String),
}

/// Times of an engine, milliseconds as the page sees them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Times {
    /// The engine's module and device.
    pub start_ms: f64,
    /// The model, with its self-test.
    pub load_ms: f64,
    /// The first slice.
    pub first_ms: f64,
    /// Median of the slices after it.
    pub warm_ms: f64,
    /// Number of slices after the first.
    pub runs: usize,
    /// Billions of floating-point operations a second in the median slice, counted as plain loops do them.
    pub gflops: Option<f64>,
}

impl Times {
    /// Sums up `runs`, the milliseconds of each slice after the first. A slice takes so many floating-point `operations`,
    /// where that is known.
    pub fn new([start_ms, load_ms, first_ms]: [f64; 3], runs: &[f64], operations: Option<f64>) -> Self {
        let warm_ms = median(runs);
        let gflops = operations.filter(|_| warm_ms > 0.0).map(|operations| operations / warm_ms / 1e6);
        Self {
            start_ms: to_tenths(start_ms),
            load_ms: to_tenths(load_ms),
            first_ms: to_tenths(first_ms),
            warm_ms: to_tenths(warm_ms),
            runs: runs.len(),
            gflops: gflops.map(to_tenths),
        }
    }

    /// From nothing to the first mask.
    pub fn cold_ms(&self) -> f64 {
        self.start_ms + self.load_ms + self.first_ms
    }
}

/// Rounds to what such times are good for.
fn to_tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// The middle value, or the mean of the two in the middle; 0 of none.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    if sorted.len().is_multiple_of(2) {
        let lower = sorted.get((sorted.len() / 2).saturating_sub(1)).copied().unwrap_or_default();
        f64::midpoint(lower, upper)
    } else {
        upper
    }
}

/// A time for people.
pub fn in_words(milliseconds: f64) -> String {
    if milliseconds < 1000.0 {
        format!("{milliseconds:.0} ms")
    } else {
        format!("{:.2} s", milliseconds / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_may_name_sizes() {
        assert_eq!(sizes("256, 512"), [256, 512]);
        for other in ["", "true", "256,", "100000", "0", "-1"] {
            assert_eq!(sizes(other), SIZES, "{other}");
        }
    }

    #[test]
    fn slow_engines_run_few_slices_and_fast_ones_no_more_than_enough() {
        assert!(is_another_run_due(&[60_000.0; 2]));
        assert!(!is_another_run_due(&[60_000.0; 3]));
        assert!(is_another_run_due(&[1.0; 14]));
        assert!(!is_another_run_due(&[1.0; 15]));
    }

    #[test]
    fn the_phantom_has_air_tissue_and_bone() {
        let slice = phantom(64);
        assert_eq!(slice.pixels.len(), 64 * 64);
        assert_eq!(slice.pixels[0], -1000);
        assert_eq!(slice.pixels[64 * 24 + 32], 40);
        assert_eq!(slice.pixels[64 * 40 + 32], 400);
    }

    #[test]
    fn times_are_medians() {
        let times = Times::new([1.0, 2.0, 3.0], &[9.0, 4.0, 5.0], Some(5e9));
        assert_eq!((times.cold_ms(), times.warm_ms, times.runs, times.gflops), (6.0, 5.0, 3, Some(1000.0)));
        assert_eq!(Times::new([0.0; 3], &[4.0, 8.0, 5.0, 6.0], None).warm_ms, 5.5);
        assert_eq!(Times::new([0.0; 3], &[], Some(1.0)).gflops, None);
    }

    #[test]
    fn a_report_is_flat_json() {
        let times = Times::new([1.0, 2.0, 3.0], &[4.0], None);
        let rows = vec![
            Row { engine: EngineKind::Cpu, size: 256, outcome: Outcome::Times(times) },
            Row { engine: EngineKind::WebGpu, size: 512, outcome: Outcome::Failure("no memory".into()) },
        ];
        let json: serde_json::Value =
            serde_json::from_str(&Report { rows, ..Report::default() }.to_json()).unwrap();
        assert_eq!(json["rows"][0]["times"]["warm_ms"], 4.0);
        assert_eq!(json["rows"][1]["engine"], "WebGpu");
        assert_eq!(json["rows"][1]["failure"], "no memory");
    }

    #[test]
    fn times_are_told_in_handy_units() {
        assert_eq!(in_words(87.4), "87 ms");
        assert_eq!(in_words(1234.0), "1.23 s");
    }
}
