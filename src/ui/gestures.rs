//! Wheel, drag, pinch and keys on the panes: zoom, pan, window, cross-hair, and the value under the pointer.

use std::collections::BTreeMap;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent, WheelEvent};

use super::{
    display::{Display, Probe},
    planes::Planes,
};
use crate::{
    reformat::{Axis, View, Voxel},
    session::Session,
    viewport::Viewport,
};

/// The buttons, as pointer events number them.
const MAIN_BUTTON: i16 = 0;
const RIGHT_BUTTON: i16 = 2;

/// A pointer that moved no further than this was pressed on a point, in CSS pixels.
const STILL: f64 = 4.0;

/// What the wheel must turn to go one plane further, in CSS pixels: less than a notch of a mouse.
const PLANE_STEP: f64 = 50.0;

/// What dragging with one pointer does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Drag {
    #[default]
    Pan,
    Window,
    CrossHair,
}

/// A press that may turn out to be a click.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Press {
    start: (f64, f64),
    is_still: bool,
}

/// The gestures under way on a pane.
#[derive(Debug, Clone, Copy)]
pub struct Gestures {
    session: Session,
    display: Display,
    planes: Planes,
    /// The axis that the pane looks along.
    through: Axis,
    /// Where each pressed pointer is, in CSS pixels of the window.
    pressed: StoredValue<BTreeMap<i32, (f64, f64)>>,
    drag: StoredValue<Drag>,
    /// Where the main button went down.
    press: StoredValue<Option<Press>>,
    /// What the wheel has turned since the last plane, in CSS pixels.
    turned: StoredValue<f64>,
}

impl Gestures {
    /// None yet.
    pub fn new(session: Session, display: Display, planes: Planes, through: Axis) -> Self {
        Self {
            session,
            display,
            planes,
            through,
            pressed: StoredValue::default(),
            drag: StoredValue::default(),
            press: StoredValue::default(),
            turned: StoredValue::default(),
        }
    }

    /// The wheel zooms about the pointer; with Shift or Alt it goes through the planes.
    pub fn wheel(self, event: &WheelEvent) {
        event.prevent_default();
        let lines_to_pixels = if event.delta_mode() == WheelEvent::DOM_DELTA_LINE { 20.0 } else { 1.0 };
        if event.shift_key() || event.alt_key() {
            // With Shift, browsers turn the wheel sideways.
            return self.turn((event.delta_x() + event.delta_y()) * lines_to_pixels);
        }
        // A pinch on a touchpad comes as small steps with the control key.
        let speed = if event.ctrl_key() { 0.01 } else { 0.0015 };
        let factor = (-event.delta_y() * lines_to_pixels * speed).exp();
        if let Some((x, y)) = pane(event).map(|pane| from_centre(&pane, event.client_x(), event.client_y())) {
            self.viewport().update(|viewport| *viewport = viewport.zoomed(factor, x, y));
        }
    }

    /// A notch of a mouse is one plane; the small steps of a touchpad are added up.
    fn turn(self, pixels: f64) {
        let turned = self.turned.get_value() + pixels;
        if turned.abs() < PLANE_STEP {
            return self.turned.set_value(turned);
        }
        self.turned.set_value(0.0);
        if self.through == Axis::Slice {
            self.session.step(turned.signum() as isize);
        } else {
            self.planes.step(self.through, [0, 0, turned.signum() as i32]);
        }
    }

