//! Images in memory.

use crate::Shape;

/// Channels come in groups of this many, from the first group on.
pub(crate) const GROUP: usize = 8;

/// How an image lies in memory: row by row, pixel by pixel, a pixel's channels side by side.
///
/// Pixels of 8 channels or more lie a multiple of 8 values apart. What fills the gaps is not defined.
impl Shape {
    /// From one pixel to the next, in values.
    #[must_use]
    pub fn stride(self) -> usize {
        if self.channels < GROUP { self.channels } else { self.channels.next_multiple_of(GROUP) }
    }

    /// Values that the image takes.
    #[must_use]
    pub fn len(self) -> usize {
        self.rows * self.columns * self.stride()
    }

    /// The same, where it may be more than memory has.
    pub(crate) fn values(self) -> u64 {
        let sides = [self.rows, self.columns, self.stride()].map(|side| side as u64);
        sides.into_iter().fold(1, u64::saturating_mul)
    }

    /// Whether the image has no values.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// An image to be read.
#[derive(Debug, Clone, Copy)]
pub struct Image<'a> {
    /// Its size.
    pub shape: Shape,
    /// [`Shape::len`] values.
    pub values: &'a [f32],
}

impl<'a> Image<'a> {
    /// # Panics
    /// If there are fewer values than the shape needs.
    #[must_use]
    pub fn new(shape: Shape, values: &'a [f32]) -> Self {
        Self { shape, values: &values[..shape.len()] }
    }

    /// A row's pixels.
    pub(crate) fn row(self, row: usize) -> &'a [f32] {
        let length = self.shape.columns * self.shape.stride();
        &self.values[row * length..][..length]
    }
}
