//! How well predicted masks agree with their references: counts of pixels, the measures made of them, a table.

mod mean;
mod overlap;
mod table;

pub use mean::mean;
pub use overlap::{LengthMismatch, Overlap};
pub use table::{Row, TableError, results_csv};
