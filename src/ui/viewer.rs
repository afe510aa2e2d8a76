//! The chosen slice, its prediction, and the controls for looking at them.

use leptos::prelude::*;
use rachis_ct::{Quantity, Slice};

use super::{
    display::Display, meaning::MeaningChoice, orientation::OrientationControls,
    overlay_controls::OverlayControls, panes::Panes, planes::Planes, volume::Volume,
    window_controls::WindowControls, zoom_controls::ZoomControls,
};
use crate::{names::file_name, session::Session};

/// The middle of the screen.
#[component]
pub fn Viewer() -> impl IntoView {
    let session = Session::expect();
    let name = move || session.current.get().map(|case| file_name(&case.path).to_owned());
    let facts = move || session.current.get()?.slice().map(|slice| describe(&slice));
    view! {
        <section class="viewer" aria-label="Slice and prediction">
            <div class="viewer-head">
                <h2>{name}</h2>
                <p class="facts">{facts}</p>
                <Volume/>
                <MeaningChoice/>
                <Readout/>
            </div>
            <Panes/>
            <div class="controls">
                <WindowControls/>
                <OverlayControls/>
                <ZoomControls/>
                <ReformatControls/>
                <OrientationControls/>
            </div>
        </section>
    }
}

/// The value under the pointer.
#[component]
fn Readout() -> impl IntoView {
    let session = Session::expect();
    let probe = Display::expect().probe;
    let text = move || {
        let probe = probe.get()?;
        let unit = match session.current.get()?.slice()?.quantity {
            Quantity::Hu => " HU",
            Quantity::Brightness { .. } => "",
        };
        let value = probe.value.to_string().replace('-', "\u{2212}");
        let slice = probe.slice.map(|slice| format!("slice {}, ", slice + 1)).unwrap_or_default();
        Some(format!("{value}{unit} at {slice}row {}, column {}", probe.row + 1, probe.column + 1))
    };
    view! { <p class="readout">{text}</p> }
}

/// Reformats and cross-hair, on or off; nothing for single slices.
#[component]
fn ReformatControls() -> impl IntoView {
    let planes = Planes::expect();
    let has_geometry = Memo::new(move |_| planes.known_geometry().is_some());
    let toggle = |label: &'static str, title: &'static str, signal: RwSignal<bool>| {
        view! {
            <button type="button" class="button toggle" title=title aria-pressed=move || signal.get().to_string()
                on:click=move |_| signal.update(|on| *on = !*on)>{label}</button>
        }
    };
    view! {
        <Show when=move || has_geometry.get()>
            <div class="control-group" role="group" aria-label="Planes">
                {toggle("Reformats", "Show or hide the other two planes (r)", planes.wanted)}
                {toggle("Cross-hair", "Show or hide the cross-hair (x)", planes.lines)}
            </div>
        </Show>
    }
}

fn describe(slice: &Slice) -> String {
    let size = format!("{} × {}", slice.columns, slice.rows);
    let spacing = slice.spacing.map(|spacing| format!("{:.2} × {:.2} mm", spacing.column_mm, spacing.row_mm));
    let kind = match slice.quantity {
        Quantity::Hu => "HU",
        Quantity::Brightness { .. } => "grey picture, no HU",
    };
    [Some(size), spacing, Some(kind.to_owned())].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
