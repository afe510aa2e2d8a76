//! The mask over the slice: on or off, how strong, area or outline, against the reference or alone.

use leptos::prelude::*;

use super::display::Display;
use crate::{overlay::Style, session::Session};

/// The controls of the overlay.
#[component]
pub fn OverlayControls() -> impl IntoView {
    let session = Session::expect();
    let display = Display::expect();
    let has_reference =
        Memo::new(move |_| session.current.get().is_some_and(|case| case.reference.get().is_some()));
    let style = move |style: Style, label: &'static str| {
        view! {
            <button type="button" aria-pressed=move || (display.style.get() == style).to_string()
                on:click=move |_| display.style.set(style)>{label}</button>
        }
    };
    view! {
        <div class="control-group" role="group" aria-label="Overlay">
            <button type="button" class="button toggle" title="Show or hide the mask (Space)"
                aria-pressed=move || display.overlay.get().to_string()
                on:click=move |_| display.overlay.update(|shown| *shown = !*shown)>"Overlay"</button>
            <input type="range" min="5" max="100" step="5" aria-label="Overlay opacity" title="Opacity of the mask"
                prop:value=move || display.opacity.get().to_string()
                on:input=move |event| {
                    if let Ok(opacity) = event_target_value(&event).parse() {
                        display.opacity.set(opacity);
                    }
                }/>
            <div class="segmented">{style(Style::Fill, "Fill")} {style(Style::Outline, "Outline")}</div>
            <button type="button" class="button toggle" disabled=move || !has_reference.get()
                title=move || if has_reference.get() {
                    "Show the prediction against the reference mask (c)"
                } else {
                    "This slice has no reference mask"
                }
                aria-pressed=move || (display.compare.get() && has_reference.get()).to_string()
                on:click=move |_| display.compare.update(|compare| *compare = !*compare)>"Compare"</button>
        </div>
    }
}
