//! One slice in the rail.

use gloo::utils::document;
use leptos::{
    html::{Button, Canvas},
    prelude::*,
};
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

use super::rail::RailState;
use crate::{
    browser::canvas,
    names::file_name,
    session::{Case, Phase, Session},
};

/// A small picture with the mask in it, the slice's name, state and Dice.
#[component]
pub fn Thumbnail(
    /// The slice.
    case: Case,
    /// What it shares with the others.
    state: RailState,
) -> impl IntoView {
    let session = Session::expect();
    let id = case.id;
    let name = file_name(&case.path).to_owned();
    let path = case.path.to_string();

    let canvas = NodeRef::<Canvas>::new();
    let painted = case.clone();
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        if !painted.in_view.get() && !state.printing.get() {
            canvas::clear(&canvas);
        } else if let Some(miniature) = painted.miniature.get() {
            canvas::show(&canvas, &miniature.picture(painted.prediction().as_deref()));
        } else {
            // It is wanted now.
            session.changed();
        }
    });

    let phase = Memo::new({
        let case = case.clone();
        move |_| case.phase().word()
    });
    let in_view = case.in_view.clone();
    let outcome = move || {
        let dice = case.overlap.get().and_then(|overlap| overlap.dice());
        match (case.phase(), dice) {
            (Phase::Done, Some(dice)) => format!("Dice {dice:.3}"),
            (phase, _) => phase.word().to_owned(),
        }
    };

    let is_current = {
        let current = state.current.clone();
        move || current.selected(&Some(id.0))
    };
    let button = NodeRef::<Button>::new();
    Effect::new(move |_| {
        if let Some(button) = button.get() {
            state.in_view.with_value(|watch| watch.watch(&button, id.0, in_view.clone()));
        }
    });
    on_cleanup(move || {
        state.in_view.try_with_value(|watch| watch.forget(id.0));
    });
    let [is_current, is_tabbed, is_scrolled_to] = [is_current.clone(), is_current.clone(), is_current];
    Effect::new(move |_| {
        if let (true, Some(button)) = (is_scrolled_to(), button.get()) {
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
                aria-current=move || is_current().then_some("true")
                tabindex=move || if is_tabbed() { "0" } else { "-1" }
                on:click=move |_| session.selected.set(Some(id))>
                <span class="thumbnail-picture"><canvas node_ref=canvas width="1" height="1" aria-hidden="true"></canvas></span>
                <span class="thumbnail-name">{name}</span>
                <span class="thumbnail-state">{outcome}</span>
            </button>
        </li>
    }
}
