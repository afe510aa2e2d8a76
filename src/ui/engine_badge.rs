//! Which engine runs, and why not the first choice.

use leptos::prelude::*;
use rachis_protocol::engine::EngineKind;

use crate::session::{EngineState, EngineStatus, Session};

/// The badge in the top bar; a click shows more.
#[component]
pub fn EngineBadge() -> impl IntoView {
    let engine = Session::expect().engine;
    let kind = move || match engine.with(|engine| engine.kind) {
        Some(kind) if kind.is_webgpu() => "webgpu",
        Some(_) => "cpu",
        None => "",
    };
    let state = move || match engine.with(|engine| engine.state.clone()) {
        EngineState::Starting => "starting",
        EngineState::Loading => "loading",
        EngineState::Ready => "ready",
        EngineState::Broken(_) => "broken",
    };
    view! {
        <details class="engine" data-engine=kind data-state=state>
            <summary title="The engine that runs the model">
                <span class="engine-dot" aria-hidden="true"></span>
                <span class="engine-name">{move || engine.with(name)}</span>
            </summary>
            <div class="engine-panel">
                <p>{move || engine.with(detail)}</p>
                {move || engine.with(|engine| engine.reason.clone()).map(|reason| view! {
                    <p class="engine-why">{reason.why}</p>
                    <p class="engine-remedy">{reason.remedy}</p>
                })}
            </div>
        </details>
    }
}

/// Why the engine is not the first choice, always in sight; nothing where it is.
#[component]
pub fn EngineReason() -> impl IntoView {
    let engine = Session::expect().engine;
    move || {
        let EngineStatus { state, reason, .. } = engine.get();
        let text = match (state, reason) {
            (EngineState::Broken(text), _) => text,
            (_, Some(reason)) => format!("{} {}", reason.why, reason.remedy),
            (_, None) => return None,
        };
        Some(view! { <p class="engine-reason">{text}</p> })
    }
}

fn name(engine: &EngineStatus) -> String {
    match engine.kind {
        Some(kind) if kind.is_webgpu() && engine.device.is_empty() => "WebGPU".to_owned(),
        Some(kind) if kind.is_webgpu() => format!("WebGPU: {}", engine.device),
        Some(_) if engine.workers > 1 => format!("CPU, {} workers", engine.workers),
        Some(_) => "CPU".to_owned(),
        None => "Engine".to_owned(),
    }
}

fn detail(engine: &EngineStatus) -> String {
    let what = match engine.kind {
        Some(EngineKind::WebGpu) => "The model runs on the graphics card through WebGPU.",
        Some(EngineKind::WebGpuBurn) => {
            "The model runs on the graphics card through WebGPU, with Burn, for layers that the faster shaders lack."
        }
        Some(EngineKind::Cpu) => {
            "The model runs on the processor (CPU), on several slices at once where it has the cores."
        }
        None => "Looking for the best engine on this computer.",
    };
    let state = match &engine.state {
        EngineState::Starting => "It is starting.",
        EngineState::Loading => "It loads the model and tests itself.",
        EngineState::Ready => "It is ready.",
        EngineState::Broken(reason) => reason,
    };
    if engine.kind.is_some() { format!("{what} {state}") } else { what.to_owned() }
}
