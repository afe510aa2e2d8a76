//! The page's side of its workers.

mod engine;
mod file_worker;
mod link;
mod pool;
mod reading;
mod segmenting;
mod timing;

pub use file_worker::{Converter, FileWorkerError};
pub use reading::read_files;
pub use segmenting::segment_slices;
pub use timing::time_engine;
