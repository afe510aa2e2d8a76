//! Several series came at once: which ones to open.

use leptos::prelude::*;

use crate::session::Session;

/// The series that can be opened; nothing where there was no choice.
#[component]
pub fn SeriesChoice() -> impl IntoView {
    let session = Session::expect();
    let has_offers = Memo::new(move |_| !session.offers.with(Vec::is_empty));
    let offers = move || {
        let offer = |(place, title): (usize, String)| {
            view! {
                <li>
                    <button type="button" class="button" on:click=move |_| session.accept(place)>{title}</button>
                </li>
            }
        };
        let titles =
            session.offers.with(|all| all.iter().map(|offer| offer.title.clone()).collect::<Vec<_>>());
        titles.into_iter().enumerate().map(offer).collect_view()
    };
    view! {
        <Show when=move || has_offers.get()>
            <section class="card series-choice" aria-label="Series">
                <div class="card-head">
                    <h2>"Several series were found. Open one:"</h2>
                    <button type="button" class="button quiet" on:click=move |_| session.offers.set(Vec::new())>
                        "Dismiss"
                    </button>
                </div>
                <ul>{offers}</ul>
            </section>
        </Show>
    }
}
