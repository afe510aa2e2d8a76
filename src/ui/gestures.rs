//! Wheel, drag and pinch on the panes: zoom, pan, window, and the value under the pointer.

use std::collections::BTreeMap;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent, WheelEvent};

use super::display::{Display, Probe};
use crate::session::Session;

/// The right button, as pointer events number it.
const RIGHT_BUTTON: i16 = 2;

/// What dragging with one pointer does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Drag {
    #[default]
    Pan,
    Window,
}

/// The gestures under way on a pane.
#[derive(Debug, Clone, Copy)]
pub struct Gestures {
    session: Session,
    display: Display,
    /// Where each pressed pointer is, in CSS pixels of the window.
    pressed: StoredValue<BTreeMap<i32, (f64, f64)>>,
    drag: StoredValue<Drag>,
}

impl Gestures {
    /// None yet.
    pub fn new(session: Session, display: Display) -> Self {
        Self { session, display, pressed: StoredValue::default(), drag: StoredValue::default() }
    }

    /// The wheel zooms about the pointer.
    pub fn wheel(self, event: &WheelEvent) {
        event.prevent_default();
        let lines_to_pixels = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { 20.0 } else { 1.0 };
        // A pinch on a touchpad comes as small steps with the control key.
        let speed = if event.ctrl_key() { 0.01 } else { 0.0015 };
        let factor = (-event.delta_y() * lines_to_pixels * speed).exp();
        if let Some((x, y)) = pane(event).map(|pane| from_centre(&pane, event.client_x(), event.client_y())) {
            self.display.viewport.update(|viewport| *viewport = viewport.zoomed(factor, x, y));
        }
    }

    /// A button or finger goes down.
    pub fn down(self, event: &PointerEvent) {
        if let Some(pane) = pane(event) {
            // It fails only if the pointer is already gone.
            let _ = pane.set_pointer_capture(event.pointer_id());
        }
        let sets_window = event.button() == RIGHT_BUTTON || event.shift_key();
        self.drag.set_value(if sets_window { Drag::Window } else { Drag::Pan });
        self.pressed.update_value(|pressed| {
            pressed.insert(event.pointer_id(), position(event));
        });
    }

    /// A button or finger goes up.
    pub fn up(self, event: &PointerEvent) {
        self.pressed.update_value(|pressed| {
            pressed.remove(&event.pointer_id());
        });
    }

    /// A pointer moves, pressed or not.
    pub fn moved(self, event: &PointerEvent) {
        self.display.probe.set(self.value_under(event));
        let before = self.pressed.get_value();
        let Some(&from) = before.get(&event.pointer_id()) else { return };
        let to = position(event);
        self.pressed.update_value(|pressed| {
            pressed.insert(event.pointer_id(), to);
        });
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let other = before.iter().find(|(id, _)| **id != event.pointer_id()).map(|(_, place)| *place);
        match (other, self.drag.get_value()) {
            (Some(other), _) => self.pinch(event, other, from, to),
            (None, Drag::Window) => self.display.drag_window(self.session, dx, dy),
            (None, Drag::Pan) => self.display.viewport.update(|viewport| *viewport = viewport.panned(dx, dy)),
        }
    }

    /// Two fingers: one rests at `other`, the other one moves.
    fn pinch(self, event: &PointerEvent, other: (f64, f64), from: (f64, f64), to: (f64, f64)) {
        let Some(pane) = pane(event) else { return };
        let distance = |place: (f64, f64)| (place.0 - other.0).hypot(place.1 - other.1).max(1.0);
        let middle = (f64::midpoint(other.0, to.0), f64::midpoint(other.1, to.1));
        let (x, y) = from_centre(&pane, middle.0 as i32, middle.1 as i32);
        let (dx, dy) = ((to.0 - from.0) / 2.0, (to.1 - from.1) / 2.0);
        self.display.viewport.update(|viewport| {
            *viewport = viewport.zoomed(distance(to) / distance(from), x, y).panned(dx, dy);
        });
    }

    fn value_under(self, event: &PointerEvent) -> Option<Probe> {
        let slice = untrack(|| self.session.current.get()?.slice())?;
        let picture = pane(event)?.query_selector("canvas").ok()??.get_bounding_client_rect();
        let x = (f64::from(event.client_x()) - picture.left()) / picture.width();
        let y = (f64::from(event.client_y()) - picture.top()) / picture.height();
        if !(0.0..1.0).contains(&x) || !(0.0..1.0).contains(&y) {
            return None;
        }
        let column = (x * f64::from(slice.columns)) as u32;
        let row = (y * f64::from(slice.rows)) as u32;
        let value = *slice.pixels.get(row as usize * slice.columns as usize + column as usize)?;
        Some(Probe { row, column, value })
    }
}

/// The pane that listens to the event.
fn pane(event: &web_sys::Event) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}

fn position(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

/// A place in the window as seen from the centre of the pane.
fn from_centre(pane: &Element, x: i32, y: i32) -> (f64, f64) {
    let area = pane.get_bounding_client_rect();
    (f64::from(x) - area.left() - area.width() / 2.0, f64::from(y) - area.top() - area.height() / 2.0)
}
