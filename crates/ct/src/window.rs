//! Viewing windows.

use serde::{Deserialize, Serialize};

/// A linear viewing window, in the units of the slice's pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// The value shown as mid-grey.
    pub center: f32,
    /// The range of values from black to white.
    pub width: f32,
}
