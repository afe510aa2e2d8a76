//! All slices as thumbnails.

use leptos::prelude::*;

use super::thumbnail::Thumbnail;
use crate::{browser::in_view::InView, session::Session};

/// What all thumbnails share. Copies are the same.
#[derive(Clone)]
pub struct RailState {
    /// Which of them can be seen: only these are drawn.
    pub in_view: StoredValue<InView, LocalStorage>,
    /// Which of them is the current slice's.
    pub current: Selector<Option<u64>>,
    /// All are drawn, for they are being printed.
    pub printing: RwSignal<bool>,
}

/// The thumbnails, in order.
#[component]
pub fn Rail() -> impl IntoView {
    let session = Session::expect();
    let printing = RwSignal::new(false);
    let begin = window_event_listener(leptos::ev::beforeprint, move |_| printing.set(true));
    let end = window_event_listener(leptos::ev::afterprint, move |_| printing.set(false));
    on_cleanup(move || {
        begin.remove();
        end.remove();
    });
    let state = RailState {
        in_view: StoredValue::new_local(InView::new()),
        current: Selector::new(move || session.current.with(|case| case.as_ref().map(|case| case.id.0))),
        printing,
    };
    let count = move || match session.shown_cases().len() {
        1 => "1 slice".to_owned(),
        count => format!("{count} slices"),
    };
    view! {
        <nav class="rail" aria-label="Slices">
            <div class="rail-head">
                <h2>{count}</h2>
                <button type="button" class="button quiet" title="Remove all slices and masks from the page"
                    on:click=move |_| session.clear()>"Remove all"</button>
            </div>
            <ol class="thumbnails">
                <For each=move || session.shown_cases() key=|case| case.id
                    children=move |case| view! { <Thumbnail case state=state.clone()/> }/>
            </ol>
        </nav>
    }
}
