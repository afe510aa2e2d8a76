//! Where bytes come from.

use std::io::{Read, Seek};

/// A file that is read in pieces: in memory, on disk, or behind the browser's `File`.
pub trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}
