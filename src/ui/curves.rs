//! What other thresholds would give.

use std::sync::Arc;

use leptos::prelude::*;
use rachis_eval::ThresholdCurve;

use super::charts::{DiceByThreshold, PrecisionRecall};
use crate::{scores::Scores, session::Session};

/// Dice against threshold and precision against recall, once a slice has a reference.
#[component]
pub fn Curves() -> impl IntoView {
    let session = Session::expect();
    let scored = Scores::expect().cases;
    let curve = Memo::new(move |_| {
        let histograms =
            scored.with(|cases| cases.iter().filter_map(|case| case.histogram.get()).collect::<Vec<_>>());
        Arc::new(ThresholdCurve::of(histograms.iter().map(|histogram| &**histogram)))
    });
    let is_shown = Memo::new(move |_| curve.with(|curve| !curve.points.is_empty()));
    let average_precision = move || {
        let precision = curve.get().average_precision()?;
        Some(format!("Average precision of all pixels together: {precision:.3}."))
    };
    view! {
        <Show when=move || is_shown.get()>
            <details class="card curves">
                <summary><h2>"Other thresholds"</h2></summary>
                {move || view! { <DiceByThreshold curve=curve.get() threshold=session.threshold/> }}
                {move || view! { <PrecisionRecall curve=curve.get() threshold=session.threshold/> }}
                <p class="hint">{average_precision}</p>
                <p class="hint">
                    "A threshold that was chosen on these slices makes their scores too good: choose it on other patients."
                </p>
            </details>
        </Show>
    }
}
