//! All that the user brought and what came of it. What can be derived from it is derived, never stored.

mod add;
mod changes;
mod flip;
mod intake;
mod item;
mod labels;
mod memory;
mod offer;
mod pairs;
mod problems;
mod work;

use std::collections::BTreeMap;

use leptos::prelude::*;
use rachis_ct::{Grid, Threshold};
use rachis_protocol::{
    JobId,
    engine::{EngineKind, algorithm},
};

pub use add::{Incoming, Intake};
pub use item::{
    Case, CaseState, InStack, Model, ModelSource, Origin, Phase, Reading, Reference, Segmentation, SourceFile,
};
pub use labels::LabelSet;
pub use offer::Offer;
pub use pairs::Pairs;
pub use problems::Problem;
pub use work::{Progress, Unread};

use crate::{engine_choice::Reason, manifest::Samples, pace::Pace};

/// How the engine is doing; later is further.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum EngineState {
    /// Its module is loading, or it sets up its device.
    #[default]
    Starting,
    /// It takes in a model and tests itself with it.
    Loading,
    /// It segments, or waits for something to segment.
    Ready,
    /// It cannot run; the text says why.
    Broken(String),
}

/// The engine, as the page shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EngineStatus {
    /// Which one; `None` until that is chosen.
    pub kind: Option<EngineKind>,
    /// How it is doing.
    pub state: EngineState,
    /// The adapter's description; empty for the CPU.
    pub device: String,
    /// Why it is not the first choice, where it is not.
    pub reason: Option<Reason>,
    /// How many are ready: each segments a slice of its own.
    pub workers: usize,
}

/// The state of the page. Copies share it.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// The files with images and masks.
    pub files: RwSignal<Vec<SourceFile>>,
    /// The slices of series whose files are still being looked into.
    pending: StoredValue<Vec<intake::Found>>,
    /// The voxels of the volumes that stacks were cut from, by stack.
    grids: StoredValue<BTreeMap<JobId, Grid>>,
    /// The series to choose from, where there are several.
    pub offers: RwSignal<Vec<Offer>>,
    /// The images, in the order shown.
    pub cases: RwSignal<Vec<Case>>,
    /// The reference masks.
    pub references: RwSignal<Vec<Reference>>,
    /// The same by their numbers.
    references_by_id: Memo<BTreeMap<JobId, Reference>>,
    /// Which of them belong together.
    pub pairs: Memo<Pairs>,
    /// The models to choose from.
    pub models: RwSignal<Vec<Model>>,
    /// The chosen one.
    pub chosen_model: RwSignal<Option<JobId>>,
    /// Slices are segmented with their mirror image.
    pub mirror: RwSignal<bool>,
    /// The threshold that the user set for it, where it is not the model's own.
    pub chosen_threshold: RwSignal<Option<Threshold>>,
    /// A probability above this is spine; known once a model is loaded.
    pub threshold: Memo<Option<Threshold>>,
    /// What was refused before it became an image, mask or model.
    pub refused: RwSignal<Vec<Problem>>,
    /// The images that could be read or may yet be.
    shown: Memo<Vec<Case>>,
    /// The slice that the user chose to look at.
    pub selected: RwSignal<Option<JobId>>,
    /// The slice to look at: the chosen one, else the first.
    pub current: Memo<Option<Case>>,
    /// Folders are being listed.
    pub listing: RwSignal<bool>,
    /// The user cancelled; what is unfinished waits.
    pub paused: RwSignal<bool>,
    /// How fast slices come.
    pub pace: RwSignal<Pace>,
    /// The engine.
    pub engine: RwSignal<EngineStatus>,
    /// The sample slices' credits, while these are loaded.
    pub samples: RwSignal<Option<Samples>>,
    /// The stack all of whose slices are wanted.
    wanted_stack: RwSignal<Option<JobId>>,
    memory: StoredValue<memory::Memory>,
    /// In MB.
    memory_budget: usize,
    changes: changes::Changes,
    next_id: StoredValue<u64>,
}

