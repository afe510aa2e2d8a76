//! One slice in the rail.

use gloo::utils::document;
use leptos::{
    html::{Button, Canvas},
    prelude::*,
};
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::{
    browser::canvas,
    names::file_name,
    picture,
    session::{Case, Phase, Session},
    windowing::WindowChoice,
};

/// Side of the picture, in pixels: sharp on dense screens and on paper.
const SIDE: u32 = 192;

/// A small picture with the mask in it, the slice's name, state and Dice.
#[component]
pub fn Thumbnail(
    /// The slice.
    case: Case,
) -> impl IntoView {
    let session = Session::expect();
    let id = case.id;
    let name = file_name(&case.path).to_owned();
    let path = case.path.to_string();

    let canvas = NodeRef::<Canvas>::new();
    let painted = case.clone();
    canvas::keep_painted(canvas, move || {
        let slice = painted.slice()?;
        let window = WindowChoice::default().window(&slice);
        Some(picture::thumbnail(&slice, window, painted.prediction().as_deref(), SIDE))
    });

    let phase = Memo::new({
        let case = case.clone();
        move |_| case.phase().word()
    });
    let outcome = move || {
        let dice = case.overlap.get().and_then(|overlap| overlap.dice());
        match (case.phase(), dice) {
            (Phase::Done, Some(dice)) => format!("Dice {dice:.3}"),
            (phase, _) => phase.word().to_owned(),
        }
    };

    let is_current =
        Memo::new(move |_| session.current.with(|current| current.as_ref().map(|case| case.id)) == Some(id));
    let button = NodeRef::<Button>::new();
    Effect::new(move |_| {
        if let (true, Some(button)) = (is_current.get(), button.get()) {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            options.set_inline(ScrollLogicalPosition::Nearest);
            button.scroll_into_view_with_scroll_into_view_options(&options);
            // Keys that go from slice to slice take the focus along.
            if document()
                .active_element()
                .is_some_and(|focused| focused.matches(".thumbnail").unwrap_or(false))
            {
                // It fails for no button.
                let _ = button.focus();
            }
        }
    });

    view! {
        <li>
            <button type="button" class="thumbnail" node_ref=button title=path data-phase=phase
                aria-current=move || is_current.get().then_some("true")
                tabindex=move || if is_current.get() { "0" } else { "-1" }
                on:click=move |_| session.selected.set(Some(id))>
                <span class="thumbnail-picture"><canvas node_ref=canvas width="1" height="1" aria-hidden="true"></canvas></span>
                <span class="thumbnail-name">{name}</span>
                <span class="thumbnail-state">{outcome}</span>
            </button>
        </li>
    }
}
