//! What the numbers mean.

use leptos::prelude::*;
use rachis_eval::{Measure, PAPER_DSC_MEANING, PAPER_F1_MEANING};

use super::columns::QUANTITIES;

/// How values of many slices become one.
const AVERAGES: [(&str, &str); 4] = [
    ("Mean over slices", "Each slice weighs the same"),
    ("Mean over patients", "The mean of the patients’ means: each patient weighs the same"),
    ("All pixels", "The measure of all slices’ counts together: each pixel weighs the same"),
    (
        "95 % interval",
        "Between the 2.5th and the 97.5th percentile of the means of samples that are drawn with replacement (bootstrap)",
    ),
];

/// What stands where there is no number.
const UNDEFINED: &str = "Not defined: precision without a prediction, sensitivity without a reference, distances without \
    either or without the size of a pixel. It is left out of means, and counted. Two empty masks have a Dice, IoU and F1 of 1";

/// A list of all measures with what each says; closed at first.
#[component]
pub fn Definitions() -> impl IntoView {
    let measures = Measure::ALL.map(|measure| (measure.label(), measure.meaning()));
    let quantities = QUANTITIES.iter().map(|quantity| (quantity.label, quantity.meaning));
    let paper = [("Paper’s DSC", PAPER_DSC_MEANING), ("Paper’s F1", PAPER_F1_MEANING), ("–", UNDEFINED)];
    let all = measures.into_iter().chain(quantities).chain(AVERAGES).chain(paper);
    view! {
        <details class="card definitions">
            <summary><h2>"What these numbers mean"</h2></summary>
            <dl class="numbers">
                {all.map(|(name, meaning)| view! { <dt>{name}</dt><dd>{meaning} "."</dd> }).collect_view()}
            </dl>
        </details>
    }
}
