//! The patients one by one.

use leptos::prelude::*;
use rachis_eval::{Evaluation, Patient};

use super::{
    columns::{Column, RowValues},
    number::Number,
    results::heading,
};
use crate::scores::Scores;

/// A table with the means of each patient's slices; nothing where the files name no patient.
#[component]
pub fn Patients(
    /// Whether all columns are shown.
    all: RwSignal<bool>,
) -> impl IntoView {
    let scores = Scores::expect();
    let has_patients = Memo::new(move |_| scores.counted.with(|evaluation| !evaluation.patients.is_empty()));
    let rows = move || {
        let (evaluation, is_whole, columns) = (scores.shown(), scores.is_whole(), Column::list(all.get()));
        evaluation.patients.iter().map(|patient| row(&evaluation, patient, is_whole, &columns)).collect_view()
    };
    view! {
        <Show when=move || has_patients.get()>
            <section class="card patients">
                <div class="table-scroll" tabindex="0" role="region" aria-label="Patients table">
                    <table class:is-wide=all>
                        <caption>"Patients"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Patient"</th>
                                <th scope="col">"Slices"</th>
                                {move || Column::list(all.get()).into_iter().map(heading).collect_view()}
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <p class="hint">
                    "Means over the patient’s slices" {move || all.get().then_some("; areas and counts are sums")} "."
                </p>
                <label class="check">
                    <input type="checkbox" prop:checked=scores.shows_ids
                        on:change=move |event| scores.shows_ids.set(event_target_checked(&event))/>
                    "Call patients by their IDs, here and in what is downloaded or printed"
                </label>
                <p class="hint">
                    "File names stay as they are in results, evaluation, report and the names of masks: rename files that "
                    "bear a patient’s name before you open them."
                </p>
            </section>
        </Show>
    }
}

fn row(
    evaluation: &Evaluation,
    patient: &Patient,
    is_whole: bool,
    columns: &[Column],
) -> impl IntoView + use<> {
    let values = RowValues::of_patient(patient, &evaluation.cases);
    let cell = |&column: &Column| {
        let undefined = column.measure().map_or(0, |measure| patient.measures.get(measure).undefined);
        let is_coming = !is_whole && !column.is_of_counts();
        let note = (undefined > 0 && undefined < patient.slices && !is_coming)
            .then(|| format!("of {}", patient.slices - undefined));
        view! { <Number text=column.text(&values) is_coming note/> }
    };
    view! {
        <tr>
            <th scope="row">{patient.patient.clone()}</th>
            <td>{patient.slices}</td>
            {columns.iter().map(cell).collect_view()}
        </tr>
    }
}
