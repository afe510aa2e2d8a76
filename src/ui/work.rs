//! The screen with slices on it.

use leptos::prelude::*;

use super::{
    exports::Exports, labels::LabelChoices, models::Models, problems::Problems, rail::Rail,
    report::ReportHead, results::Results, series_choice::SeriesChoice, viewer::Viewer,
};

/// Thumbnails, the chosen slice, and what came out.
#[component]
pub fn Work() -> impl IntoView {
    view! {
        <main class="work">
            <ReportHead/>
            <Rail/>
            <Viewer/>
            <div class="panel">
                <Problems/>
                <SeriesChoice/>
                <LabelChoices/>
                <Results/>
                <Exports/>
                <Models/>
            </div>
        </main>
    }
}
