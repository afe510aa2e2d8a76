//! Prediction against reference in numbers.

use leptos::prelude::*;

use super::{
    agreement::Agreement,
    columns::{Column, RowValues},
    curves::Curves,
    definitions::Definitions,
    number::{Number, three_decimals},
    patients::Patients,
    summary::Summary,
    threshold::ThresholdControl,
};
use crate::{
    names::file_name,
    scores::Scores,
    session::{Case, Session},
};

/// All that can be said of the slices that have a reference: one by one, together, by patient, and in plots.
#[component]
pub fn Results() -> impl IntoView {
    let scores = Scores::expect();
    let all = RwSignal::new(false);
    let has_scores = Memo::new(move |_| !scores.cases.with(Vec::is_empty));
    view! {
        <section class="card results">
            <Show when=move || has_scores.get() fallback=NoReference>
                <Slices all/>
                <label class="check">
                    <input type="checkbox" prop:checked=all on:change=move |event| all.set(event_target_checked(&event))/>
                    "All measures"
                </label>
            </Show>
            <ThresholdControl/>
            <Credit/>
        </section>
        <Show when=move || has_scores.get()>
            <Summary/>
            <Patients all/>
            <Definitions/>
        </Show>
        <Agreement/>
        <Curves/>
    }
}

/// A table with one row for each slice, and the means of the measures.
#[component]
fn Slices(
    /// Whether all columns are shown.
    all: RwSignal<bool>,
) -> impl IntoView {
    let scores = Scores::expect();
    let means = move || {
        let evaluation = scores.shown();
        let mean = |column: Column| {
            let mean =
                column.measure().map(|measure| evaluation.overall.measures.get(measure).over_slices.mean);
            match mean {
                Some(mean) => {
                    let is_coming = !column.is_of_counts() && !scores.is_whole();
                    view! { <Number text=mean.map(three_decimals) is_coming/> }.into_any()
                }
                None => view! { <td></td> }.into_any(),
            }
        };
        Column::list(all.get()).into_iter().map(mean).collect_view()
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Results table">
            <table class:is-wide=all>
                <caption>"Results"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Slice"</th>
                        {move || Column::list(all.get()).into_iter().map(heading).collect_view()}
                    </tr>
                </thead>
                <tbody>
                    <For each=move || scores.cases.get() key=|case| case.id
                        children=move |case| view! { <Row case all/> }/>
                </tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{move || format!("Mean of {}", scores.cases.with(Vec::len))}</th>
                        {means}
                    </tr>
                </tfoot>
            </table>
        </div>
    }
}

/// The heading of a column of numbers.
pub fn heading(column: Column) -> impl IntoView {
    view! { <th scope="col" title=column.meaning()>{column.label()}</th> }
}

#[component]
fn Row(case: Case, all: RwSignal<bool>) -> impl IntoView {
    let session = Session::expect();
    let scores = Scores::expect();
    let id = case.id;
    let (name, path) = (file_name(&case.path).to_owned(), case.path.to_string());
    let is_current =
        move || session.current.with(|current| current.as_ref().is_some_and(|case| case.id == id));
    let values = Memo::new(move |_| {
        let mut counted = case.counted(None)?;
        if all.get() && scores.is_whole() {
            counted.surface = case.surface.get_untracked();
        }
        Some(RowValues::of_case(&counted))
    });
    let cells = move || {
        let values = values.get();
        let cell = |column: Column| {
            let text = values.as_ref().and_then(|values| column.text(values));
            view! { <Number text is_coming=!column.is_of_counts() && !scores.is_whole()/> }
        };
        Column::list(all.get()).into_iter().map(cell).collect_view()
    };
    view! {
        <tr class:is-current=is_current>
            <th scope="row">
                <button type="button" title=path on:click=move |_| session.selected.set(Some(id))>{name}</button>
            </th>
            {cells}
        </tr>
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
