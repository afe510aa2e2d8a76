//! What the engines have in common: how many are wanted, what each is doing, and what the page shows of them.

use leptos::prelude::*;
use rachis_ct::SliceInfo;
use rachis_protocol::{JobId, engine::EngineKind};

use crate::{
    capacity::Machine,
    engine_choice::Choice,
    fallback::{Death, Fallback, Verdict},
    session::{EngineState, EngineStatus, Session},
};

/// Said when not even the CPU engine starts.
const NO_ENGINE: &str = "The CPU engine does not start in this browser: update the browser, or reload the page on a \
    computer with more free memory.";

/// The engines that run, each at a place of its own.
pub struct Pool {
    session: Session,
    machine: Machine,
    fallback: Fallback,
    /// What each is doing; `None` where none runs.
    states: Vec<Option<EngineState>>,
    /// The device's name; empty for the CPU.
    device: String,
    is_broken: bool,
}

impl Pool {
    /// `places` for engines, and none runs yet.
    pub fn new(session: Session, choice: Choice, machine: Machine, places: usize) -> Self {
        let fallback = Fallback::new(choice, places);
        Self {
            session,
            machine,
            fallback,
            states: vec![None; places],
            device: String::new(),
            is_broken: false,
        }
    }

    /// The engine to start.
    pub fn kind(&self) -> EngineKind {
        self.fallback.kind
    }

    /// Whether one more is wanted.
    pub fn has_room(&self) -> bool {
        self.running() < self.wanted()
    }

    /// Whether one that has nothing to do should end.
    pub fn is_crowded(&self) -> bool {
        self.running() > self.wanted()
    }

    fn running(&self) -> usize {
        self.states.iter().flatten().count()
    }

    /// One, which starts before there is work and is the first to try a model. Others follow once that has worked, while
    /// as many slices are unfinished, and as far as cores and memory go.
    fn wanted(&self) -> usize {
        if self.is_broken {
            return 0;
        }
        untrack(|| {
            let Some(model) = self.session.model().and_then(|model| model.summary.get()) else { return 1 };
            let unfinished = self.session.unfinished(self.fallback.at_once());
            let pixels = |info: &SliceInfo| u64::from(info.rows) * u64::from(info.columns);
            let largest = unfinished.iter().map(|case| pixels(&case.info)).max().unwrap_or(0);
            unfinished.len().min(self.machine.engines_in_memory(model.bytes, largest)).max(1)
        })
    }

    /// The engine at `place` does something else from now on.
    pub fn show(&mut self, place: usize, state: EngineState) {
        self.put(place, Some(state));
        self.publish();
    }

    /// The engine at `place` has its device.
    pub fn has_device(&mut self, place: usize, device: &str) {
        device.clone_into(&mut self.device);
        self.show(place, EngineState::Ready);
    }

    /// An engine did something to the end.
    pub fn worked(&mut self) {
        self.fallback.worked();
    }

    /// The engine at `place` has ended.
    pub fn leave(&mut self, place: usize) {
        self.put(place, None);
        self.publish();
    }

    /// The engine at `place` has ended for want of a layer that the model has.
    pub fn lacks_layer(&mut self, place: usize) {
        self.fallback.lacks_layer();
        self.leave(place);
    }

    /// The engine at `place` died over `work`, or over none; `why` is what it said.
    pub fn bury(&mut self, place: usize, work: Option<JobId>, why: Option<&str>) -> Verdict {
        self.put(place, None);
        self.device.clear();
        let verdict = self.fallback.bury(Death { work, why, others: self.running() });
        self.is_broken = verdict == Verdict::GiveUp && work.is_none();
        self.publish();
        verdict
    }

    fn put(&mut self, place: usize, state: Option<EngineState>) {
        if let Some(old) = self.states.get_mut(place) {
            *old = state;
        }
    }

    fn publish(&self) {
        let states = self.states.iter().flatten();
        let workers = states.clone().filter(|state| **state == EngineState::Ready).count();
        let state = if self.is_broken {
            EngineState::Broken(NO_ENGINE.to_owned())
        } else {
            // The page can work as soon as one of them can.
            states.max().cloned().unwrap_or_default()
        };
        self.session.engine.set(EngineStatus {
            kind: Some(self.fallback.kind),
            state,
            device: self.device.clone(),
            reason: self.fallback.reason.clone(),
            workers,
        });
    }
}
