//! Segments one slice after the other, and keeps an engine alive to do it.

use std::{pin::pin, sync::Arc};

use futures::{
    Stream, StreamExt,
    future::{Either, pending, select},
};
use leptos::prelude::*;
use rachis_protocol::JobId;

use super::engine::{Engine, EngineError};
use crate::{
    browser::sleep,
    engine_choice::Choice,
    fallback::{Fallback, Verdict},
    session::{Case, EngineState, EngineStatus, Model, ModelSource, Segmentation, Session},
};

/// A cancelled slice may still finish within this time; then its engine is ended.
const GRACE_MS: u32 = 2000;

/// Said of work that killed the engine twice.
const OUT_OF_MEMORY: &str = "The engine stopped twice over this, probably for lack of memory: close other programs \
    and tabs, or use a smaller image or model.";

/// Said when not even the CPU engine starts.
const NO_ENGINE: &str = "The CPU engine does not start in this browser: update the browser, or reload the page on a \
    computer with more free memory.";

/// Segments whatever the session has waiting, for as long as the page lives. `wake` ticks when there may be more, or
/// when the user cancels; it must not end.
pub async fn segment_slices(session: Session, choice: Choice, wake: impl Stream<Item = ()> + Unpin) {
    let fallback = Fallback::new(choice);
    let mut driver = Driver { session, fallback, loaded: None, wake };
    let mut engine = None;
    loop {
        engine = match engine.take() {
            Some(engine) => driver.use_engine(engine).await,
            None => driver.start_engine().await,
        };
    }
}

struct Driver<W> {
    session: Session,
    fallback: Fallback,
    /// The model that the engine has.
    loaded: Option<JobId>,
    wake: W,
}

/// What to do with an engine.
enum Task {
    Load(Model, Arc<Vec<u8>>),
    Segment(Case),
    Rest,
}

/// How a task ended.
enum Outcome {
    Done,
    /// The user cancelled, and it took too long to wait for.
    Cancelled,
    Failed(EngineError),
}

impl From<Result<(), EngineError>> for Outcome {
    fn from(result: Result<(), EngineError>) -> Self {
        result.map_or_else(Self::Failed, |()| Self::Done)
    }
}

impl<W: Stream<Item = ()> + Unpin> Driver<W> {
    /// An engine, if one starts.
    async fn start_engine(&mut self) -> Option<Engine> {
        self.loaded = None;
        self.show(EngineState::Starting, "");
        match Engine::start(self.fallback.kind).await {
            Ok(engine) => {
                self.show(EngineState::Ready, &engine.device);
                Some(engine)
            }
            Err(error) => {
                self.bury(None, error).await;
                None
            }
        }
    }

    /// Does one thing with the engine, or waits; gives it back if it is still alive.
    async fn use_engine(&mut self, mut engine: Engine) -> Option<Engine> {
        let (job, outcome) = match self.next_task() {
            Task::Load(model, content) => {
                (Some(model.id), self.load(&mut engine, &model, &content).await.into())
            }
            Task::Segment(case) => (Some(case.id), self.segment(&mut engine, &case).await),
            Task::Rest => match select(pin!(engine.death()), self.wake.next()).await {
                Either::Left((died, _)) => (None, Outcome::Failed(died)),
                Either::Right(_) => (None, Outcome::Done),
            },
        };
        match outcome {
            Outcome::Done => Some(engine),
            Outcome::Cancelled => None,
            Outcome::Failed(EngineError::Job(reason)) => {
                self.fail(job, &reason);
                Some(engine)
            }
            Outcome::Failed(error) => {
                drop(engine);
                self.bury(job, error).await;
                None
            }
        }
    }

    fn next_task(&self) -> Task {
        untrack(|| {
            let Some(model) = self.session.model() else { return Task::Rest };
            let Some(content) = model.content.with(|content| content.done().cloned()) else {
                return Task::Rest;
            };
            if self.loaded != Some(model.id) {
                return Task::Load(model, content);
            }
            let next = self.session.next_to_segment();
            // A slice that is still to be read makes its own news.
            next.filter(|case| case.slice().is_some()).map_or(Task::Rest, Task::Segment)
        })
    }

