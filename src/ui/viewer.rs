//! The chosen slice, its prediction, and the controls for looking at them.

use leptos::prelude::*;
use rachis_ct::{Quantity, Slice};

use super::{
    display::Display, meaning::MeaningChoice, orientation::OrientationControls,
    overlay_controls::OverlayControls, panes::Panes, window_controls::WindowControls,
    zoom_controls::ZoomControls,
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
                <MeaningChoice/>
                <Readout/>
            </div>
            <Panes/>
            <div class="controls">
                <WindowControls/>
                <OverlayControls/>
                <ZoomControls/>
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
        Some(format!("{value}{unit} at row {}, column {}", probe.row + 1, probe.column + 1))
    };
    view! { <p class="readout">{text}</p> }
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
