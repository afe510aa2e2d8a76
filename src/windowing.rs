//! The window that slices are seen through: presets, the file's own, or set by dragging.

use rachis_ct::{Quantity, Slice, Window};

/// How the window is chosen. It stays from slice to slice, so that slices can be compared.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum WindowChoice {
    /// For bone.
    #[default]
    Bone,
    /// For soft tissue.
    SoftTissue,
    /// For lung.
    Lung,
    /// From the lowest to the highest value.
    Full,
    /// What the slice's file suggests.
    File,
    /// Set by the user.
    Manual(Window),
}

/// Why a preset cannot be used on a slice.
const UNKNOWN_WINDOW: &str =
    "This picture does not hold Hounsfield units, so presets in HU do not apply to it";

impl WindowChoice {
    /// The presets in the order of their keys, 1 to 5.
    pub const PRESETS: [Self; 5] = [Self::Bone, Self::SoftTissue, Self::Lung, Self::Full, Self::File];

    /// A name for people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Bone => "Bone",
            Self::SoftTissue => "Soft tissue",
            Self::Lung => "Lung",
            Self::Full => "Full",
            Self::File => "File",
            Self::Manual(_) => "Manual",
        }
    }

    /// Why this choice does not apply to `slice`; `None` where it does.
    pub fn obstacle(self, slice: &Slice) -> Option<&'static str> {
        match (self, slice.quantity) {
            (Self::Bone | Self::SoftTissue | Self::Lung, Quantity::Brightness { .. }) => Some(UNKNOWN_WINDOW),
            (Self::File, _) if slice.window.is_none() => Some("The file suggests no window"),
            _ => None,
        }
    }

    /// The window to see `slice` through; the full one where the choice does not apply.
    pub fn window(self, slice: &Slice) -> Window {
        let full = Window::full(slice.quantity);
        if self.obstacle(slice).is_some() {
            return full;
        }
        match self {
            Self::Bone => Window::BONE,
            Self::SoftTissue => Window::SOFT_TISSUE,
            Self::Lung => Window::LUNG,
            Self::Full => full,
            Self::File => slice.window.unwrap_or(full),
            Self::Manual(window) => window,
        }
    }
}

/// The window after a drag over (`dx`, `dy`) CSS pixels: to the right widens, downwards raises the centre, and wide
/// windows change faster.
pub fn dragged(window: Window, dx: f64, dy: f64) -> Window {
    let values_per_pixel = f64::from(window.width.max(60.0)) / 300.0;
    window.moved((dy * values_per_pixel) as f32, (dx * values_per_pixel) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(quantity: Quantity, window: Option<Window>) -> Slice {
        Slice { window, ..Slice::new(1, 1, vec![0], quantity).unwrap() }
    }

    #[test]
    fn presets_in_hu_do_not_apply_to_pictures() {
        let picture = slice(Quantity::Brightness { white: 255 }, None);
        let choices = WindowChoice::PRESETS.map(|choice| choice.obstacle(&picture).is_none());
        assert_eq!(choices, [false, false, false, true, false]);
        assert_eq!(WindowChoice::Bone.window(&picture), Window::full(picture.quantity));
    }

    #[test]
    fn the_file_s_own_window_is_used_where_there_is_one() {
        let own = Window::new(123.0, 45.0);
        assert_eq!(WindowChoice::File.window(&slice(Quantity::Hu, Some(own))), own);
        assert_eq!(WindowChoice::File.window(&slice(Quantity::Hu, None)), Window::FULL);
    }

    #[test]
    fn dragging_right_widens_and_dragging_down_raises_the_centre() {
        let window = dragged(Window::BONE, 30.0, 10.0);
        assert_eq!(window, Window::new(460.0, 1980.0));
        assert!(dragged(Window::new(0.0, 1.0), 0.0, 5.0).center > 0.0);
    }
}
