//! Charts as SVG. Their colours are in the drawing itself, so that a downloaded chart looks like the one on the page.

mod bland_altman;
mod frame;
mod thresholds;

pub use bland_altman::BlandAltmanChart;
pub use thresholds::{DiceByThreshold, PrecisionRecall};

/// Of points and curves; at least 3:1 on light and on dark.
const INK: &str = "#0f9488";
/// Of what stands out, which also has another shape.
const ALARM: &str = "#e5325f";
/// Of a second curve.
const SECOND_INK: &str = "#b7791f";
