//! Segments slices, several at once on the CPU, and keeps engines alive to do it.

use std::{cell::RefCell, pin::pin, rc::Rc, sync::Arc};

use futures::{
    Stream, StreamExt,
    future::{Either, join_all, select},
};
use leptos::prelude::*;
use rachis_ct::{Meaning, Slice};
use rachis_protocol::JobId;

use super::{
    engine::{Engine, EngineError},
    pool::Pool,
};
use crate::{
    browser::sleep,
    capacity::Machine,
    engine_choice::Choice,
    fallback::Verdict,
    session::{Case, EngineState, Model, ModelSource, Segmentation, Session},
};

/// A cancelled slice may still finish within this time; then its engine is ended.
const GRACE_MS: u32 = 2000;

/// Said of work that killed the engine twice.
const OUT_OF_MEMORY: &str = "The engine stopped twice over this, probably for lack of memory: close other programs \
    and tabs, or use a smaller image or model.";

/// Segments whatever the session has waiting, for as long as the page lives, with an engine for each of `wakes` at most.
/// These tick when there may be more, or when the user cancels; they must not end.
pub async fn segment_slices<W: Stream<Item = ()> + Unpin>(
    session: Session,
    choice: Choice,
    machine: Machine,
    wakes: Vec<W>,
) {
    let pool = Rc::new(RefCell::new(Pool::new(session, choice, machine, wakes.len())));
    let drivers = wakes.into_iter().enumerate().map(|(place, wake)| {
        let driver = Driver { session, pool: Rc::clone(&pool), place, loaded: None, ahead: None, wake };
        driver.run()
    });
    join_all(drivers).await;
}

/// Keeps one engine, as long as the pool wants it.
struct Driver<W> {
    session: Session,
    pool: Rc<RefCell<Pool>>,
    /// The engine's place in the pool.
    place: usize,
    /// The model that the engine has.
    loaded: Option<JobId>,
    /// The slice that the engine has beside the one that it segments.
    ahead: Option<Sent>,
    wake: W,
}

/// A slice that an engine has.
struct Sent {
    case: Case,
    slice: Arc<Slice>,
    /// What its values were taken to mean.
    meaning: Meaning,
    /// With its mirror image.
    mirror: bool,
}

/// What to do with an engine.
enum Task {
    Load(Model, Arc<Vec<u8>>),
    Segment(Case, Arc<Slice>),
    Rest,
    End,
}

/// How a task ended.
enum Outcome {
    Done,
    /// The engine is not needed any more: others are enough, or the user cancelled and it took too long to wait for.
    Dispensable,
    Failed(EngineError),
}

impl From<Result<(), EngineError>> for Outcome {
    fn from(result: Result<(), EngineError>) -> Self {
        result.map_or_else(Self::Failed, |()| Self::Done)
    }
}

impl<W: Stream<Item = ()> + Unpin> Driver<W> {
    async fn run(mut self) {
        let mut engine = None;
        loop {
            engine = match engine.take() {
                Some(engine) => self.use_engine(engine).await,
                None if self.pool.borrow().has_room() => self.start_engine().await,
                None => {
                    self.wake.next().await;
                    None
                }
            };
        }
    }

    /// An engine, if one starts.
    async fn start_engine(&mut self) -> Option<Engine> {
        self.loaded = None;
        self.show(EngineState::Starting);
        let kind = self.pool.borrow().kind();
        match Engine::start(kind).await {
            Ok(engine) => {
                self.pool.borrow_mut().has_device(self.place, &engine.device);
                Some(engine)
            }
            Err(error) => {
                self.bury(None, &error);
                None
            }
        }
    }

    /// Does one thing with the engine, or waits; gives it back if it is still alive and needed.
    async fn use_engine(&mut self, mut engine: Engine) -> Option<Engine> {
        let (job, outcome) = match self.next_task() {
            Task::Load(model, content) => {
                (Some(model.id), self.load(&mut engine, &model, &content).await.into())
            }
            Task::Segment(case, slice) => {
                let outcome = self.segment(&mut engine, &case, slice).await;
                (Some(case.id), outcome.unwrap_or_else(Outcome::Failed))
            }
            Task::Rest => match select(pin!(engine.death()), self.wake.next()).await {
                Either::Left((died, _)) => (None, Outcome::Failed(died)),
                Either::Right(_) => (None, Outcome::Done),
            },
            Task::End => (None, Outcome::Dispensable),
        };
        match (outcome, job) {
            (Outcome::Done, _) => Some(engine),
            (Outcome::Dispensable, _) => {
                drop(engine);
                self.ahead = None;
                self.pool.borrow_mut().leave(self.place);
                None
            }
            (Outcome::Failed(EngineError::Job(reason)), Some(job)) => {
                self.fail(job, &reason);
                Some(engine)
            }
            (Outcome::Failed(EngineError::UnknownLayer), _) => {
                drop(engine);
                self.pool.borrow_mut().lacks_layer(self.place);
                None
            }
            (Outcome::Failed(error), _) => {
                drop(engine);
                self.bury(job, &error);
                None
            }
        }
    }

