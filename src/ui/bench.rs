//! `?bench`: how fast this browser's engines are, measured in sight of the user and told to nobody else.

use gloo::utils::window;
use leptos::prelude::*;
use rachis_ct::NOTICE;
use rachis_protocol::engine::EngineKind;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::{
    bench::{Outcome, Report, Row, Times, in_words, phantom},
    browser::{assets, fetch, gpu},
    engine_choice::{Probe, Wish, choose},
    manifest::{Models, ShippedModel},
    workers::time_engine,
};

/// Measures as soon as it is shown.
#[component]
pub fn Bench(
    /// The sides of the slices, pixels.
    sizes: Vec<u32>,
    /// The engine that the address asks for.
    wish: Option<Wish>,
) -> impl IntoView {
    let report = RwSignal::new(describe_browser());
    let status = RwSignal::new("Looking for engines…".to_owned());
    spawn_local(async move {
        let end = match measure(sizes, wish, report, status).await {
            Ok(()) => "Finished. Reload the page to measure again.".to_owned(),
            Err(error) => error.to_string(),
        };
        status.set(end);
    });
    view! {
        <main class="bench">
            <h1>"Rachis: how fast is this computer?"</h1>
            <p>
                "A made slice is segmented again and again, on every engine that this browser offers. Close other programs \
                 and tabs and keep this one in view. Nothing is sent anywhere. " {NOTICE} "."
            </p>
            <p role="status">{status}</p>
            <Computer report/>
            <Table report/>
            <Json report/>
            <p><a href="./">"To the page that opens CT slices"</a></p>
        </main>
    }
}

/// Where the times are from.
#[component]
fn Computer(report: RwSignal<Report>) -> impl IntoView {
    let adapter = move || report.with(|report| report.adapter.clone()).unwrap_or_else(|| "none".to_owned());
    view! {
        <dl class="numbers">
            <dt>"Browser"</dt><dd>{move || report.with(|report| report.browser.clone())}</dd>
            <dt>"Processor cores"</dt><dd>{move || report.with(|report| report.cores)}</dd>
            <dt>"Graphics card"</dt><dd>{adapter}</dd>
            <dt>"Model"</dt><dd>{move || report.with(|report| report.model.clone())}</dd>
        </dl>
        {move || report.with(|report| report.reason.clone()).map(|reason| view! { <p class="hint">{reason}</p> })}
    }
}

#[component]
fn Table(report: RwSignal<Report>) -> impl IntoView {
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Times table">
            <table>
                <caption>"Time to segment a slice"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Engine"</th>
                        <th scope="col">"Pixels"</th>
                        <th scope="col" title="From starting the engine to the first mask: its module, the model with its self-test, the slice">"First mask"</th>
                        <th scope="col" title="The median of the slices after the first">"Next masks"</th>
                        <th scope="col" title="Billions of floating-point operations a second, counted as plain loops do them">"GFLOP/s"</th>
                    </tr>
                </thead>
                <tbody>{move || report.with(|report| report.rows.iter().map(row).collect_view())}</tbody>
            </table>
        </div>
    }
}

fn row(Row { engine, size, outcome }: &Row) -> impl IntoView + use<> {
    let cells = match outcome {
        Outcome::Times(times) => {
            let gflops = times.gflops.map_or_else(|| "–".to_owned(), |gflops| format!("{gflops:.1}"));
            view! {
                <td title=parts(times)>{in_words(times.cold_ms())}</td>
                <td title=format!("{} slices", times.runs)>{in_words(times.warm_ms)}</td>
                <td>{gflops}</td>
            }
            .into_any()
        }
        Outcome::Failure(reason) => {
            view! { <td colspan="3" class="bench-failure">{reason.clone()}</td> }.into_any()
        }
    };
    view! {
        <tr>
            <th scope="row">{name(*engine)}</th>
            <td>{format!("{size} × {size}")}</td>
            {cells}
        </tr>
    }
}

fn parts(times: &Times) -> String {
    let [start, load, first] = [times.start_ms, times.load_ms, times.first_ms].map(in_words);
    format!("Engine {start}, model {load}, slice {first}")
}

/// The whole report to take away.
#[component]
fn Json(report: RwSignal<Report>) -> impl IntoView {
    let json = Memo::new(move |_| report.with(Report::to_json));
    let label = RwSignal::new("Copy as JSON");
    let copy = move |_| {
        spawn_local(async move {
            let text = json.get_untracked();
            let copied = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
            label.set(if copied.is_ok() { "Copied" } else { "The browser did not copy: select the text" });
        });
    };
    view! {
        <details>
            <summary>"As JSON"</summary>
            // Without HTTPS a page has no clipboard.
            <Show when=|| window().is_secure_context()>
                <button type="button" class="button" on:click=copy>{label}</button>
            </Show>
            <pre tabindex="0">{json}</pre>
        </details>
    }
}

fn name(engine: EngineKind) -> &'static str {
    match engine {
        EngineKind::WebGpu => "WebGPU",
        EngineKind::WebGpuBurn => "WebGPU with Burn",
        EngineKind::Cpu => "CPU",
    }
}

fn describe_browser() -> Report {
    let navigator = window().navigator();
    Report {
        version: env!("CARGO_PKG_VERSION"),
        browser: navigator.user_agent().unwrap_or_default(),
        cores: navigator.hardware_concurrency() as u32,
        ..Report::default()
    }
}

/// Fills the report, row by row, and says what it is at.
async fn measure(
    sizes: Vec<u32>,
    wish: Option<Wish>,
    report: RwSignal<Report>,
    status: RwSignal<String>,
) -> Result<(), fetch::FetchError> {
    let (model, content) = fetch_model().await?;
    let probe = gpu::probe().await;
    let choice = choose(wish, &probe);
    report.update(|report| {
        report.model = model.name;
        report.reason = choice.reason.map(|reason| format!("{} {}", reason.why, reason.remedy));
        if let Probe::Found(adapter) = probe {
            report.adapter = Some(adapter.name);
        }
    });
    let engines = match choice.kind {
        EngineKind::Cpu => vec![EngineKind::Cpu],
        webgpu => vec![webgpu, EngineKind::Cpu],
    };
    for size in sizes {
        let slice = phantom(size);
        for &engine in &engines {
            status.set(format!("Measuring {} with {size} × {size} pixels…", name(engine)));
            let outcome = match time_engine(engine, &content, model.sha256.clone(), &slice).await {
                Ok(times) => Outcome::Times(times),
                Err(reason) => Outcome::Failure(reason),
            };
            report.update(|report| report.rows.push(Row { engine, size, outcome }));
        }
    }
    Ok(())
}

/// The model that the page would use.
async fn fetch_model() -> Result<(ShippedModel, Vec<u8>), fetch::FetchError> {
    let list = assets::url(assets::MODELS);
    let models = fetch::json::<Models>(&list).await?.models;
    let model = models.iter().find(|model| model.default).or(models.first()).ok_or(fetch::FetchError)?;
    let content = fetch::bytes(&assets::beside(&list, &model.file)).await?;
    Ok((model.clone(), content))
}