    async fn load(&mut self, engine: &mut Engine, model: &Model, content: &[u8]) -> Result<(), EngineError> {
        self.loaded = None;
        self.show(EngineState::Loading, &engine.device);
        let sha256 = match &model.source {
            ModelSource::Shipped { sha256, .. } => Some(sha256.clone()),
            ModelSource::File(_) => None,
        };
        let summary = engine.load(model.id, content, sha256).await;
        self.show(EngineState::Ready, &engine.device);
        model.summary.set(Some(summary?));
        self.loaded = Some(model.id);
        self.fallback.worked();
        Ok(())
    }

    async fn segment(&mut self, engine: &mut Engine, case: &Case) -> Outcome {
        let Some(slice) = case.slice.with_untracked(|slice| slice.done().cloned()) else {
            return Outcome::Done;
        };
        self.session.touch(case);
        case.segmentation.set(Segmentation::Running);
        self.session.changed();
        let work = pin!(engine.segment(case.id, &slice));
        let patience = pin!(patience(self.session, &mut self.wake));
        let (probabilities, milliseconds) = match select(work, patience).await {
            Either::Left((Ok(answer), _)) => answer,
            Either::Left((Err(error), _)) => return Outcome::Failed(error),
            Either::Right(_) => return Outcome::Cancelled,
        };
        self.fallback.worked();
        self.session.pace.update(|pace| pace.record(milliseconds));
        let is_of_chosen_model = self.session.chosen_model.get_untracked() == self.loaded;
        case.segmentation.set(if is_of_chosen_model {
            Segmentation::Done(Arc::new(probabilities))
        } else {
            Segmentation::Waiting
        });
        self.session.changed();
        Outcome::Done
    }

    /// Draws the consequences of an engine's death over a job, or over none. Does not end where no engine starts.
    async fn bury(&mut self, job: Option<JobId>, error: EngineError) {
        let why = match &error {
            EngineError::Engine(why) => why.as_deref(),
            EngineError::Job(reason) => Some(reason.as_str()),
        };
        self.requeue(job);
        if self.fallback.bury(job, why) == Verdict::Retry {
            return;
        }
        if job.is_some() {
            self.fail(job, why.unwrap_or(OUT_OF_MEMORY));
        } else {
            self.show(EngineState::Broken(NO_ENGINE.to_owned()), "");
            pending::<()>().await;
        }
    }

    fn requeue(&self, job: Option<JobId>) {
        if let Some(case) = self.case(job) {
            case.segmentation.set(Segmentation::Waiting);
            self.session.changed();
        }
    }

    /// Tells the user that a slice or a model does not work.
    fn fail(&self, job: Option<JobId>, reason: &str) {
        if let Some(case) = self.case(job) {
            case.segmentation.set(Segmentation::Failed(reason.to_owned()));
            self.session.changed();
        } else if let Some(job) = job {
            self.session.reject_model(job, reason);
        }
    }

    fn case(&self, job: Option<JobId>) -> Option<Case> {
        self.session.cases.with_untracked(|cases| cases.iter().find(|case| Some(case.id) == job).cloned())
    }

    fn show(&self, state: EngineState, device: &str) {
        self.session.engine.set(EngineStatus {
            kind: Some(self.fallback.kind),
            state,
            device: device.to_owned(),
            reason: self.fallback.reason.clone(),
        });
    }
}

/// Ends some time after the user has cancelled, unless the user goes on before.
async fn patience(session: Session, wake: &mut (impl Stream<Item = ()> + Unpin)) {
    loop {
        wake.next().await;
        if session.paused.get_untracked() {
            sleep(GRACE_MS).await;
            if session.paused.get_untracked() {
                return;
            }
        }
    }
}
