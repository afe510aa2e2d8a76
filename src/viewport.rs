//! Zoom and pan, shared by the slice and its prediction.

/// How far in one can zoom.
const MAX_ZOOM: f64 = 32.0;

/// What part of the slice the panes show. Offsets are CSS pixels from the pane's centre to the slice's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    /// 1 fits the slice into the pane.
    pub zoom: f64,
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Default for Viewport {
    fn default() -> Self {
        Self { zoom: 1.0, x: 0.0, y: 0.0 }
    }
}

impl Viewport {
    /// Zooms by `factor` so that the point at (`x`, `y`) from the pane's centre stays where it is.
    #[must_use]
    pub fn zoomed(self, factor: f64, x: f64, y: f64) -> Self {
        let zoom = (self.zoom * factor).clamp(1.0, MAX_ZOOM);
        if zoom == 1.0 {
            return Self::default();
        }
        let scale = zoom / self.zoom;
        Self { zoom, x: x - (x - self.x) * scale, y: y - (y - self.y) * scale }
    }

    /// Moves the slice; one that fits the pane stays.
    #[must_use]
    pub fn panned(self, dx: f64, dy: f64) -> Self {
        if self.zoom == 1.0 { self } else { Self { x: self.x + dx, y: self.y + dy, ..self } }
    }

    /// The value of the CSS property `transform`.
    pub fn css(&self) -> String {
        format!("translate({:.2}px, {:.2}px) scale({:.4})", self.x, self.y, self.zoom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a point of the slice, given from the slice's centre at zoom 1, appears in the pane.
    fn shown(view: Viewport, x: f64, y: f64) -> (f64, f64) {
        (view.x + x * view.zoom, view.y + y * view.zoom)
    }

    #[test]
    fn zooming_keeps_the_point_under_the_cursor() {
        let view = Viewport::default().zoomed(3.0, 40.0, -25.0);
        let (x, y) = shown(view, 40.0, -25.0);
        assert!((x - 40.0).abs() < 1e-9 && (y + 25.0).abs() < 1e-9);
        let deeper = view.zoomed(1.7, 10.0, 5.0);
        let (before, after) = ((10.0 - view.x) / view.zoom, (10.0 - deeper.x) / deeper.zoom);
        assert!((before - after).abs() < 1e-9);
    }

    #[test]
    fn zooming_out_ends_at_the_whole_slice_in_the_middle() {
        let view = Viewport::default().zoomed(4.0, 50.0, 50.0).panned(33.0, 9.0).zoomed(0.01, 7.0, 7.0);
        assert_eq!(view, Viewport::default());
    }

    #[test]
    fn a_slice_that_fits_cannot_be_dragged_away() {
        assert_eq!(Viewport::default().panned(100.0, 100.0), Viewport::default());
    }

    #[test]
    fn zoom_has_an_end() {
        assert_eq!(Viewport::default().zoomed(1e9, 0.0, 0.0).zoom, MAX_ZOOM);
    }
}
