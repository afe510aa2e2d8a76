//! What happens when an engine dies: the CPU takes over from WebGPU, and work that kills the CPU engine is given up.

use std::collections::BTreeMap;

use rachis_protocol::{JobId, engine::EngineKind};

use crate::engine_choice::{Choice, Reason};

/// After so many deaths of the CPU engine over the same work, the work is given up.
const MAX_DEATHS: u32 = 2;

/// What to do after a death.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Start an engine and try the work again.
    Retry,
    /// Start an engine, but without this work.
    GiveUp,
}

/// The engine in use, and its deaths.
#[derive(Debug, Clone)]
pub struct Fallback {
    /// The engine to start.
    pub kind: EngineKind,
    /// Why it is not the first choice, where it is not.
    pub reason: Option<Reason>,
    /// Deaths of the CPU engine by the work it had; `None` is its start, or rest.
    deaths: BTreeMap<Option<JobId>, u32>,
}

impl Fallback {
    /// Begins with the engine that was chosen.
    pub fn new(choice: Choice) -> Self {
        Self { kind: choice.kind, reason: choice.reason, deaths: BTreeMap::new() }
    }

    /// The engine died over `work`, or over none; `why` is what it said.
    pub fn bury(&mut self, work: Option<JobId>, why: Option<&str>) -> Verdict {
        if self.kind == EngineKind::WebGpu {
            self.kind = EngineKind::Cpu;
            self.reason = Some(Reason::new(
                format!("WebGPU was given up. {}", why.unwrap_or("It stopped without a word.")),
                "Finished slices stay. Reload the page to try WebGPU again.",
            ));
            return Verdict::Retry;
        }
        let deaths = self.deaths.entry(work).or_default();
        *deaths += 1;
        if *deaths < MAX_DEATHS {
            return Verdict::Retry;
        }
        self.deaths.remove(&work);
        Verdict::GiveUp
    }

    /// The engine did something to the end.
    pub fn worked(&mut self) {
        self.deaths.remove(&None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started_with(kind: EngineKind) -> Fallback {
        Fallback::new(Choice { kind, reason: None })
    }

    #[test]
    fn the_cpu_takes_over_from_webgpu_and_says_why() {
        let mut fallback = started_with(EngineKind::WebGpu);
        assert_eq!(fallback.bury(Some(JobId(1)), Some("The graphics card was lost.")), Verdict::Retry);
        assert_eq!(fallback.kind, EngineKind::Cpu);
        assert!(fallback.reason.unwrap().why.contains("The graphics card was lost."));
    }

    #[test]
    fn work_that_kills_the_cpu_engine_twice_is_given_up() {
        let mut fallback = started_with(EngineKind::Cpu);
        assert_eq!(fallback.bury(Some(JobId(1)), None), Verdict::Retry);
        assert_eq!(fallback.bury(Some(JobId(2)), None), Verdict::Retry);
        assert_eq!(fallback.bury(Some(JobId(1)), None), Verdict::GiveUp);
    }

    #[test]
    fn a_cpu_engine_that_never_starts_is_given_up_but_one_that_works_between_is_not() {
        let mut fallback = started_with(EngineKind::Cpu);
        assert_eq!(fallback.bury(None, None), Verdict::Retry);
        fallback.worked();
        assert_eq!(fallback.bury(None, None), Verdict::Retry);
        assert_eq!(fallback.bury(None, None), Verdict::GiveUp);
    }
}
