//! How well predicted masks agree with their references.
//!
//! A [`Case`] is one slice compared with its reference, an [`Evaluation`] what a set of them says, as CSV and as JSON.
//! `docs/evaluation.md` gives every formula with its source.

mod agreement;
mod bootstrap;
mod case;
mod distance_transform;
mod error;
mod evaluation;
mod interval;
mod mean;
mod measure;
mod overall;
mod overlap;
mod paper;
mod patients;
mod quantile;
mod random;
mod report;
mod surface;
mod table;
mod threshold;

pub use agreement::{AgreementPoint, AreaPair, BlandAltman};
pub use bootstrap::Bootstrap;
pub use case::Case;
pub use error::EvalError;
pub use evaluation::{AreaAgreement, Evaluation};
pub use interval::Interval;
pub use mean::mean;
pub use measure::{Measure, Measures};
pub use overall::{OverPatients, OverSlices, Overall, OverallMeasure, Pooled};
pub use overlap::Overlap;
pub use paper::{PAPER_DSC_MEANING, PAPER_F1_MEANING, PaperFigures, paper_f1};
pub use patients::{Patient, PatientMeasure};
pub use surface::{Grid, SurfaceDistances};
pub use table::{Row, results_csv};
pub use threshold::{LevelHistogram, ThresholdCurve, ThresholdPoint};
