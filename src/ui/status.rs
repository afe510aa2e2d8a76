//! Progress, and which engine is not the first choice, at the foot of the page.

use leptos::prelude::*;

use super::engine_badge::EngineReason;
use crate::session::{EngineState, Model, Progress, Session};

/// The line at the foot.
#[component]
pub fn Status() -> impl IntoView {
    let session = Session::expect();
    let progress = Memo::new(move |_| session.progress());
    let text = move || describe(session, progress.get());
    let announced = Memo::new(move |_| announce(session, progress.get()));
    let is_running = Memo::new(move |_| progress.get().is_running());
    view! {
        <footer class="status">
            <EngineReason/>
            <Show when=move || is_running.get()>
                <progress aria-label="Slices finished" max=move || progress.get().total.to_string()
                    prop:value=move || progress.get().finished as f64></progress>
            </Show>
            <p class="status-text">{text}</p>
            <Show when=move || is_running.get()>
                {move || if session.paused.get() {
                    view! {
                        <button type="button" class="button primary" on:click=move |_| session.paused.set(false)>
                            "Continue"
                        </button>
                    }.into_any()
                } else {
                    view! {
                        <button type="button" class="button" on:click=move |_| session.cancel()>"Cancel"</button>
                    }.into_any()
                }}
            </Show>
            <Show when=move || !is_running.get() && session.has_failed_predictions()>
                <button type="button" class="button" on:click=move |_| session.retry()>"Try again"</button>
            </Show>
        </footer>
        <p class="announced" role="status">{announced}</p>
    }
}

/// What a screen reader says: not each slice that is finished.
fn announce(session: Session, progress: Progress) -> String {
    let is_ready = session.engine.with(|engine| matches!(engine.state, EngineState::Ready));
    if progress.is_running() && is_ready && !session.paused.get() {
        return format!("Segmenting {} slices", progress.total);
    }
    describe(session, progress)
}

fn describe(session: Session, progress: Progress) -> String {
    let Progress { finished, failed, total } = progress;
    if session.listing.get() {
        return "Listing files…".to_owned();
    }
    if total == 0 {
        return String::new();
    }
    let unread = session.unread_files();
    if unread.is_running() && !session.paused.get() {
        return format!("Looking into files, {} left", unread.total - unread.finished);
    }
    if finished == total {
        let done = match total - failed {
            1 => "1 slice finished".to_owned(),
            done => format!("{done} slices finished"),
        };
        return if failed == 0 { done } else { format!("{done}, {failed} failed") };
    }
    let count = format!("{finished} of {total} slices");
    if session.paused.get() {
        return format!("{count}, cancelled");
    }
    let is_usable = |model: &Model| model.content.with(|content| content.failure().is_none());
    if !session.model().is_some_and(|model| is_usable(&model)) {
        return format!("{count}, no model to segment with");
    }
    let (state, workers) = session.engine.with(|engine| (engine.state.clone(), engine.workers));
    match state {
        EngineState::Starting => format!("{count}, the engine is starting"),
        EngineState::Loading => format!("{count}, the model is loading"),
        EngineState::Broken(_) => format!("{count}, no engine"),
        EngineState::Ready => match session.pace.get().remaining(total - finished, workers) {
            Some(remaining) => format!("{count}, {remaining}"),
            None => count,
        },
    }
}
