//! All slices together.

use leptos::prelude::*;
use rachis_eval::{Evaluation, Interval, Measure, PAPER_DSC_MEANING, PAPER_F1_MEANING, PaperFigures};

use super::{
    columns::{QUANTITIES, RowValues},
    number::{Number, three_decimals},
};
use crate::scores::Scores;

/// Means with their intervals, the paper's two figures, pixels and areas.
#[component]
pub fn Summary() -> impl IntoView {
    let scores = Scores::expect();
    let has_patients = Memo::new(move |_| scores.counted.with(|evaluation| evaluation.overall.patients > 0));
    let rows = move || {
        let (evaluation, is_whole, has_patients) = (scores.shown(), scores.is_whole(), has_patients.get());
        let row = |measure| row(&evaluation, measure, is_whole, has_patients);
        Measure::ALL.map(row).collect_view()
    };
    view! {
        <section class="card summary">
            <div class="table-scroll" tabindex="0" role="region" aria-label="Summary table">
                <table>
                    <caption>"Summary: " <span class="extent">{move || extent(&scores.counted.get())}</span></caption>
                    <thead>
                        <tr>
                            <th scope="col">"Measure"</th>
                            <th scope="col" title="Each slice weighs the same">"Mean over slices"</th>
                            <Show when=move || has_patients.get()>
                                <th scope="col" title="The mean of the patients’ means: each patient weighs the same">
                                    "Mean over patients"
                                </th>
                            </Show>
                            <th scope="col" title="Of all slices’ counts together: each pixel weighs the same">"All pixels"</th>
                            <th scope="col" title="Where the measure is not defined: left out of the means">"Left out"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="hint">{move || how_drawn(&scores.counted.get())}</p>
            {move || scores.counted.with(|evaluation| paper(evaluation.overall.paper))}
            {move || totals(&scores.counted.get())}
        </section>
    }
}

/// How many slices of how many patients.
fn extent(evaluation: &Evaluation) -> String {
    let overall = &evaluation.overall;
    let slices = counted(overall.slices, "slice", "slices");
    match (overall.patients, overall.slices_without_patient) {
        (0, _) => slices,
        (patients, 0) => format!("{slices} of {}", counted(patients, "patient", "patients")),
        (patients, unknown) => {
            let patients = counted(patients, "patient", "patients");
            format!("{slices}: {} of {patients}, {unknown} of unknown patients", overall.slices - unknown)
        }
    }
}

/// What was drawn for the intervals.
fn how_drawn(evaluation: &Evaluation) -> String {
    let overall = &evaluation.overall;
    let resamples = overall.bootstrap.resamples;
    let of_slices = match (overall.patients, overall.slices_without_patient) {
        (2.., 0) => {
            return format!(
                "Below the means their 95 % intervals: bootstrap, {resamples} samples of whole patients. Under about 20 \
                 patients they are too narrow."
            );
        }
        (1, 0) => "All slices are of one patient: the intervals say nothing of others.",
        _ => "Where a patient has several slices, they are too narrow, for these resemble each other.",
    };
    format!("Below the means their 95 % intervals: bootstrap, {resamples} samples of slices. {of_slices}")
}

fn row(
    evaluation: &Evaluation,
    measure: Measure,
    is_whole: bool,
    has_patients: bool,
) -> impl IntoView + use<> {
    let of_measure = evaluation.overall.measures.get(measure);
    let (slices, patients) = (of_measure.over_slices, of_measure.over_patients);
    let is_coming = !is_whole && !measure.is_of_counts();
    let note =
        |interval: Option<Interval>| if is_whole { interval.map(in_words) } else { Some("…".to_owned()) };
    let over_slices = note(slices.interval_by_patient.or(slices.interval_by_slice));
    let over_patients = note(patients.interval_by_patient);
    let left_out = match (slices.undefined, patients.undefined) {
        (0, _) => "0".to_owned(),
        (slices, 0) => counted(slices, "slice", "slices"),
        (slices, patients) => {
            format!("{}, {}", counted(slices, "slice", "slices"), counted(patients, "patient", "patients"))
        }
    };
    view! {
        <tr>
            <th scope="row" title=measure.meaning()>{measure.label()}</th>
            <Number text=slices.mean.map(three_decimals) is_coming note=over_slices/>
            {has_patients.then(|| view! {
                <Number text=patients.mean.map(three_decimals) is_coming note=over_patients/>
            })}
            {if measure.is_of_counts() {
                view! { <Number text=of_measure.pooled.value.map(three_decimals)/> }.into_any()
            } else {
                view! { <td title="Counts of pixels say nothing of distances"></td> }.into_any()
            }}
            <Number text=Some(left_out) is_coming/>
        </tr>
    }
}

fn in_words(Interval { low, high }: Interval) -> String {
    format!("{low:.3} to {high:.3}")
}

/// The two figures of Kim et al. 2020, which are the same of one slice and not of many.
fn paper(figures: PaperFigures) -> impl IntoView {
    let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), three_decimals);
    view! {
        <h3>"By the definitions of Kim et al. 2020"</h3>
        <dl class="numbers">
            <dt title=PAPER_DSC_MEANING>"Paper’s DSC"</dt><dd class="paper-dsc">{shown(figures.paper_dsc)}</dd>
            <dt title=PAPER_F1_MEANING>"Paper’s F1"</dt><dd class="paper-f1">{shown(figures.paper_f1)}</dd>
        </dl>
    }
}

/// Pixels and areas of all slices together.
fn totals(evaluation: &Evaluation) -> impl IntoView + use<> {
    let values = RowValues::of_all(evaluation);
    let total = |quantity: &'static super::columns::Quantity| {
        let text = quantity.text(&values)?;
        Some(view! { <dt title=quantity.meaning>{quantity.label}</dt><dd>{text}</dd> })
    };
    view! {
        <h3>"Pixels and areas of all slices"</h3>
        <dl class="numbers totals">{QUANTITIES.iter().map(total).collect_view()}</dl>
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
