//! Zoom by buttons.

use leptos::prelude::*;

use super::display::Display;
use crate::reformat::Axis;

/// One step of the buttons and keys.
pub const ZOOM_STEP: f64 = 1.25;

/// In, out, and back to the whole slice.
#[component]
pub fn ZoomControls() -> impl IntoView {
    let display = Display::expect();
    let percent = move || format!("{:.0} %", display.viewport(Axis::Slice).get().zoom * 100.0);
    view! {
        <div class="control-group" role="group" aria-label="Zoom">
            <div class="segmented">
                <button type="button" aria-label="Zoom out" title="Zoom out (−)"
                    on:click=move |_| display.zoom(1.0 / ZOOM_STEP)>"−"</button>
                <button type="button" title="Show the whole slice (0)"
                    on:click=move |_| display.show_whole()>{percent}</button>
                <button type="button" aria-label="Zoom in" title="Zoom in (+)"
                    on:click=move |_| display.zoom(ZOOM_STEP)>"+"</button>
            </div>
        </div>
    }
}