impl Session {
    /// Nothing yet, and `memory_budget` MB for slices. To be called where Leptos components are.
    pub fn new(memory_budget: Option<usize>) -> Self {
        let memory_budget = memory_budget.unwrap_or(memory::DEFAULT_MB);
        let cases = RwSignal::new(Vec::new());
        let references = RwSignal::new(Vec::<Reference>::new());
        let changes = changes::Changes::default();
        let selected = RwSignal::new(None);
        let models = RwSignal::new(Vec::<Model>::new());
        let chosen_model = RwSignal::new(None);
        let chosen_threshold = RwSignal::new(None);
        let shown = Memo::new(move |_| {
            changes.follow_views();
            cases.with(|cases| {
                let readable = |case: &&Case| untrack(|| !case.is_unreadable());
                cases.iter().filter(readable).cloned().collect::<Vec<_>>()
            })
        });
        Self {
            files: RwSignal::default(),
            pending: StoredValue::default(),
            grids: StoredValue::default(),
            offers: RwSignal::default(),
            cases,
            references,
            references_by_id: Memo::new_with_compare(
                move |_| references.with(|all| all.iter().map(|one| (one.id, one.clone())).collect()),
                |_, _| true,
            ),
            pairs: Memo::new(move |_| {
                cases.with(|cases| references.with(|references| Pairs::find(cases, references)))
            }),
            models,
            chosen_model,
            mirror: RwSignal::default(),
            chosen_threshold,
            threshold: Memo::new(move |_| {
                let own = || chosen(models, chosen_model)?.summary.with(|s| s.as_ref().map(|s| s.threshold));
                chosen_threshold.get().or_else(own)
            }),
            refused: RwSignal::default(),
            selected,
            shown,
            current: Memo::new(move |_| {
                let selected = selected.get();
                shown.with(|cases| {
                    cases.iter().find(|case| Some(case.id) == selected).or(cases.first()).cloned()
                })
            }),
            listing: RwSignal::default(),
            paused: RwSignal::default(),
            pace: RwSignal::default(),
            engine: RwSignal::default(),
            samples: RwSignal::default(),
            wanted_stack: RwSignal::default(),
            memory: StoredValue::new(memory::memory(memory_budget)),
            memory_budget,
            changes,
            next_id: StoredValue::default(),
        }
    }

    /// The page's session, from any component.
    pub fn expect() -> Self {
        expect_context()
    }

    fn new_id(self) -> JobId {
        let id = self.next_id.get_value();
        self.next_id.set_value(id + 1);
        JobId(id)
    }

    /// The images that could be read or may yet be.
    pub fn shown_cases(self) -> Vec<Case> {
        self.shown.get()
    }

    /// Chooses the case `steps` after the current one (before it, if negative), as far as there are cases.
    pub fn step(self, steps: isize) {
        let cases = untrack(|| self.shown_cases());
        let current = self.current.get_untracked().map(|case| case.id);
        let place = cases.iter().position(|case| Some(case.id) == current).unwrap_or(0);
        let target = place.saturating_add_signed(steps).min(cases.len().saturating_sub(1));
        if let Some(case) = cases.get(target) {
            self.selected.set(Some(case.id));
        }
    }

    /// The voxels of the volume that a stack was cut from, where it was.
    pub fn grid(self, stack: JobId) -> Option<Grid> {
        self.grids.with_value(|grids| grids.get(&stack).cloned())
    }

    /// What masks say that made them.
    pub fn algorithm(self) -> Option<String> {
        Some(algorithm(&self.model()?.title, self.mirror.get()))
    }

    /// The chosen model.
    pub fn model(self) -> Option<Model> {
        chosen(self.models, self.chosen_model)
    }

    /// Segments everything anew with another model.
    pub fn choose_model(self, id: JobId) {
        if self.chosen_model.get_untracked() == Some(id) {
            return;
        }
        self.chosen_model.set(Some(id));
        self.chosen_threshold.set(None);
        self.segment_anew();
    }

    /// Segments everything anew, with mirror images or without.
    pub fn choose_mirror(self, mirror: bool) {
        self.mirror.set(mirror);
        self.segment_anew();
    }

    fn segment_anew(self) {
        self.pace.set(Pace::default());
        self.paused.set(false);
        for case in self.cases.get_untracked() {
            case.segmentation.set(Segmentation::Waiting);
        }
        self.changed();
    }

    /// A model cannot be used: says so, and goes back to one that can.
    pub fn reject_model(self, id: JobId, reason: &str) {
        let models = self.models.get_untracked();
        let is_usable = |model: &&Model| {
            model.id != id && model.content.with_untracked(|content| content.failure().is_none())
        };
        if let Some(model) = models.iter().find(|model| model.id == id) {
            model.content.set(Reading::Failed(reason.to_owned()));
            self.changed();
        }
        if self.chosen_model.get_untracked() == Some(id)
            && let Some(model) = models.iter().find(is_usable)
        {
            self.choose_model(model.id);
        }
    }

    /// Removes all images, masks and problems; models stay.
    pub fn clear(self) {
        self.files.set(Vec::new());
        self.pending.set_value(Vec::new());
        self.grids.set_value(BTreeMap::new());
        self.offers.set(Vec::new());
        self.cases.set(Vec::new());
        self.references.set(Vec::new());
        self.refused.set(Vec::new());
        self.selected.set(None);
        self.samples.set(None);
        self.paused.set(false);
        self.wanted_stack.set(None);
        self.memory.set_value(memory::memory(self.memory_budget));
        self.changed();
    }

    /// Tells the user of something that is about no image, mask or model of the session.
    pub fn report(self, about: &str, text: impl Into<String>) {
        self.refused.update(|refused| refused.push(Problem::new(about, text.into())));
    }
}

fn chosen(models: RwSignal<Vec<Model>>, id: RwSignal<Option<JobId>>) -> Option<Model> {
    let id = id.get();
    models.with(|models| models.iter().find(|model| Some(model.id) == id).cloned())
}
