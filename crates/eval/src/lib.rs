//! How well predicted masks agree with their references: counts of pixels, the measures made of them, a table.

mod distance_transform;
mod error;
mod mean;
mod overlap;
mod quantile;
mod surface;
mod table;

pub use error::EvalError;
pub use mean::mean;
pub use overlap::Overlap;
pub use surface::{Grid, SurfaceDistances};
pub use table::{Row, results_csv};
