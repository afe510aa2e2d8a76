//! Several series came at once: which ones to open.

use leptos::prelude::*;

use crate::session::{Offer, Session};

/// The series that can be opened; nothing where there was no choice.
#[component]
pub fn SeriesChoice() -> impl IntoView {
    let session = Session::expect();
    let count = Memo::new(move |_| session.offers.with(Vec::len));
    let offers = move || session.offers.get().into_iter().enumerate().map(offered).collect_view();
    let head = move || match count.get() {
        1 => "One more series".to_owned(),
        count => format!("{count} series to open"),
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <section class="card series-choice" aria-label="Series">
                <div class="card-head">
                    <h2>{head}</h2>
                    <Show when=move || { count.get() > 1 }>
                        <button type="button" class="button" on:click=move |_| session.accept_all()>"Open all"</button>
                    </Show>
                    <button type="button" class="button quiet" on:click=move |_| session.dismiss_offers()>
                        "Dismiss"
                    </button>
                </div>
                <ul>{offers}</ul>
            </section>
        </Show>
    }
}

fn offered((place, Offer { title, facts, notes, .. }): (usize, Offer)) -> impl IntoView {
    let session = Session::expect();
    view! {
        <li>
            <button type="button" class="button" on:click=move |_| session.accept(place)>
                <strong>{title}</strong>
                <span>{facts}</span>
                {notes.into_iter().map(|note| view! { <span class="note">{note}</span> }).collect_view()}
            </button>
        </li>
    }
}
