//! Viewing windows.

use serde::{Deserialize, Serialize};

use crate::Quantity;

/// A linear viewing window, in the units of the slice's pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// The value shown as mid-grey.
    pub center: f32,
    /// The range of values from black to white.
    pub width: f32,
}

impl Window {
    /// Bone, in HU: level 400, width 1800 (Radiopaedia, 'Windowing (CT)', spine, bone).
    pub const BONE: Self = Self::new(400.0, 1800.0);
    /// Soft tissue, in HU: level 40, width 400 (the preset of the OHIF viewer).
    pub const SOFT_TISSUE: Self = Self::new(40.0, 400.0);
    /// Lung, in HU: level -600, width 1500 (Radiopaedia, 'Windowing (CT)', chest, lungs; the OHIF viewer has the same).
    pub const LUNG: Self = Self::new(-600.0, 1500.0);
    /// All 4096 values of a 12-bit CT scanner, -1024 to 3071 HU.
    pub const FULL: Self = Self::new(1024.0, 4096.0);

    /// The narrowest window that [`Window::moved`] gives.
    const MIN_WIDTH: f32 = 1.0;
    /// The widest window that [`Window::moved`] gives: every `i16`.
    const MAX_WIDTH: f32 = 65536.0;

    /// A window of `width` values around `center`.
    pub const fn new(center: f32, width: f32) -> Self {
        Self { center, width }
    }

    /// The window that shows every value the quantity has, from black to white.
    pub fn full(quantity: Quantity) -> Self {
        match quantity {
            Quantity::Hu => Self::FULL,
            Quantity::Brightness { white } => {
                let values = f32::from(white) + 1.0;
                Self::new(values / 2.0, values)
            }
        }
    }

    /// The window after a drag that adds `center_by` and `width_by`, kept within what pixels can hold.
    pub fn moved(self, center_by: f32, width_by: f32) -> Self {
        Self {
            center: (self.center + center_by).clamp(f32::from(i16::MIN), f32::from(i16::MAX)),
            width: (self.width + width_by).clamp(Self::MIN_WIDTH, Self::MAX_WIDTH),
        }
    }

    /// The grey level of `value`: 0 is black, 255 white.
    ///
    /// DICOM PS3.3 C.11.2.1.2.1, the linear function: black up to `center - 0.5 - (width - 1) / 2`, white above
    /// `center - 0.5 + (width - 1) / 2`, linear between, rounded to the nearest level. A width of 1 or less is a step.
    pub fn gray(self, value: i16) -> u8 {
        self.ramp().gray(value)
    }

    pub(crate) fn ramp(self) -> Ramp {
        let span = (self.width - 1.0).max(f32::MIN_POSITIVE);
        Ramp { black: self.center - 0.5 - span / 2.0, levels_per_unit: 255.0 / span }
    }
}

/// A window made ready for many pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ramp {
    /// The highest value shown as black.
    black: f32,
    levels_per_unit: f32,
}

impl Ramp {
    pub(crate) fn gray(self, value: i16) -> u8 {
        let level = (f32::from(value) - self.black) * self.levels_per_unit;
        (level.clamp(0.0, 255.0) + 0.5) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The formula of the standard, as it is written there.
    fn standard(window: Window, value: i16) -> f64 {
        let (x, c, w) = (f64::from(value), f64::from(window.center), f64::from(window.width));
        if x <= c - 0.5 - (w - 1.0) / 2.0 {
            0.0
        } else if x > c - 0.5 + (w - 1.0) / 2.0 {
            255.0
        } else {
            ((x - (c - 0.5)) / (w - 1.0) + 0.5) * 255.0
        }
    }

    #[test]
    fn full_windows_reach_from_black_to_white() {
        assert_eq!((Window::FULL.gray(-1024), Window::FULL.gray(3071)), (0, 255));
        for white in [255, 32767] {
            let full = Window::full(Quantity::Brightness { white });
            assert_eq!((full.gray(0), full.gray(white)), (0, 255));
        }
        let bytes = Window::full(Quantity::Brightness { white: 255 });
        assert!((0..=255).all(|value| bytes.gray(value) == value as u8));
    }

    #[test]
    fn the_centre_of_a_preset_is_mid_grey() {
        for (window, center) in [(Window::BONE, 400), (Window::SOFT_TISSUE, 40), (Window::LUNG, -600)] {
            assert!((127..=128).contains(&window.gray(center)), "{window:?}");
        }
    }

    #[test]
    fn a_window_of_width_one_is_a_step() {
        let step = Window::new(10.0, 1.0);
        assert_eq!((step.gray(9), step.gray(10)), (0, 255));
    }

    #[test]
    fn a_drag_never_leaves_the_range_of_pixels() {
        let moved = Window::BONE.moved(1e9, -1e9);
        assert_eq!(moved, Window::new(32767.0, 1.0));
        assert_eq!(Window::BONE.moved(10.0, -100.0), Window::new(410.0, 1700.0));
    }

    proptest! {
        #[test]
        fn grey_levels_are_those_of_the_standard(
            value: i16, center in -2000..4000i32, width in 2..5000i32,
        ) {
            let window = Window::new(center as f32, width as f32);
            let difference = f64::from(window.gray(value)) - standard(window, value);
            prop_assert!(difference.abs() <= 0.51, "{difference}");
        }

        #[test]
        fn brighter_values_are_never_shown_darker(
            value in i16::MIN..i16::MAX, center: f32, width: f32,
        ) {
            let window = Window::new(center, width);
            prop_assert!(window.gray(value) <= window.gray(value + 1));
        }
    }
}
