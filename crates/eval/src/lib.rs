//! How well predicted masks agree with their references: counts of pixels, the measures made of them, a table.

mod error;
mod mean;
mod overlap;
mod table;

pub use error::EvalError;
pub use mean::mean;
pub use overlap::Overlap;
pub use table::{Row, results_csv};
