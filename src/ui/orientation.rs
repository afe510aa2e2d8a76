//! Turning images that lie the wrong way.

use leptos::prelude::*;
use rachis_ct::Turn;

use crate::session::Session;

/// Buttons that turn the current slice and those of its stack.
#[component]
pub fn OrientationControls() -> impl IntoView {
    let session = Session::expect();
    let is_empty = Memo::new(move |_| session.current.with(Option::is_none));
    let flip = move || session.current.get().map(|case| case.flip).unwrap_or_default();
    let turn = move |turn: Turn| {
        if let Some(case) = session.current.get_untracked() {
            session.flip(case.in_stack.stack, turn);
        }
    };
    // A mirror and half a turn together stand the slice on its head.
    let is_mirrored = move || flip().mirrored != flip().upside_down;
    let is_turned = move || flip().upside_down;
    view! {
        <div class="control-group" role="group" aria-label="Orientation">
            <button type="button" class="button toggle" disabled=is_empty aria-pressed=move || is_mirrored().to_string()
                title="Left becomes right in all slices of the stack, which are segmented anew; exported masks lie as in the file"
                on:click=move |_| turn(Turn::MIRROR)>"Flip left–right"</button>
            <button type="button" class="button toggle" disabled=is_empty aria-pressed=move || is_turned().to_string()
                title="Half a turn of all slices of the stack, which are segmented anew; exported masks lie as in the file"
                on:click=move |_| turn(Turn::HALF)>"Turn 180°"</button>
        </div>
    }
}
