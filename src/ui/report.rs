//! The report: the page itself, printed. Here are its head, which no screen shows, and what printing changes.

use std::{cell::RefCell, rc::Rc};

use gloo::{
    events::EventListener,
    utils::{document, window},
};
use leptos::prelude::*;
use rachis_ct::NOTICE;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::session::{Case, Session};

/// How much of a model's SHA-256 is printed: enough to tell versions apart.
const VERSION_DIGITS: usize = 16;

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
        let algorithm = session.algorithm()?;
        Some(match licence {
            Some(licence) if !licence.is_empty() => format!("{algorithm} ({licence})"),
            _ => algorithm,
        })
    };
    let version = move || {
        let sha256 = session.model()?.summary.with(|summary| Some(summary.as_ref()?.sha256.clone()))?;
        Some(format!("SHA-256 {}", sha256.get(..VERSION_DIGITS).unwrap_or(&sha256)))
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
                <dt>"Model version"</dt><dd>{version}</dd>
                <dt>"Threshold"</dt><dd>{threshold}</dd>
                <dt>"Made with"</dt><dd>{concat!("Rachis ", env!("CARGO_PKG_VERSION"), ", in the browser")}</dd>
            </dl>
        </section>
    }
}

/// Opens the browser's print dialogue, which also makes a PDF.
pub fn print() {
    // It fails only where the browser forbids dialogues.
    let _ = window().print();
}

/// What is folded up on the screen and belongs on paper.
const FOLDED: &str = "details.curves:not([open]), details.definitions:not([open])";

/// Unfolds what belongs to the report whenever the page is printed, for as long as the page lives: nobody can click on
/// paper.
pub fn unfold_when_printed() {
    let unfolded = Rc::new(RefCell::new(Vec::<Element>::new()));
    let fold_again = Rc::clone(&unfolded);
    EventListener::new(&window(), "beforeprint", move |_| {
        let Ok(found) = document().query_selector_all(FOLDED) else { return };
        let found = (0..found.length()).filter_map(|place| found.get(place)?.dyn_into::<Element>().ok());
        let opened = found.inspect(|details| {
            // Setting a known attribute cannot fail.
            let _ = details.set_attribute("open", "");
        });
        unfolded.borrow_mut().extend(opened);
    })
    .forget();
    EventListener::new(&window(), "afterprint", move |_| {
        for details in fold_again.take() {
            // Removing an attribute cannot fail.
            let _ = details.remove_attribute("open");
        }
    })
    .forget();
}
