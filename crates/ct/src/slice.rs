//! One axial CT image.

use serde::{Deserialize, Serialize};

/// What a pixel of a [`Slice`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quantity {
    /// Hounsfield units.
    Hu,
    /// Brightness of a picture through an unknown window, from 0 (black) to `white`.
    Brightness {
        /// The value of full white.
        white: i16,
    },
}

/// Distance between the centres of neighbouring pixels, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spacing {
    /// Between rows (down the picture).
    pub row_mm: f32,
    /// Between columns (across the picture).
    pub column_mm: f32,
}

/// One CT image, row by row from the top left.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// Number of rows (the height).
    pub rows: u32,
    /// Number of columns (the width).
    pub columns: u32,
    /// `rows * columns` values.
    pub pixels: Vec<i16>,
    /// What the values count.
    pub quantity: Quantity,
    /// Pixel spacing where the file says it.
    pub spacing: Option<Spacing>,
    /// The window that the file suggests for viewing.
    pub window: Option<crate::Window>,
}
