//! The worker that runs the network.

use gloo::storage::{LocalStorage, Storage};
use rachis_ct::{Probabilities, Slice};
use rachis_protocol::{
    JobId,
    engine::{EngineKind, FromEngine, ModelSummary, ToEngine},
    wire::{Envelope, Received},
};

use super::link::{Died, Link};
use crate::browser::assets;

/// Why an engine gave no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineError {
    /// The job is at fault; the engine goes on.
    Job(String),
    /// The model needs [`EngineKind::WebGpuBurn`].
    UnknownLayer,
    /// The engine is at fault and must not be used any more; the text says why, if it could.
    Engine(Option<String>),
}

impl From<Died> for EngineError {
    fn from(_: Died) -> Self {
        Self::Engine(None)
    }
}

/// A running engine. Dropping it ends its worker.
pub struct Engine {
    /// What it runs on.
    pub kind: EngineKind,
    link: Link<FromEngine>,
    /// The device's name; empty for the CPU.
    pub device: String,
}

impl Engine {
    /// Starts the worker and waits until it has its device.
    ///
    /// # Errors
    /// [`EngineError::Engine`].
    pub async fn start(kind: EngineKind) -> Result<Self, EngineError> {
        let mut link = Link::start(&assets::url(match kind {
            EngineKind::WebGpu => assets::ENGINE_GPU,
            EngineKind::WebGpuBurn => assets::ENGINE_GPU_BURN,
            EngineKind::Cpu => assets::cpu_engine(),
        }))?;
        let received: Received<FromEngine> = link.hear().await?;
        match received.message {
            FromEngine::Ready { device } => {
                link.watch();
                Ok(Self { kind, link, device })
            }
            FromEngine::Unfit { reason } | FromEngine::Lost { reason } => {
                Err(EngineError::Engine(Some(reason)))
            }
            _ => Err(EngineError::Engine(None)),
        }
    }

    /// Makes it use a model.
    ///
    /// # Errors
    /// The file's fault or the engine's.
    pub async fn load(
        &mut self,
        job: JobId,
        model: &[u8],
        sha256: Option<String>,
    ) -> Result<ModelSummary, EngineError> {
        let memory = format!("scheme of {} {}", env!("CARGO_PKG_VERSION"), self.device);
        // A browser that keeps nothing for this page makes the engine try again on each visit.
        let scheme = LocalStorage::get(&memory).ok();
        let load = ToEngine::Load { job, sha256, scheme };
        self.link.send(&Envelope::new(&load).map_err(|_| Died)?.with_bytes(model));
        loop {
            let received = self.answer(job).await?;
            if let FromEngine::Loaded { model, scheme, .. } = received.message {
                if let Some(scheme) = scheme {
                    let _ = LocalStorage::set(&memory, scheme);
                }
                return Ok(model);
            }
        }
    }

    /// Gives it a slice to segment, after those that it has; with its mirror image, where wanted.
    ///
    /// # Errors
    /// The engine's fault.
    pub fn send(&self, job: JobId, slice: &Slice, mirror: bool) -> Result<(), EngineError> {
        let &Slice { rows, columns, quantity, spacing, .. } = slice;
        let message = ToEngine::Segment { job, rows, columns, quantity, spacing, mirror };
        self.link.send(&Envelope::new(&message).map_err(|_| Died)?.with_pixels(&slice.pixels));
        Ok(())
    }

    /// Waits for the slice that it got first: the probabilities in the slice's size, and the time it took in milliseconds.
    ///
    /// # Errors
    /// The slice's fault or the engine's.
    pub async fn segmented(
        &mut self,
        job: JobId,
        slice: &Slice,
    ) -> Result<(Probabilities, f64), EngineError> {
        loop {
            let mut received = self.answer(job).await?;
            if let FromEngine::Segmented { job: answered, milliseconds } = received.message
                && answered == job
            {
                let levels = received.take_bytes().map_err(|_| Died)?;
                let probabilities =
                    Probabilities::new(slice.rows, slice.columns, levels).map_err(|_| Died)?;
                return Ok((probabilities, milliseconds));
            }
        }
    }

    /// Resolves when the engine dies while it has nothing to do.
    pub async fn death(&mut self) -> EngineError {
        loop {
            match self.link.hear().await {
                Ok(received) => {
                    if let FromEngine::Unfit { reason } | FromEngine::Lost { reason } = received.message {
                        return EngineError::Engine(Some(reason));
                    }
                }
                Err(died) => return died.into(),
            }
        }
    }

    /// The next message, with bad news for `job` as errors. Answers to jobs that were given up may come between.
    async fn answer(&mut self, job: JobId) -> Result<Received<FromEngine>, EngineError> {
        let received = self.link.hear().await?;
        match &received.message {
            FromEngine::Unfit { reason } | FromEngine::Lost { reason } => {
                Err(EngineError::Engine(Some(reason.clone())))
            }
            FromEngine::Failed { job: failed, reason } if *failed == job => {
                Err(EngineError::Job(reason.clone()))
            }
            FromEngine::UnknownLayer { job: failed } if *failed == job => Err(EngineError::UnknownLayer),
            _ => Ok(received),
        }
    }
}
