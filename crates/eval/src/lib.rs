//! How well predicted masks agree with their references: counts of pixels, the measures made of them, a table.

mod agreement;
mod bootstrap;
mod distance_transform;
mod error;
mod interval;
mod mean;
mod overlap;
mod quantile;
mod random;
mod surface;
mod table;
mod threshold;

pub use agreement::{AgreementPoint, AreaPair, BlandAltman};
pub use bootstrap::Bootstrap;
pub use error::EvalError;
pub use interval::Interval;
pub use mean::mean;
pub use overlap::Overlap;
pub use surface::{Grid, SurfaceDistances};
pub use table::{Row, results_csv};
pub use threshold::{LevelHistogram, ThresholdCurve, ThresholdPoint};
