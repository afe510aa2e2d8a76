//! The page's side of its workers.

mod engine;
mod link;
mod reader;
mod reading;
mod segmenting;
mod timing;

pub use reader::{Reader, ReaderError};
pub use reading::read_files;
pub use segmenting::segment_slices;
pub use timing::time_engine;
