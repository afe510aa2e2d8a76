//! What the user takes home.

mod png;
mod zip;

pub use png::mask_png;
pub use zip::zip;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A mask without rows or columns, or whose pixels are not all there.
    #[error("The mask could not be written as PNG: segment the slice again.")]
    Png(#[from] ::png::EncodingError),
    /// Over 4 GiB, or out of memory.
    #[error("The ZIP file could not be written: download fewer masks at a time.")]
    Zip(#[from] ::zip::result::ZipError),
}
