//! An opened file whose slices are decoded one at a time.

use crate::Slice;
use crate::error::ReadError;
use crate::stack::{Meaning, StackInfo};

/// Decodes the slices of one kind of file.
pub trait SliceReader {
    /// The slice at this place of [`StackInfo::slices`], as shown.
    ///
    /// Volumes that can only be read from front to back are quick where `index` grows.
    ///
    /// # Errors
    ///
    /// Why this slice cannot be read; others may still be.
    fn slice(&mut self, index: usize, meaning: Meaning) -> Result<Slice, ReadError>;
}

/// What a file holds and the way to its pixels.
pub struct Stack {
    /// What the file holds.
    pub info: StackInfo,
    /// Decodes the slices.
    pub reader: Box<dyn SliceReader>,
}
