//! The models to choose from.

use leptos::prelude::*;

use super::pickers::{OpenButton, Picker};
use crate::browser::assets;
use crate::session::{Model, ModelSource, Reading, Session};

/// The list of models, and a way to add one.
#[component]
pub fn Models() -> impl IntoView {
    let session = Session::expect();
    view! {
        <section class="card models">
            <div class="card-head">
                <h2>"Model"</h2>
                <OpenButton picker=Picker::Models label="Add model" class="button quiet"
                    title="A Keras model (.h5, .keras) or a Rachis model (.safetensors)"/>
            </div>
            <div role="radiogroup" aria-label="Model">
                <For each=move || session.models.get() key=|model| model.id
                    children=|model| view! { <ModelChoice model/> }/>
            </div>
            <label class="check" title="The mean of the probabilities of a slice and of its mirror image">
                <input type="checkbox" prop:checked=move || session.mirror.get()
                    on:change=move |event| session.choose_mirror(event_target_checked(&event))/>
                "With mirror image: a little better, twice the time"
            </label>
        </section>
    }
}

#[component]
fn ModelChoice(model: Model) -> impl IntoView {
    let session = Session::expect();
    let id = model.id;
    let summary = model.summary.clone();
    let is_chosen = move || session.chosen_model.get() == Some(id);
    let content = model.content.clone();
    let state = {
        let is_file = matches!(model.source, ModelSource::File(_));
        let (content, summary) = (model.content.clone(), model.summary.clone());
        move || match (content.with(describe), summary.with(Option::is_some)) {
            (Some(state), _) => Some(state),
            (None, false) if is_chosen() => Some("Loading…".to_owned()),
            (None, _) if is_file => Some("Your file, not shared with anyone".to_owned()),
            (None, _) => None,
        }
    };
    let card = matches!(model.source, ModelSource::Shipped { .. }).then(|| assets::url(assets::MODEL_CARD));
    let is_failed = Memo::new({
        let content = content.clone();
        move |_| content.with(|content| content.failure().is_some())
    });
    let try_again = move |_| content.set(Reading::Queued);
    view! {
        <div class="model">
            <label>
                <input type="radio" name="model" prop:checked=is_chosen disabled=move || is_failed.get()
                    on:change=move |_| session.choose_model(id)/>
                <span class="model-title">{model.title.clone()}</span>
            </label>
            <p class="model-state">{state}</p>
            <Show when=move || is_failed.get() && is_chosen()>
                <button type="button" class="button quiet" on:click=try_again.clone()>"Try again"</button>
            </Show>
            {move || summary.get().map(|summary| view! {
                <details>
                    <summary>"About this model"</summary>
                    <dl>
                        <dt>"Weights"</dt><dd>{format!("{:.2} million", summary.parameters as f64 / 1e6)}</dd>
                        <dt>"Input"</dt><dd>{summary.preprocessing}</dd>
                        <dt>"Threshold"</dt><dd>{format!("{:.2}", summary.threshold.probability())}</dd>
                        <dt>"Origin"</dt><dd>{summary.origin}</dd>
                        <dt>"Licence"</dt><dd>{summary.licence}</dd>
                    </dl>
                    {card.clone().map(|card| view! {
                        <p>
                            <a href=card target="_blank" rel="noopener">"Model card"</a>
                            ": data, results by group, failures, intended use"
                        </p>
                    })}
                </details>
            })}
        </div>
    }
}

/// What is to be said of a model that is not ready; a failure is told among the problems.
fn describe<T>(content: &Reading<T>) -> Option<String> {
    match content {
        Reading::Running => Some("Reading…".to_owned()),
        Reading::Failed(_) => Some("Cannot be used".to_owned()),
        Reading::Queued | Reading::Done(_) => None,
    }
}
