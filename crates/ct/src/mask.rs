//! Which pixels of a slice are spine.

/// A binary mask, row by row from the top left: 1 is spine, 0 is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    /// Number of rows (the height).
    pub rows: u32,
    /// Number of columns (the width).
    pub columns: u32,
    /// `rows * columns` values, each 0 or 1.
    pub pixels: Vec<u8>,
}
