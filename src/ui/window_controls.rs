//! The window: presets, level and width.

use leptos::{ev::Event, prelude::*};
use rachis_ct::Window;

use super::display::Display;
use crate::{session::Session, windowing::WindowChoice};

/// Buttons for the presets, and two numbers for any other window.
#[component]
pub fn WindowControls() -> impl IntoView {
    let session = Session::expect();
    let display = Display::expect();
    let window = move || display.current_window(session);
    let set = move |change: fn(Window, f32) -> Window| {
        move |event: Event| {
            if let (Some(window), Ok(value)) = (untrack(window), event_target_value(&event).parse()) {
                let changed = change(window, value).moved(0.0, 0.0);
                display.window.set(WindowChoice::Manual(changed));
            }
        }
    };
    let shown = move |number: fn(Window) -> f32| {
        move || window().map(|window| format!("{:.0}", number(window))).unwrap_or_default()
    };
    view! {
        <div class="control-group" role="group" aria-label="Window">
            <div class="segmented">
                {WindowChoice::PRESETS.into_iter().enumerate()
                    .map(|(place, choice)| view! { <Preset choice key=place + 1/> })
                    .collect_view()}
            </div>
            <label class="number" title="Level (window centre): drag over the slice up or down with the right button or Shift">
                "L"
                <input type="number" step="10" aria-label="Window level" prop:value=shown(|window| window.center)
                    on:change=set(|window, center| Window { center, ..window })/>
            </label>
            <label class="number" title="Width of the window: drag over the slice left or right with the right button or Shift">
                "W"
                <input type="number" step="10" min="1" aria-label="Window width" prop:value=shown(|window| window.width)
                    on:change=set(|window, width| Window { width, ..window })/>
            </label>
        </div>
    }
}

#[component]
fn Preset(choice: WindowChoice, key: usize) -> impl IntoView {
    let session = Session::expect();
    let display = Display::expect();
    let obstacle =
        Memo::new(move |_| session.current.get()?.slice().and_then(|slice| choice.obstacle(&slice)));
    let title = move || obstacle.get().map_or_else(|| format!("{} ({key})", choice.label()), str::to_owned);
    // Where the chosen preset does not apply, the slice is shown through the full window.
    let is_pressed = move || {
        let shown = match session.current.get().and_then(|case| case.slice()) {
            Some(slice) if display.window.get().obstacle(&slice).is_some() => WindowChoice::Full,
            _ => display.window.get(),
        };
        (shown == choice).to_string()
    };
    view! {
        <button type="button" disabled=move || obstacle.get().is_some() title=title aria-pressed=is_pressed
            on:click=move |_| display.window.set(choice)>{choice.label()}</button>
    }
}
