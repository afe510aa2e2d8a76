//! The report: the page itself, printed. Here are only its head, which no screen shows, and the button.

use leptos::prelude::*;
use rachis_ct::NOTICE;

use crate::session::{Case, Session};

/// What a reader of the printed page must know: how many slices, which model, which threshold, which version.
#[component]
pub fn ReportHead() -> impl IntoView {
    let session = Session::expect();
    let slices = move || {
        let is_segmented = |case: &Case| case.segmentation.with(|segmentation| segmentation.done().is_some());
        session.shown_cases().iter().filter(|case| is_segmented(case)).count().to_string()
    };
    let model = move || {
        let model = session.model()?;
        let licence = model.summary.with(|summary| Some(summary.as_ref()?.licence.clone()));
        Some(match licence {
            Some(licence) if !licence.is_empty() => format!("{} ({licence})", model.title),
            _ => model.title,
        })
    };
    let threshold =
        move || session.threshold.get().map(|threshold| format!("{:.2}", threshold.probability()));
    view! {
        <section class="report-head" aria-hidden="true">
            <h2>"Spine segmentation of CT slices"</h2>
            <p>{NOTICE} "."</p>
            <dl>
                <dt>"Slices"</dt><dd>{slices}</dd>
                <dt>"Model"</dt><dd>{model}</dd>
                <dt>"Threshold"</dt><dd>{threshold}</dd>
                <dt>"Made with"</dt><dd>{concat!("Rachis ", env!("CARGO_PKG_VERSION"), ", in the browser")}</dd>
            </dl>
        </section>
    }
}

/// Opens the browser's print dialogue, which also makes a PDF.
pub fn print() {
    // It fails only where the browser forbids dialogues.
    let _ = gloo::utils::window().print();
}
