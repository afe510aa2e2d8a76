//! What the user takes home.

use std::sync::Arc;

use leptos::prelude::*;
use rachis_ct::{Mask, NOTICE};
use rachis_eval::{EvalError, Evaluation, Row};
use rachis_protocol::{
    JobId,
    reader::{MaskEntry, ToReader},
    wire::Envelope,
};
use wasm_bindgen_futures::spawn_local;

use super::report;
use crate::{
    browser::download,
    names::{file_name, png_names},
    session::{Case, Session},
    workers::{Reader, ReaderError},
};

/// Buttons for the masks and the results.
#[component]
pub fn Exports() -> impl IntoView {
    let session = Session::expect();
    let has_masks = Memo::new(move |_| session.shown_cases().iter().any(|case| case.prediction().is_some()));
    let (packing, set_packing) = signal(false);
    let (failure, set_failure) = signal(None);
    let download_masks = move |_| {
        set_packing.set(true);
        spawn_local(async move {
            let outcome = zip_masks(session).await;
            set_packing.try_set(false);
            match outcome {
                Ok(zip) => download::save("rachis-masks.zip", "application/zip", &zip),
                Err(error) => {
                    set_failure.try_set(Some(error.to_string()));
                }
            }
        });
    };
    let save = move |name: &str, mime: &str, text: Result<String, EvalError>| match text {
        Ok(text) => download::save(name, mime, text.as_bytes()),
        Err(error) => set_failure.set(Some(error.to_string())),
    };
    let download_results = move |_| save("rachis-results.csv", "text/csv", untrack(|| results_csv(session)));
    let download_evaluation = move |_| {
        let evaluation = Evaluation::of(untrack(|| evaluated(session)));
        save("rachis-evaluation.json", "application/json", evaluation.to_json(NOTICE));
    };
    let has_scores =
        Memo::new(move |_| session.shown_cases().iter().any(|case| case.overlap.with(Option::is_some)));
    view! {
        <section class="card exports">
            <h2>"Export"</h2>
            <div class="export-buttons">
                <button type="button" class="button" disabled=move || !has_masks.get() || packing.get()
                    title="A ZIP of PNG pictures, 0 and 255, named and sized like the images" on:click=download_masks>
                    {move || if packing.get() { "Packing masks…" } else { "Download masks" }}
                </button>
                <button type="button" class="button" disabled=move || !has_masks.get()
                    title="A CSV table" on:click=download_results>"Download results"</button>
                <button type="button" class="button" disabled=move || !has_scores.get()
                    title="All measures with 95 % intervals and the agreement of areas, as JSON"
                    on:click=download_evaluation>"Download evaluation"</button>
                <button type="button" class="button" disabled=move || !has_masks.get()
                    title="Pictures, tables and plots on paper or as PDF" on:click=move |_| report::print()>"Print report"</button>
            </div>
            <p class="hint" role="status">{failure}</p>
        </section>
    }
}

/// The finished slices in order: with all measures where each has a reference, else with the few that need none.
fn results_csv(session: Session) -> Result<String, EvalError> {
    let row = |case: Case| {
        let spine_pixels = case.prediction()?.count() as u64;
        Some(Row { case: file_name(&case.path).to_owned(), spine_pixels, overlap: case.overlap.get() })
    };
    let rows: Vec<Row> = session.shown_cases().into_iter().filter_map(row).collect();
    let evaluated = evaluated(session);
    if rows.len() == evaluated.len() {
        Evaluation::of(evaluated).to_csv(NOTICE)
    } else {
        rachis_eval::results_csv(&rows, NOTICE)
    }
}

/// The slices that have a prediction and a reference, in order.
fn evaluated(session: Session) -> Vec<rachis_eval::Case> {
    let evaluated = |case: Case| case.evaluated(file_name(&case.path).to_owned());
    session.shown_cases().into_iter().filter_map(evaluated).collect()
}

/// Asks a reader of its own, so that files that are still being read are not in the way.
async fn zip_masks(session: Session) -> Result<Vec<u8>, ReaderError> {
    let cases = untrack(|| session.shown_cases());
    let finished: Vec<(&Case, Arc<Mask>)> =
        cases.iter().filter_map(|case| Some((case, untrack(|| case.prediction())?))).collect();
    let names = png_names(finished.iter().map(|(case, _)| &*case.path));
    let masks = finished
        .iter()
        .zip(names)
        .map(|((case, mask), name)| MaskEntry {
            name,
            rows: mask.rows,
            columns: mask.columns,
            turn: case.info.turn,
        })
        .collect();
    let texts = vec![("README.txt".to_owned(), untrack(|| readme(session, &cases)))];
    let message = ToReader::ZipMasks { job: JobId(0), masks, texts };
    let mut request = Envelope::new(&message).map_err(|_| ReaderError::Crashed)?;
    for (_, mask) in &finished {
        request = request.with_bytes(&mask.pixels);
    }
    let mut answer = Reader::default().ask(&request).await?;
    answer.take_bytes().map_err(|_| ReaderError::Crashed)
}

fn readme(session: Session, cases: &[Case]) -> String {
    let model = session.model().map(|model| model.title).unwrap_or_default();
    let count = cases.iter().filter(|case| case.prediction().is_some()).count();
    format!(
        "{NOTICE}\n\nSpine masks of {count} CT slices, made in the browser by Rachis with the model '{model}'.\n\
         255 is spine, 0 is not. Each mask has the name and size of its slice.\n"
    )
}
