//! The whole screen.

use futures::{Stream, channel::mpsc};
use gloo::utils::document;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{
    bench::Bench,
    display::Display,
    drop,
    help::Help,
    pickers::{PickerInputs, Pickers},
    planes::Planes,
    report, shortcuts,
    status::Status,
    top_bar::TopBar,
    welcome::Welcome,
    work::Work,
};
use crate::{
    bench,
    browser::{assets, fetch, gpu},
    engine_choice::{Wish, choose},
    manifest::Models,
    scores::Scores,
    session::{Model, Session},
    workers::{read_files, segment_slices},
};

/// The page, or what measures it where the address says `?bench`.
#[component]
pub fn App() -> impl IntoView {
    match parameter("bench") {
        Some(sizes) => view! { <Bench sizes=bench::sizes(&sizes) wish=wish()/> }.into_any(),
        None => view! { <Workplace/> }.into_any(),
    }
}

/// Where slices are opened, seen and segmented.
#[component]
fn Workplace() -> impl IntoView {
    let session = Session::new(parameter("memory").and_then(|megabytes| megabytes.parse().ok()));
    let display = Display::new();
    let pickers = Pickers::default();
    provide_context(session);
    provide_context(Scores::new(session));
    provide_context(display);
    let planes = Planes::new(session, display);
    provide_context(planes);
    provide_context(pickers);
    start_workers(session);
    spawn_local(list_models(session));
    keep_for_offline_use();
    shortcuts::listen(session, display, planes);
    report::unfold_when_printed();
    let dragging = drop::listen(session);
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            let theme = if display.light.get() { "light" } else { "dark" };
            // Setting a known attribute cannot fail.
            let _ = root.set_attribute("data-theme", theme);
        }
    });
    let is_empty = Memo::new(move |_| {
        session.files.with(Vec::is_empty)
            && session.cases.with(Vec::is_empty)
            && session.references.with(Vec::is_empty)
            && session.refused.with(Vec::is_empty)
            && session.models.with(|models| models.iter().all(Model::is_shipped))
    });

    view! {
        <div class="app" class:is-dragging=dragging>
            <TopBar is_empty/>
            <Show when=move || is_empty.get() fallback=Work>
                <Welcome/>
            </Show>
            <Status/>
            <PickerInputs/>
            <Help/>
            <div class="drop-veil" aria-hidden="true"><p>"Drop to open"</p></div>
        </div>
    }
}

fn start_workers(session: Session) {
    Effect::new(move |_| {
        if let Some(case) = session.current.get() {
            session.touch(&case);
        }
    });
    spawn_local(read_files(session, ticks(session)));
    let wake = ticks(session);
    spawn_local(async move {
        let choice = choose(wish(), &gpu::probe().await);
        segment_slices(session, choice, wake).await;
    });
}

/// Ticks when there may be more to do, for as long as the page lives.
fn ticks(session: Session) -> impl Stream<Item = ()> + Unpin {
    // Ticks that nobody was waiting for count as one.
    let (mut sender, ticks) = mpsc::channel(0);
    Effect::new(move |_| {
        session.follow_at_once();
        session.current.track();
        session.paused.track();
        if let Some(model) = session.model() {
            model.content.track();
        }
        session.models.track();
        // It fails where a tick is waiting already; the driver at the other end never stops listening.
        let _ = sender.try_send(());
    });
    ticks
}

/// The engine that the address asks for.
fn wish() -> Option<Wish> {
    parameter("engine").and_then(|engine| Wish::parse(&engine))
}

/// A parameter of the page's address, such as `cpu` of `?engine=cpu`.
fn parameter(name: &str) -> Option<String> {
    let query = gloo::utils::window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&query).ok()?.get(name)
}

async fn list_models(session: Session) {
    let url = assets::url(assets::MODELS);
    match fetch::json::<Models>(&url).await {
        Ok(list) => {
            for model in list.models {
                let file = assets::beside(&url, &model.file);
                session.add_shipped_model(model, file);
            }
        }
        Err(error) => session.report("List of models", error.to_string()),
    }
}

/// Outside HTTPS and localhost, and in old browsers, there are no service workers; the page then needs its server.
fn keep_for_offline_use() {
    let navigator = gloo::utils::window().navigator();
    let has_service_workers = js_sys::Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    if let (true, Some(script)) = (has_service_workers, assets::find(assets::SERVICE_WORKER)) {
        let registration = navigator.service_worker().register(&script);
        spawn_local(async move {
            let _ = wasm_bindgen_futures::JsFuture::from(registration).await;
        });
    }
}
