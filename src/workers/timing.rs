//! How fast an engine is, for `?bench`.

use rachis_ct::Slice;
use rachis_protocol::{JobId, engine::EngineKind};

use super::engine::{Engine, EngineError};
use crate::{
    bench::{Times, is_another_run_due},
    browser::now_ms,
};

/// No other work needs to be told from this.
const JOB: JobId = JobId(0);

/// Starts an engine of its own, loads `model` and segments `slice` again and again.
///
/// # Errors
/// Why the engine gave no mask, for the user.
pub async fn time_engine(
    kind: EngineKind,
    model: &[u8],
    sha256: String,
    slice: &Slice,
) -> Result<Times, String> {
    measure(kind, model, sha256, slice).await.map_err(|error| match error {
        EngineError::Job(reason) | EngineError::Engine(Some(reason)) => reason,
        EngineError::UnknownLayer => "The shaders lack a layer of the model.".to_owned(),
        EngineError::Engine(None) => "The engine stopped, probably for lack of memory.".to_owned(),
    })
}

async fn measure(
    kind: EngineKind,
    model: &[u8],
    sha256: String,
    slice: &Slice,
) -> Result<Times, EngineError> {
    let begun = now_ms();
    let mut engine = Engine::start(kind).await?;
    let started = now_ms();
    let summary = engine.load(JOB, model, Some(sha256)).await?;
    let loaded = now_ms();
    engine.send(JOB, slice, false)?;
    engine.segmented(JOB, slice).await?;
    let first = now_ms() - loaded;
    let mut runs = Vec::new();
    while is_another_run_due(&runs) {
        let start = now_ms();
        engine.send(JOB, slice, false)?;
        engine.segmented(JOB, slice).await?;
        runs.push(now_ms() - start);
    }
    let operations = summary.operations_per_pixel.map(|operations| operations * slice.pixels.len() as f64);
    Ok(Times::new([started - begun, loaded - started, first], &runs, operations))
}
