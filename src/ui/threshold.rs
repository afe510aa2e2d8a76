//! Above which probability a pixel is spine.

use leptos::prelude::*;
use rachis_ct::Threshold;

use crate::session::Session;

/// A slider that moves every mask and number at once, and the way back to the model's own threshold.
#[component]
pub fn ThresholdControl() -> impl IntoView {
    let session = Session::expect();
    let level = move || session.threshold.get().map(|threshold| threshold.level().to_string());
    let probability =
        move || session.threshold.get().map(|threshold| format!("{:.2}", threshold.probability()));
    let is_own = Memo::new(move |_| session.chosen_threshold.get().is_none());
    view! {
        <div class="threshold" role="group" aria-label="Threshold">
            <label for="threshold">"Threshold"</label>
            <input id="threshold" type="range" min="1" max="255" step="1"
                title="A pixel whose probability is above this is spine"
                disabled=move || session.threshold.get().is_none()
                prop:value=level aria-valuetext=probability
                on:input=move |event| {
                    if let Ok(level) = event_target_value(&event).parse::<f32>() {
                        session.chosen_threshold.set(Some(Threshold::nearest(level / 256.0)));
                    }
                }/>
            <output for="threshold">{probability}</output>
            <button type="button" class="button quiet" disabled=move || is_own.get()
                title="The threshold that the model was made with"
                on:click=move |_| session.chosen_threshold.set(None)>"Reset"</button>
        </div>
    }
}
