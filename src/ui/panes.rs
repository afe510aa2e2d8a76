//! The slice beside its prediction, and the reformats under them.

use leptos::{html::Canvas, prelude::*};

use super::{
    display::Display,
    pane::{Pane, plane_name},
    plane_slider::PlaneSlider,
    planes::Planes,
    reformat::Reformat,
};
use crate::{
    browser::canvas,
    overlay::{self, Regions},
    picture,
    reformat::Axis,
    session::{Reading, Segmentation, Session},
};

/// All views. Slice and prediction show the same part of the slice.
#[component]
pub fn Panes() -> impl IntoView {
    let planes = Planes::expect();
    // A thin stack gives flat reformats.
    let flatness = move || {
        let flat = [Axis::Column, Axis::Row].map(|axis| {
            let geometry = planes.known_geometry()?;
            let view = planes.view(axis)?;
            Some(1.0 / view.aspect(&geometry))
        });
        flat.into_iter().flatten().fold(0.0, f64::max).clamp(0.25, 1.0)
    };
    view! {
        <div class="panes" class:has-reformats=move || planes.shown.get()
            style=("--flatness", move || format!("{:.3}fr", flatness()))>
            <SlicePane label="Slice"/>
            <SlicePane label="Prediction" with_overlay=true/>
            <div class="through-slices">
                <PlaneSlider through=Axis::Slice/>
                <NoReformats/>
            </div>
            <Show when=move || planes.shown.get()>
                <Reformat through=Axis::Column/>
                <Reformat through=Axis::Row/>
            </Show>
        </div>
    }
}

/// A view of the slice, with the mask on it or without.
#[component]
fn SlicePane(label: &'static str, #[prop(optional)] with_overlay: bool) -> impl IntoView {
    let session = Session::expect();
    let display = Display::expect();
    let image = NodeRef::<Canvas>::new();
    canvas::keep_painted(image, move || {
        let slice = session.current.get()?.slice()?;
        Some(picture::slice(&slice, display.window.get().window(&slice)))
    });
    let is_read = Memo::new(move |_| session.current.get().is_some_and(|case| case.slice().is_some()));
    let aspect = Signal::derive(move || {
        let slice = session.current.get().and_then(|case| case.slice());
        slice.map_or(1.0, |slice| {
            let pixel = slice.spacing.map_or(1.0, |spacing| f64::from(spacing.column_mm / spacing.row_mm));
            f64::from(slice.columns) * pixel / f64::from(slice.rows)
        })
    });
    let caption = Signal::derive(move || {
        let plane = session.current.get().and_then(|case| case.info.placement).map(|place| place.plane());
        plane.map_or_else(
            || label.to_owned(),
            |plane| format!("{label}, {}", plane_name(plane).to_lowercase()),
        )
    });
    let notes = with_overlay.then(|| view! { <Legend/> <Message/> }.into_any());
    view! {
        <Pane through=Axis::Slice label=caption aspect is_empty=Signal::derive(move || !is_read.get())
            notes=notes.into_any()>
            <canvas node_ref=image width="1" height="1" role="img" aria-label=label></canvas>
            {with_overlay.then(|| view! { <Overlay/> })}
        </Pane>
    }
}

/// Why a stack has no reformats.
#[component]
fn NoReformats() -> impl IntoView {
    let planes = Planes::expect();
    move || {
        let obstacle = planes.geometry.get()?.err()?;
        (planes.cases.with(Vec::len) > 1).then(|| view! { <p class="hint">{obstacle.to_string()}</p> })
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
        let regions = Regions::of(&*case.prediction()?, reference.as_deref());
        Some(overlay::paint(&regions, display.style.get()))
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
