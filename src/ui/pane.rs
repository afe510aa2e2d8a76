//! The frame that every view has: zoom and pan, the letters of its sides, the cross-hair.

use leptos::prelude::*;
use rachis_ct::{Plane, Sides};

use super::{display::Display, gestures::Gestures, planes::Planes};
use crate::{reformat::Axis, session::Session};

/// A view with its canvases, which lie on each other and fill it.
#[component]
pub fn Pane(
    /// The axis that it looks along.
    through: Axis,
    /// What it shows, beside the plane.
    #[prop(into)]
    label: Signal<String>,
    /// Width by height of the picture.
    #[prop(into)]
    aspect: Signal<f64>,
    /// Whether there is nothing to show.
    #[prop(into)]
    is_empty: Signal<bool>,
    /// The canvases.
    children: Children,
    /// What lies on the view and is not zoomed.
    #[prop(optional)]
    notes: Option<AnyView>,
) -> impl IntoView {
    let display = Display::expect();
    let planes = Planes::expect();
    let viewport = display.viewport(through);
    let gestures = Gestures::new(Session::expect(), display, planes, through);
    // Arrows go from slice to slice, except in a reformat that has the focus.
    let is_reformat = through != Axis::Slice;
    view! {
        <figure class="pane" class:is-zoomed=move || { viewport.get().zoom > 1.0 }
            tabindex=is_reformat.then_some("0") aria-label=move || is_reformat.then(|| label.get())
            style=("--aspect", move || format!("{:.5}", aspect.get()))
            on:wheel=move |event| gestures.wheel(&event)
            on:pointerdown=move |event| gestures.down(&event)
            on:pointermove=move |event| gestures.moved(&event)
            on:pointerup=move |event| gestures.up(&event)
            on:pointercancel=move |event| gestures.cancelled(&event)
            on:pointerleave=move |_| display.probe.set(None)
            on:contextmenu=|event| event.prevent_default()
            on:dblclick=move |_| viewport.set(Default::default())
            on:keydown=move |event| if is_reformat { gestures.key(&event) }>
            <div class="stack" class:is-empty=move || is_empty.get()
                style=("transform", move || viewport.get().css())>
                {children()}
            </div>
            <CrossHair through/>
            <figcaption>{label}</figcaption>
            <SideLabels through/>
            {notes}
        </figure>
    }
}

/// What the sides of the picture face, where the file says it.
#[component]
fn SideLabels(through: Axis) -> impl IntoView {
    let session = Session::expect();
    let planes = Planes::expect();
    move || {
        let sides = match through {
            Axis::Slice => session.current.get()?.info.placement?.sides(),
            Axis::Column | Axis::Row => planes.view(through)?.sides?,
        };
        let Sides { left, right, top, bottom } = sides;
        Some(view! {
            <span class="side side-left">{left.to_string()}</span>
            <span class="side side-right">{right.to_string()}</span>
            <span class="side side-top">{top.to_string()}</span>
            <span class="side side-bottom">{bottom.to_string()}</span>
        })
    }
}

/// Two lines, open where they cross.
#[component]
fn CrossHair(through: Axis) -> impl IntoView {
    let planes = Planes::expect();
    let viewport = Display::expect().viewport(through);
    let point = Memo::new(move |_| planes.point(through));
    let from_middle = move |side: fn([f64; 2]) -> f64| {
        format!("{:.5}", (point.get().map_or(0.5, side) - 0.5) * viewport.get().zoom)
    };
    let is_shown = move || planes.shown.get() && planes.lines.get() && point.get().is_some();
    view! {
        <Show when=is_shown>
            <div class="cross-hair" aria-hidden="true"
                style=("--x", move || from_middle(|[x, _]| x))
                style=("--y", move || from_middle(|[_, y]| y))
                style=("--pan-x", move || format!("{:.2}px", viewport.get().x))
                style=("--pan-y", move || format!("{:.2}px", viewport.get().y))>
                <div class="cross-hair-across"></div>
                <div class="cross-hair-down"></div>
            </div>
        </Show>
    }
}

/// A plane's name for people.
pub fn plane_name(plane: Plane) -> &'static str {
    match plane {
        Plane::Axial => "Axial",
        Plane::Sagittal => "Sagittal",
        Plane::Coronal => "Coronal",
    }
}