    fn next_task(&self) -> Task {
        if let Some(Sent { case, slice, .. }) = &self.ahead {
            return Task::Segment(case.clone(), Arc::clone(slice));
        }
        if self.pool.borrow().is_crowded() {
            return Task::End;
        }
        untrack(|| {
            let Some(model) = self.session.model() else { return Task::Rest };
            let Some(content) = model.content.with(|content| content.done().cloned()) else {
                return Task::Rest;
            };
            if self.loaded != Some(model.id) {
                return Task::Load(model, content);
            }
            self.next_slice().map_or(Task::Rest, |(case, slice)| Task::Segment(case, slice))
        })
    }

    /// The next slice for the model that the engine has, if it is read; else that makes its own news.
    fn next_slice(&self) -> Option<(Case, Arc<Slice>)> {
        if self.session.chosen_model.get_untracked() != self.loaded {
            return None;
        }
        untrack(|| {
            let case = self.session.next_to_segment()?;
            let slice = case.slice()?;
            Some((case, slice))
        })
    }

    async fn load(&mut self, engine: &mut Engine, model: &Model, content: &[u8]) -> Result<(), EngineError> {
        self.loaded = None;
        self.show(EngineState::Loading);
        let sha256 = match &model.source {
            ModelSource::Shipped { sha256, .. } => Some(sha256.clone()),
            ModelSource::File(_) => None,
        };
        let summary = engine.load(model.id, content, sha256).await;
        self.show(EngineState::Ready);
        model.summary.set(Some(summary?));
        self.loaded = Some(model.id);
        self.pool.borrow_mut().worked();
        // Other engines may follow.
        self.session.changed();
        Ok(())
    }

    async fn segment(
        &mut self,
        engine: &mut Engine,
        case: &Case,
        slice: Arc<Slice>,
    ) -> Result<Outcome, EngineError> {
        let sent = match self.ahead.take() {
            Some(sent) => sent,
            None => self.send(engine, case, slice)?,
        };
        // The graphics card must not wait until the page has heard of one slice and sent the next.
        if engine.kind.is_webgpu()
            && let Some((case, slice)) = self.next_slice()
        {
            self.ahead = Some(self.send(engine, &case, slice)?);
        }
        let work = pin!(engine.segmented(case.id, &sent.slice));
        let patience = pin!(patience(self.session, &mut self.wake));
        let (probabilities, milliseconds) = match select(work, patience).await {
            Either::Left((answer, _)) => answer?,
            Either::Right(_) => return Ok(Outcome::Dispensable),
        };
        self.pool.borrow_mut().worked();
        self.session.pace.update(|pace| pace.record(milliseconds));
        // Where the user wants something else meanwhile, the slice waits again or is with another engine.
        let is_wanted = self.session.chosen_model.get_untracked() == self.loaded
            && self.session.mirror.get_untracked() == sent.mirror
            && case.meaning.get_untracked() == sent.meaning;
        if is_wanted {
            case.segmentation.set(Segmentation::Done(Arc::new(probabilities)));
        }
        self.session.changed();
        Ok(Outcome::Done)
    }

    fn send(&self, engine: &Engine, case: &Case, slice: Arc<Slice>) -> Result<Sent, EngineError> {
        let mirror = self.session.mirror.get_untracked();
        engine.send(case.id, &slice, mirror)?;
        self.session.touch(case);
        case.segmentation.set(Segmentation::Running);
        self.session.changed();
        Ok(Sent { case: case.clone(), slice, meaning: case.meaning.get_untracked(), mirror })
    }

    /// Draws the consequences of an engine's death over a job, or over none.
    fn bury(&mut self, job: Option<JobId>, error: &EngineError) {
        let why = match error {
            EngineError::Engine(why) => why.as_deref(),
            EngineError::Job(reason) => Some(reason.as_str()),
            EngineError::UnknownLayer => None,
        };
        let ahead = self.ahead.take();
        self.requeue(ahead.map(|sent| sent.case.id));
        let verdict = self.pool.borrow_mut().bury(self.place, job, why);
        match (verdict, job) {
            (Verdict::GiveUp, Some(job)) => self.fail(job, why.unwrap_or(OUT_OF_MEMORY)),
            (Verdict::GiveUp | Verdict::Retry, _) => self.requeue(job),
        }
    }

    fn requeue(&self, job: Option<JobId>) {
        if let Some(case) = job.and_then(|job| self.running_case(job)) {
            case.segmentation.set(Segmentation::Waiting);
            self.session.changed();
        }
    }

    /// Tells the user that a slice or a model does not work.
    fn fail(&self, job: JobId, reason: &str) {
        if let Some(case) = self.running_case(job) {
            case.segmentation.set(Segmentation::Failed(reason.to_owned()));
            self.session.changed();
        } else {
            self.session.reject_model(job, reason);
        }
    }

    /// The slice of this number, unless the user wants something else of it meanwhile.
    fn running_case(&self, job: JobId) -> Option<Case> {
        let is_running = |case: &Case| {
            case.segmentation.with_untracked(|segmentation| matches!(segmentation, Segmentation::Running))
        };
        self.session
            .cases
            .with_untracked(|cases| cases.iter().find(|case| case.id == job && is_running(case)).cloned())
    }

    fn show(&self, state: EngineState) {
        self.pool.borrow_mut().show(self.place, state);
    }
}

/// Ends some time after the user has cancelled, unless the user goes on before.
async fn patience(session: Session, wake: &mut (impl Stream<Item = ()> + Unpin)) {
    loop {
        if session.paused.get_untracked() {
            sleep(GRACE_MS).await;
            if session.paused.get_untracked() {
                return;
            }
        }
        wake.next().await;
    }
}
