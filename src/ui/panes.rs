//! The slice beside its prediction.

use leptos::{html::Canvas, prelude::*};
use rachis_ct::Sides;

use super::{display::Display, gestures::Gestures};
use crate::{
    browser::canvas,
    overlay, picture,
    session::{Reading, Segmentation, Session},
};

/// Both panes; they show the same part of the slice.
#[component]
pub fn Panes() -> impl IntoView {
    let display = Display::expect();
    view! {
        <div class="panes" data-zoomed=move || (display.viewport.get().zoom > 1.0).to_string()>
            <Pane label="Slice"/>
            <Pane label="Prediction" with_overlay=true/>
        </div>
    }
}

/// A view of the slice, with the mask on it or without.
#[component]
fn Pane(label: &'static str, #[prop(optional)] with_overlay: bool) -> impl IntoView {
    let session = Session::expect();
    let display = Display::expect();
    let image = NodeRef::<Canvas>::new();
    canvas::keep_painted(image, move || {
        let slice = session.current.get()?.slice()?;
        Some(picture::slice(&slice, display.window.get().window(&slice)))
    });
    let is_read = Memo::new(move |_| session.current.get().is_some_and(|case| case.slice().is_some()));
    let gestures = Gestures::new(session, display);
    let aspect = move || {
        let slice = session.current.get().and_then(|case| case.slice());
        slice.map_or(1.0, |slice| {
            let pixel = slice.spacing.map_or(1.0, |spacing| f64::from(spacing.column_mm / spacing.row_mm));
            f64::from(slice.columns) * pixel / f64::from(slice.rows)
        })
    };
    view! {
        <figure class="pane"
            on:wheel=move |event| gestures.wheel(&event)
            on:pointerdown=move |event| gestures.down(&event)
            on:pointermove=move |event| gestures.moved(&event)
            on:pointerup=move |event| gestures.up(&event)
            on:pointercancel=move |event| gestures.up(&event)
            on:pointerleave=move |_| display.probe.set(None)
            on:contextmenu=|event| event.prevent_default()
            on:dblclick=move |_| display.viewport.set(Default::default())>
            <div class="stack" class:is-empty=move || !is_read.get()
                style=("--aspect", move || format!("{:.5}", aspect()))
                style=("transform", move || display.viewport.get().css())>
                <canvas node_ref=image width="1" height="1" role="img" aria-label=label></canvas>
                {with_overlay.then(|| view! { <Overlay/> })}
            </div>
            <figcaption>{label}</figcaption>
            <SideLabels/>
            {with_overlay.then(|| view! { <Legend/> <Message/> })}
        </figure>
    }
}

/// What the sides of the picture face, where the file says it.
#[component]
fn SideLabels() -> impl IntoView {
    let session = Session::expect();
    move || {
        let Sides { left, right, top, bottom } = session.current.get()?.info.placement?.sides();
        Some(view! {
            <span class="side side-left">{left.to_string()}</span>
            <span class="side side-right">{right.to_string()}</span>
            <span class="side side-top">{top.to_string()}</span>
            <span class="side side-bottom">{bottom.to_string()}</span>
        })
    }
}

/// The mask over the slice.
#[component]
fn Overlay() -> impl IntoView {
    let session = Session::expect();
    let display = Display::expect();
    let canvas = NodeRef::<Canvas>::new();
    canvas::keep_painted(canvas, move || {
        let case = session.current.get()?;
        let reference = if display.compare.get() { case.reference.get() } else { None };
        Some(overlay::paint(&*case.prediction()?, reference.as_deref(), display.style.get()))
    });
    let is_shown = move || {
        display.overlay.get() && session.current.get().is_some_and(|case| case.prediction().is_some())
    };
    view! {
        <canvas class="overlay" node_ref=canvas width="1" height="1" aria-hidden="true"
            class:is-hidden=move || !is_shown()
            style=("opacity", move || display.css_opacity())></canvas>
    }
}

/// What the colours and patterns mean, while a reference is compared with.
#[component]
fn Legend() -> impl IntoView {
    let session = Session::expect();
    let display = Display::expect();
    let is_shown = Memo::new(move |_| {
        let has_overlap = session.current.get().is_some_and(|case| case.overlap.get().is_some());
        display.overlay.get() && display.compare.get() && has_overlap
    });
    view! {
        <Show when=move || is_shown.get()>
            <ul class="legend" aria-label="Prediction against reference">
                <li><span class="swatch agreed" aria-hidden="true"></span>"Agreed"</li>
                <li><span class="swatch missed" aria-hidden="true"></span>"Missed"</li>
                <li><span class="swatch extra" aria-hidden="true"></span>"Extra"</li>
            </ul>
        </Show>
    }
}

/// Why there is no prediction, while there is none.
#[component]
fn Message() -> impl IntoView {
    let session = Session::expect();
    let text = move || {
        let case = session.current.get()?;
        if case.slice.with(|slice| matches!(slice, Reading::Queued | Reading::Running)) {
            return Some("Reading…".to_owned());
        }
        case.segmentation.with(|segmentation| match segmentation {
            Segmentation::Waiting if session.paused.get() => Some("Cancelled".to_owned()),
            Segmentation::Waiting => Some("Waiting…".to_owned()),
            Segmentation::Running => Some("Segmenting…".to_owned()),
            Segmentation::Done(_) if case.prediction().is_some_and(|mask| mask.count() == 0) => {
                Some("No spine found in this slice".to_owned())
            }
            Segmentation::Done(_) => None,
            Segmentation::Failed(reason) => Some(reason.clone()),
        })
    };
    move || text().map(|text| view! { <p class="pane-message">{text}</p> })
}
