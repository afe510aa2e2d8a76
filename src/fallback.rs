//! What happens when an engine dies: the CPU takes over from WebGPU, fewer CPU engines run at once, and work that kills
//! the only one is given up.

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

/// An engine's death.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Death<'a> {
    /// What it was at; `None` is its start, or rest.
    pub work: Option<JobId>,
    /// What it said.
    pub why: Option<&'a str>,
    /// Engines that go on.
    pub others: usize,
}

/// The engines in use, and their deaths.
#[derive(Debug, Clone)]
pub struct Fallback {
    /// The engine to start.
    pub kind: EngineKind,
    /// Why it is not the first choice, where it is not.
    pub reason: Option<Reason>,
    /// CPU engines that have a core each.
    cores: usize,
    /// CPU engines that may run at once.
    at_once: usize,
    /// Deaths of the CPU engine by the work it had; `None` is its start, or rest.
    deaths: BTreeMap<Option<JobId>, u32>,
}

impl Fallback {
    /// Begins with the engine that was chosen; `cores` CPU engines have a core each.
    pub fn new(choice: Choice, cores: usize) -> Self {
        Self { kind: choice.kind, reason: choice.reason, cores, at_once: cores, deaths: BTreeMap::new() }
    }

    /// Engines that may run at once. There is one graphics card.
    pub fn at_once(&self) -> usize {
        match self.kind {
            EngineKind::WebGpu | EngineKind::WebGpuBurn => 1,
            EngineKind::Cpu => self.at_once,
        }
    }

    /// An engine died.
    ///
    /// One that dies without a word while others run has probably found no memory: half as many may run from now on, and
    /// the work is not to blame. Work that kills an engine that is alone is; then it was not the number.
    pub fn bury(&mut self, death: Death<'_>) -> Verdict {
        let Death { work, why, others } = death;
        if self.kind.is_webgpu() {
            self.kind = EngineKind::Cpu;
            self.reason = Some(Reason::new(
                format!("WebGPU was given up. {}", why.unwrap_or("It stopped without a word.")),
                "Finished slices stay. Reload the page to try WebGPU again.",
            ));
            return Verdict::Retry;
        }
        if why.is_none() && others > 0 {
            self.at_once = others.div_ceil(2);
            return Verdict::Retry;
        }
        let deaths = self.deaths.entry(work).or_default();
        *deaths += 1;
        if *deaths < MAX_DEATHS {
            return Verdict::Retry;
        }
        self.deaths.remove(&work);
        self.at_once = self.cores;
        Verdict::GiveUp
    }

    /// The model has a layer that the shaders lack: Burn stands beside them from now on.
    pub fn lacks_layer(&mut self) {
        if self.kind == EngineKind::WebGpu {
            self.kind = EngineKind::WebGpuBurn;
        }
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
        Fallback::new(Choice { kind, reason: None }, 8)
    }

    fn alone(work: Option<u64>) -> Death<'static> {
        Death { work: work.map(JobId), why: None, others: 0 }
    }

    #[test]
    fn the_cpu_takes_over_from_webgpu_and_says_why() {
        let mut fallback = started_with(EngineKind::WebGpu);
        assert_eq!(fallback.at_once(), 1);
        let death = Death { why: Some("The graphics card was lost."), ..alone(Some(1)) };
        assert_eq!(fallback.bury(death), Verdict::Retry);
        assert_eq!((fallback.kind, fallback.at_once()), (EngineKind::Cpu, 8));
        assert!(fallback.reason.unwrap().why.contains("The graphics card was lost."));
    }

    #[test]
    fn burn_stands_beside_the_shaders_for_a_layer_that_they_lack_and_the_cpu_takes_over_from_both() {
        let mut fallback = started_with(EngineKind::WebGpu);
        fallback.lacks_layer();
        assert_eq!((fallback.kind, fallback.at_once()), (EngineKind::WebGpuBurn, 1));
        assert!(fallback.reason.is_none());
        fallback.bury(alone(None));
        assert_eq!(fallback.kind, EngineKind::Cpu);
    }

    #[test]
    fn work_that_kills_the_only_cpu_engine_twice_is_given_up() {
        let mut fallback = started_with(EngineKind::Cpu);
        assert_eq!(fallback.bury(alone(Some(1))), Verdict::Retry);
        assert_eq!(fallback.bury(alone(Some(2))), Verdict::Retry);
        assert_eq!(fallback.bury(alone(Some(1))), Verdict::GiveUp);
    }

    #[test]
    fn a_cpu_engine_that_never_starts_is_given_up_but_one_that_works_between_is_not() {
        let mut fallback = started_with(EngineKind::Cpu);
        assert_eq!(fallback.bury(alone(None)), Verdict::Retry);
        fallback.worked();
        assert_eq!(fallback.bury(alone(None)), Verdict::Retry);
        assert_eq!(fallback.bury(alone(None)), Verdict::GiveUp);
    }

    #[test]
    fn a_death_among_several_halves_their_number_until_one_is_left() {
        let mut fallback = started_with(EngineKind::Cpu);
        let mut numbers = Vec::new();
        for others in [7, 3, 1] {
            assert_eq!(fallback.bury(Death { others, ..alone(Some(1)) }), Verdict::Retry);
            numbers.push(fallback.at_once());
        }
        assert_eq!(numbers, [4, 2, 1]);
    }

    #[test]
    fn work_that_kills_engines_even_alone_was_at_fault_and_not_their_number() {
        let mut fallback = started_with(EngineKind::Cpu);
        fallback.bury(Death { others: 1, ..alone(Some(1)) });
        fallback.bury(alone(Some(1)));
        assert_eq!(fallback.bury(alone(Some(1))), Verdict::GiveUp);
        assert_eq!(fallback.at_once(), 8);
    }

    #[test]
    fn an_engine_that_says_what_is_wrong_is_believed_though_others_run() {
        let mut fallback = started_with(EngineKind::Cpu);
        let death = Death { why: Some("It computes wrong values."), others: 7, ..alone(Some(1)) };
        assert_eq!(fallback.bury(death), Verdict::Retry);
        assert_eq!(fallback.bury(death), Verdict::GiveUp);
        assert_eq!(fallback.at_once(), 8);
    }
}
