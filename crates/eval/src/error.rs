//! Why masks cannot be compared, or their results not be written.

/// Why masks cannot be compared, or their results not be written, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// The two masks have different numbers of pixels.
    #[error(
        "The mask has {predicted} pixels and its reference {reference}. Choose the reference of the same image."
    )]
    PixelCounts {
        /// Pixels of the predicted mask.
        predicted: usize,
        /// Pixels of the reference mask.
        reference: usize,
    },
    /// The masks do not have the shape that they are said to have.
    #[error(
        "The mask has {pixels} pixels, which is not a picture of {shape:?}. Choose the mask of the same image."
    )]
    Shape {
        /// Pixels of the masks.
        pixels: usize,
        /// Pixels along each axis of the grid.
        shape: Vec<usize>,
    },
    /// The distance between pixels cannot be true.
    #[error(
        "The image says that its pixels are {spacing_mm} mm apart. Correct its pixel spacing, or remove it."
    )]
    Spacing {
        /// The distance between pixels along one axis, in mm.
        spacing_mm: f64,
    },
    /// The table could not be written.
    #[error("The table of results could not be written: close other pages to free memory and try again.")]
    Table(#[from] csv::Error),
    /// The report could not be written.
    #[error("The report of results could not be written: close other pages to free memory and try again.")]
    Report(#[from] serde_json::Error),
}
