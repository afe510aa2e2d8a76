//! The screen with slices on it.

use leptos::prelude::*;

use super::{
    exports::Exports, labels::LabelChoices, models::Models, problems::Problems, rail::Rail,
    report::ReportHead, results::Results, series_choice::SeriesChoice, viewer::Viewer,
};
use crate::session::Session;

/// Thumbnails, the chosen slice, and what came out.
#[component]
pub fn Work() -> impl IntoView {
    let session = Session::expect();
    // Until one of several series is chosen there is nothing to view.
    let is_choosing = Memo::new(move |_| {
        session.cases.with(Vec::is_empty) && session.offers.with(|offers| !offers.is_empty())
    });
    view! {
        <main class="work">
            <ReportHead/>
            <Rail/>
            <Show when=move || is_choosing.get() fallback=Viewer>
                <div class="viewer choosing"><SeriesChoice/></div>
            </Show>
            <div class="panel">
                <Problems/>
                <Show when=move || !is_choosing.get()><SeriesChoice/></Show>
                <LabelChoices/>
                <Results/>
                <Exports/>
                <Models/>
            </div>
        </main>
    }
}
