//! Keys.

use gloo::{
    events::{EventListener, EventListenerOptions},
    utils::window,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::{display::Display, planes::Planes, zoom_controls::ZOOM_STEP};
use crate::{session::Session, windowing::WindowChoice};

/// The keys and what they do, for the help.
pub const KEYS: [(&str, &str); 12] = [
    ("← ↑ k", "Previous slice"),
    ("→ ↓ j", "Next slice"),
    ("Space o", "Show or hide the mask"),
    ("f", "Area or outline"),
    ("c", "Compare with the reference"),
    ("1 2 3 4 5", "Window: bone, soft tissue, lung, full, the file’s own"),
    ("+ − 0", "Zoom in, out, whole slice"),
    ("r", "Show or hide the reformats of a stack"),
    ("x", "Show or hide the cross-hair"),
    ("Tab, then ← ↑ → ↓", "In a reformat: move the cross-hair; with Shift ten steps"),
    ("Page up, Page down", "In a reformat: move its plane"),
    ("?", "This help"),
];

/// Listens for keys for as long as the page lives.
pub fn listen(session: Session, display: Display, planes: Planes) {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window(), "keydown", options, move |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>()
            && !belongs_to_element(event)
            && !(event.ctrl_key() || event.meta_key() || event.alt_key())
            && !display.help.get_untracked()
            && (display.character_keys.get_untracked() || event.key().chars().count() > 1)
            && act(&event.key(), session, display, planes)
        {
            event.prevent_default();
        }
    })
    .forget();
}

/// Whether the element with the focus has its own use for the key.
fn belongs_to_element(event: &KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return false;
    };
    match element.tag_name().as_str() {
        "INPUT" if element.get_attribute("type").as_deref() == Some("range") => {
            ["Arrow", "Page", "Home", "End"].iter().any(|keys| event.key().starts_with(keys))
        }
        "INPUT" | "TEXTAREA" | "SELECT" => true,
        // The space bar would choose the thumbnail that is chosen already.
        "BUTTON" if element.has_attribute("aria-current") => event.key() == "Enter",
        "BUTTON" | "SUMMARY" | "A" => event.key() == " " || event.key() == "Enter",
        _ => false,
    }
}

/// Does what the key stands for; `false` if that is nothing.
fn act(key: &str, session: Session, display: Display, planes: Planes) -> bool {
    match key {
        "ArrowRight" | "ArrowDown" | "j" => session.step(1),
        "ArrowLeft" | "ArrowUp" | "k" => session.step(-1),
        " " | "o" => display.overlay.update(|shown| *shown = !*shown),
        "c" => display.compare.update(|compare| *compare = !*compare),
        "f" => display.style.update(|style| *style = style.other()),
        "+" | "=" => display.zoom(ZOOM_STEP),
        "-" => display.zoom(1.0 / ZOOM_STEP),
        "0" => display.show_whole(),
        "r" => planes.wanted.update(|wanted| *wanted = !*wanted),
        "x" => planes.lines.update(|lines| *lines = !*lines),
        "?" => display.help.set(true),
        _ => return choose_preset(key, session, display),
    }
    true
}

fn choose_preset(key: &str, session: Session, display: Display) -> bool {
    let choice =
        key.parse::<usize>().ok().and_then(|number| WindowChoice::PRESETS.get(number.checked_sub(1)?));
    let slice = session.current.get_untracked().and_then(|case| untrack(|| case.slice()));
    if let (Some(&choice), Some(slice)) = (choice, slice)
        && choice.obstacle(&slice).is_none()
    {
        display.window.set(choice);
    }
    choice.is_some()
}
