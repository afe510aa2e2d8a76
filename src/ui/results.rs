//! Prediction against reference in numbers.

use leptos::prelude::*;
use rachis_eval::{Measure, mean};

use super::{agreement::Agreement, curves::Curves, threshold::ThresholdControl};
use crate::{
    names::file_name,
    session::{Case, Session},
};

/// What stands where a measure is not defined.
const UNDEFINED: &str = "–";

/// A table with one row for each slice that has a reference, and their mean.
#[component]
pub fn Results() -> impl IntoView {
    let session = Session::expect();
    let scored = Memo::new(move |_| {
        let has_score = |case: &Case| case.overlap.with(Option::is_some);
        session.shown_cases().into_iter().filter(has_score).collect::<Vec<_>>()
    });
    let all = RwSignal::new(false);
    let measures = Memo::new(move |_| if all.get() { &Measure::ALL[..] } else { &Measure::OF_PAPER });
    view! {
        <section class="card results">
            <Show when=move || !scored.with(Vec::is_empty) fallback=NoReference>
                <div class="table-scroll" tabindex="0" role="region" aria-label="Results table">
                    <table>
                        <caption>"Results"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Slice"</th>
                                {move || measures.get().iter().map(|measure| view! {
                                    <th scope="col" title=measure.meaning()>{measure.label()}</th>
                                }).collect_view()}
                            </tr>
                        </thead>
                        <tbody>
                            <For each=move || scored.get() key=|case| case.id
                                children=move |case| view! { <Row case measures/> }/>
                        </tbody>
                        <tfoot>
                            <tr>
                                <th scope="row">{move || format!("Mean of {}", scored.with(Vec::len))}</th>
                                {move || measures.get().iter().map(|&measure| {
                                    let value = move || scored.with(|cases| mean(cases.iter().map(|case| case.measure(measure))));
                                    move || view! { <Number value=value()/> }
                                }).collect_view()}
                            </tr>
                        </tfoot>
                    </table>
                </div>
            </Show>
            <Show when=move || !scored.with(Vec::is_empty)>
                <label class="check">
                    <input type="checkbox" prop:checked=all on:change=move |event| all.set(event_target_checked(&event))/>
                    "All measures"
                </label>
            </Show>
            <ThresholdControl/>
            <Credit/>
        </section>
        <Agreement scored/>
        <Curves scored/>
    }
}

#[component]
fn Row(case: Case, measures: Memo<&'static [Measure]>) -> impl IntoView {
    let session = Session::expect();
    let id = case.id;
    let name = file_name(&case.path).to_owned();
    let is_current =
        move || session.current.with(|current| current.as_ref().is_some_and(|case| case.id == id));
    view! {
        <tr class:is-current=is_current>
            <th scope="row">
                <button type="button" title=case.path.to_string() on:click=move |_| session.selected.set(Some(id))>
                    {name}
                </button>
            </th>
            {move || measures.get().iter().map(|&measure| {
                let case = case.clone();
                move || view! { <Number value=case.measure(measure)/> }
            }).collect_view()}
        </tr>
    }
}

#[component]
fn Number(value: Option<f64>) -> impl IntoView {
    match value {
        Some(value) => view! { <td>{format!("{value:.3}")}</td> }.into_any(),
        None => view! { <td title="Not defined here: a mask is empty, or the file does not say how large a pixel is">{UNDEFINED}</td> }.into_any(),
    }
}

/// What to do to get results.
#[component]
fn NoReference() -> impl IntoView {
    view! {
        <h2>"Results"</h2>
        <p class="hint">
            "Open reference masks to get Dice, sensitivity, specificity, precision and accuracy. A mask belongs to the "
            "image of the same name: " <code>"x_mask.png"</code> " to " <code>"x.dcm"</code> "."
        </p>
    }
}

/// Who made the sample slices, while they are shown.
#[component]
fn Credit() -> impl IntoView {
    let session = Session::expect();
    move || {
        session
            .samples
            .get()
            .map(|samples| view! { <p class="credit">{samples.credit} " " {samples.reference}</p> })
    }
}
