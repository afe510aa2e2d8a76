//! How slices are looked at. It stays from slice to slice.

use leptos::prelude::*;
use rachis_ct::Window;

use crate::{
    overlay::Style,
    reformat::Axis,
    session::Session,
    viewport::Viewport,
    windowing::{WindowChoice, dragged},
};

/// A pixel under the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// The slice, from 0 in its stack, where it is not the current one.
    pub slice: Option<usize>,
    /// Row, from 0 at the top.
    pub row: u32,
    /// Column, from 0 at the left.
    pub column: u32,
    /// Its value.
    pub value: i16,
}

/// The settings of the viewer. Copies share them.
#[derive(Debug, Clone, Copy)]
pub struct Display {
    /// The window.
    pub window: RwSignal<WindowChoice>,
    /// Zoom and pan of the slice and of the two reformats.
    viewports: [RwSignal<Viewport>; 3],
    /// Whether the mask is shown.
    pub overlay: RwSignal<bool>,
    /// The mask's opacity, per cent.
    pub opacity: RwSignal<u32>,
    /// Area or outline.
    pub style: RwSignal<Style>,
    /// Whether the prediction is shown against the reference, where there is one.
    pub compare: RwSignal<bool>,
    /// The pixel under the pointer.
    pub probe: RwSignal<Option<Probe>>,
    /// Whether the help is open.
    pub help: RwSignal<bool>,
    /// Whether keys of one character act, which is in the way of speech input.
    pub character_keys: RwSignal<bool>,
    /// Light colours instead of dark ones.
    pub light: RwSignal<bool>,
}

impl Display {
    /// As the page opens.
    pub fn new() -> Self {
        Self {
            window: RwSignal::default(),
            viewports: Default::default(),
            overlay: RwSignal::new(true),
            opacity: RwSignal::new(55),
            style: RwSignal::default(),
            compare: RwSignal::new(true),
            probe: RwSignal::default(),
            help: RwSignal::default(),
            character_keys: RwSignal::new(true),
            light: RwSignal::default(),
        }
    }

    /// The page's settings, from any component.
    pub fn expect() -> Self {
        expect_context()
    }

    /// The window that the current slice is seen through.
    pub fn current_window(self, session: Session) -> Option<Window> {
        let slice = session.current.get()?.slice()?;
        Some(self.window.get().window(&slice))
    }

    /// The opacity to draw the mask with; lines need more of it than areas.
    pub fn css_opacity(self) -> String {
        let opacity = f64::from(self.opacity.get()) / 100.0;
        let opacity = match self.style.get() {
            Style::Fill => opacity,
            Style::Outline => f64::midpoint(opacity, 1.0),
        };
        format!("{opacity:.2}")
    }

    /// Changes the window by a drag over so many CSS pixels.
    pub fn drag_window(self, session: Session, dx: f64, dy: f64) {
        if let Some(window) = untrack(|| self.current_window(session)) {
            self.window.set(WindowChoice::Manual(dragged(window, dx, dy)));
        }
    }

    /// Zoom and pan of the view along an axis.
    pub fn viewport(self, through: Axis) -> RwSignal<Viewport> {
        let [slice, column, row] = self.viewports;
        match through {
            Axis::Slice => slice,
            Axis::Column => column,
            Axis::Row => row,
        }
    }

    /// Zooms every view about its middle.
    pub fn zoom(self, factor: f64) {
        for viewport in self.viewports {
            viewport.update(|viewport| *viewport = viewport.zoomed(factor, 0.0, 0.0));
        }
    }

    /// Shows the whole of every view.
    pub fn show_whole(self) {
        for viewport in self.viewports {
            viewport.set(Default::default());
        }
    }
}
