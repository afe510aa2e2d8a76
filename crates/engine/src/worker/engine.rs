//! The engine worker: models and slices in, masks out, one after another.

use std::cell::Cell;
#[cfg(feature = "gpu")]
use std::time::Duration;

use futures::StreamExt;
use futures::channel::mpsc::UnboundedReceiver;
use rachis_ct::{Slice, TYPICAL_SIDE, Threshold};
use rachis_protocol::JobId;
use rachis_protocol::engine::{FromEngine, ModelSummary, ToEngine};
use rachis_protocol::wire::{Envelope, Received};
use rachis_unet::Model;
use wasm_bindgen_futures::spawn_local;

use super::scope::{hold_lock, inbox, on_panic, post, scope};
use crate::{Engine, EngineError, Segmenter, operations, sha256_hex};

thread_local! {
    /// Whether the page has been told that this engine is gone.
    static LOST: Cell<bool> = const { Cell::new(false) };
}

/// Opens the engine and serves the page from then on.
pub fn start(open: impl AsyncFnOnce() -> Result<Engine, EngineError> + 'static) {
    on_panic(|| {
        Some(Envelope::new(&FromEngine::Lost { reason: "The engine stopped unexpectedly.".to_owned() }))
    });
    spawn_local(async move {
        hold_lock().await;
        match open().await {
            Ok(engine) => {
                #[cfg(feature = "gpu")]
                engine.on_lost(|error| lose(&error));
                let inbox = inbox();
                post(Envelope::new(&FromEngine::Ready { device: engine.name().to_owned() }));
                serve(engine, inbox).await;
            }
            Err(error) => post(Envelope::new(&FromEngine::Unfit { reason: error.to_string() })),
        }
    });
}

async fn serve(mut engine: Engine, mut inbox: UnboundedReceiver<Received<ToEngine>>) {
    let mut segmenter = None;
    while let Some(mut received) = inbox.next().await {
        match received.message.clone() {
            ToEngine::Load { job, sha256, scheme } => {
                // The old model's memory must be free before the new one comes.
                segmenter = None;
                match load(&mut received, sha256.as_deref(), scheme.as_deref(), &mut engine).await {
                    Ok((loaded, model, scheme)) => {
                        segmenter = Some(loaded);
                        post(Envelope::new(&FromEngine::Loaded { job, model, scheme }));
                    }
                    Err(error @ EngineError::SelfTest { .. }) => {
                        post(Envelope::new(&FromEngine::Unfit { reason: error.to_string() }));
                    }
                    #[cfg(not(feature = "burn"))]
                    Err(EngineError::UnknownLayer) => post(Envelope::new(&FromEngine::UnknownLayer { job })),
                    Err(error) => fail(job, &error),
                }
            }
            ToEngine::Segment { job, rows, columns, quantity, spacing, mirror } => {
                let slice = received.take_pixels().map_err(EngineError::from).map(|pixels| Slice {
                    rows,
                    columns,
                    pixels,
                    quantity,
                    spacing,
                    window: None,
                });
                match segment(job, segmenter.as_ref(), slice, mirror).await {
                    Ok(segmented) => post(Ok(segmented)),
                    Err(error) => fail(job, &error),
                }
            }
        }
        if LOST.get() {
            return;
        }
    }
}

async fn load(
    received: &mut Received<ToEngine>,
    expected: Option<&str>,
    scheme: Option<&str>,
    engine: &mut Engine,
) -> Result<(Segmenter, ModelSummary, Option<String>), EngineError> {
    let file = received.take_bytes()?;
    let sha256 = sha256_hex(&file);
    if expected.is_some_and(|expected| expected != sha256) {
        return Err(EngineError::Damaged);
    }
    let model = Model::from_safetensors(&file)?;
    drop(file);
    let scheme = tune(engine, scheme).await?;
    let segmenter = Segmenter::load(&model, engine).await?;
    let bytes = segmenter.bytes(TYPICAL_SIDE, TYPICAL_SIDE).ok();
    Ok((segmenter, summary(&model, sha256, bytes), scheme))
}

fn summary(model: &Model, sha256: String, bytes: Option<u64>) -> ModelSummary {
    ModelSummary {
        name: model.info.name.clone(),
        parameters: model.parameters(),
        operations_per_pixel: operations_per_pixel(model),
        preprocessing: model.info.describe_input(),
        threshold: Threshold::nearest(model.info.threshold),
        origin: model.info.origin.clone(),
        licence: model.info.licence.clone(),
        sha256,
        bytes,
    }
}

/// Of the smallest image of 512 x 512 pixels or more that the network takes as it is.
fn operations_per_pixel(model: &Model) -> Option<f64> {
    let size = model.graph.size_multiple().map(|multiple| TYPICAL_SIDE.next_multiple_of(multiple.max(1)));
    let [rows, columns] = size;
    Some(operations(model, size).ok()? as f64 / (rows * columns) as f64)
}

/// The scheme that a graphics device works by from now on.
#[cfg(feature = "gpu")]
async fn tune(engine: &mut Engine, known: Option<&str>) -> Result<Option<String>, EngineError> {
    let clock = scope().performance();
    let milliseconds = || clock.as_ref().map_or(0.0, web_sys::Performance::now);
    engine.tune(known, || Duration::from_secs_f64(milliseconds() / 1000.0)).await
}

#[cfg(not(feature = "gpu"))]
async fn tune(_engine: &mut Engine, _known: Option<&str>) -> Result<Option<String>, EngineError> {
    Ok(None)
}

async fn segment(
    job: JobId,
    segmenter: Option<&Segmenter>,
    slice: Result<Slice, EngineError>,
    mirror: bool,
) -> Result<Envelope, EngineError> {
    let (segmenter, slice) = (segmenter.ok_or(EngineError::NoModel)?, slice?);
    let clock = scope().performance();
    let now = || clock.as_ref().map_or(0.0, web_sys::Performance::now);
    let start = now();
    let levels = segmenter.levels(&slice, mirror).await?;
    let milliseconds = now() - start;
    Ok(Envelope::new(&FromEngine::Segmented { job, milliseconds })?.with_bytes(&levels))
}

/// Tells the page that a job failed, or, where the error says so, that the engine is gone.
fn fail(job: JobId, error: &EngineError) {
    if error.ends_engine() {
        lose(error);
    } else {
        post(Envelope::new(&FromEngine::Failed { job, reason: error.to_string() }));
    }
}

/// Tells the page, once, that this engine is gone.
fn lose(error: &EngineError) {
    if !LOST.replace(true) {
        post(Envelope::new(&FromEngine::Lost { reason: error.to_string() }));
    }
}
