//! All slices as thumbnails.

use leptos::prelude::*;

use super::thumbnail::Thumbnail;
use crate::session::Session;

/// The thumbnails, in order.
#[component]
pub fn Rail() -> impl IntoView {
    let session = Session::expect();
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
                <For each=move || session.shown_cases() key=|case| case.id children=|case| view! { <Thumbnail case/> }/>
            </ol>
        </nav>
    }
}
