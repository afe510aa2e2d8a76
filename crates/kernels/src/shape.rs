/// The size of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Channels.
    pub channels: usize,
}

impl Shape {
    /// Rows and columns.
    pub(crate) fn size(self) -> [usize; 2] {
        [self.rows, self.columns]
    }
}