    /// Arrows move the cross-hair, Page up and Page down the plane; with Shift ten times as far.
    pub fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let far = if event.shift_key() { 10 } else { 1 };
        let steps = match event.key().as_str() {
            "ArrowLeft" => [-far, 0, 0],
            "ArrowRight" => [far, 0, 0],
            "ArrowUp" => [0, -far, 0],
            "ArrowDown" => [0, far, 0],
            "PageUp" => [0, 0, -far],
            "PageDown" => [0, 0, far],
            _ => return,
        };
        event.prevent_default();
        // Elsewhere the arrows go from slice to slice.
        event.stop_propagation();
        self.planes.step(self.through, steps);
    }

    /// A button or finger goes down.
    pub fn down(self, event: &PointerEvent) {
        if let Some(pane) = pane(event) {
            // It fails only if the pointer is already gone.
            let _ = pane.set_pointer_capture(event.pointer_id());
        }
        let is_main = event.button() == MAIN_BUTTON;
        let is_whole = self.viewport().with_untracked(|viewport| viewport.zoom == 1.0);
        let drag = if event.button() == RIGHT_BUTTON || event.shift_key() {
            Drag::Window
        } else if is_main && is_whole && self.planes.shown.get_untracked() {
            Drag::CrossHair
        } else {
            Drag::Pan
        };
        self.drag.set_value(drag);
        self.pressed.update_value(|pressed| {
            pressed.insert(event.pointer_id(), position(event));
        });
        let is_alone = self.pressed.with_value(BTreeMap::len) == 1;
        let may_click = is_main && drag != Drag::Window && is_alone;
        self.press.set_value(may_click.then_some(Press { start: position(event), is_still: true }));
        // A finger may be about to scroll the page.
        if drag == Drag::CrossHair && event.pointer_type() == "mouse" {
            self.put_cross_hair(event);
        }
    }

    /// A button or finger goes up.
    pub fn up(self, event: &PointerEvent) {
        if self.press.get_value().is_some_and(|press| press.is_still) && self.planes.shown.get_untracked() {
            self.put_cross_hair(event);
        }
        self.cancelled(event);
    }

    /// The browser takes a pointer for something else.
    pub fn cancelled(self, event: &PointerEvent) {
        self.press.set_value(None);
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
        self.press.update_value(|press| {
            if let Some(Press { start, is_still }) = press {
                *is_still &= (to.0 - start.0).hypot(to.1 - start.1) <= STILL;
            }
        });
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let other = before.iter().find(|(id, _)| **id != event.pointer_id()).map(|(_, place)| *place);
        match (other, self.drag.get_value()) {
            (Some(other), _) => self.pinch(event, other, from, to),
            (None, Drag::Window) => self.display.drag_window(self.session, dx, dy),
            (None, Drag::CrossHair) => self.put_cross_hair(event),
            (None, Drag::Pan) => self.viewport().update(|viewport| *viewport = viewport.panned(dx, dy)),
        }
    }

    /// Two fingers: one rests at `other`, the other one moves.
    fn pinch(self, event: &PointerEvent, other: (f64, f64), from: (f64, f64), to: (f64, f64)) {
        let Some(pane) = pane(event) else { return };
        let distance = |place: (f64, f64)| (place.0 - other.0).hypot(place.1 - other.1).max(1.0);
        let middle = (f64::midpoint(other.0, to.0), f64::midpoint(other.1, to.1));
        let (x, y) = from_centre(&pane, middle.0 as i32, middle.1 as i32);
        let (dx, dy) = ((to.0 - from.0) / 2.0, (to.1 - from.1) / 2.0);
        self.press.set_value(None);
        self.viewport().update(|viewport| {
            *viewport = viewport.zoomed(distance(to) / distance(from), x, y).panned(dx, dy);
        });
    }

    fn viewport(self) -> RwSignal<Viewport> {
        self.display.viewport(self.through)
    }

    fn put_cross_hair(self, event: &PointerEvent) {
        let voxel = untrack(|| {
            let geometry = self.planes.known_geometry()?;
            let view = View::along(self.through, &geometry);
            Some(view.voxel(point(event)?, self.planes.voxel.get()?, &geometry))
        });
        if let Some(voxel) = voxel {
            self.planes.put(voxel);
        }
    }

    fn value_under(self, event: &PointerEvent) -> Option<Probe> {
        let [x, y] = point(event)?;
        if !(0.0..1.0).contains(&x) || !(0.0..1.0).contains(&y) {
            return None;
        }
        untrack(|| {
            let (slice, row, column, number) = if self.through == Axis::Slice {
                let slice = self.session.current.get()?.slice()?;
                let (row, column) = (y * f64::from(slice.rows), x * f64::from(slice.columns));
                (slice, row as u32, column as u32, None)
            } else {
                let geometry = self.planes.known_geometry()?;
                let view = View::along(self.through, &geometry);
                let Voxel { column, row, slice } = view.voxel([x, y], self.planes.voxel.get()?, &geometry);
                let case = self.planes.cases.with(|cases| cases.get(slice as usize).cloned())?;
                (case.slice()?, row, column, Some(case.in_stack.index))
            };
            let value = *slice.pixels.get(row as usize * slice.columns as usize + column as usize)?;
            Some(Probe { slice: number, row, column, value })
        })
    }
}

/// The pane that listens to the event.
fn pane(event: &web_sys::Event) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}

/// Where the pointer is in the picture: 0 to 1 from the left and from the top.
fn point(event: &PointerEvent) -> Option<[f64; 2]> {
    let picture = pane(event)?.query_selector("canvas").ok()??.get_bounding_client_rect();
    let x = (f64::from(event.client_x()) - picture.left()) / picture.width();
    let y = (f64::from(event.client_y()) - picture.top()) / picture.height();
    Some([x, y])
}

fn position(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

/// A place in the window as seen from the centre of the pane.
fn from_centre(pane: &Element, x: i32, y: i32) -> (f64, f64) {
    let area = pane.get_bounding_client_rect();
    (f64::from(x) - area.left() - area.width() / 2.0, f64::from(y) - area.top() - area.height() / 2.0)
}
