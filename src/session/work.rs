//! What is still to be done, and how far it has come.

use leptos::prelude::*;
use rachis_protocol::reader::Role;

use super::{Case, Model, ModelSource, Phase, Reading, Reference, Segmentation, Session, SourceFile};

/// The next file to read.
#[derive(Debug, Clone)]
pub enum Unread {
    /// A model.
    Model(Model),
    /// A file that was not looked into.
    File(SourceFile),
    /// A reference mask.
    Reference(Reference),
    /// An image.
    Case(Case),
}

/// How many slices are finished.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Done or failed.
    pub finished: usize,
    /// Of these, failed.
    pub failed: usize,
    /// All of them.
    pub total: usize,
}

impl Progress {
    /// Whether something is left to do.
    pub fn is_running(self) -> bool {
        self.finished < self.total
    }
}

/// Slices that are read ahead of the engines, all of which may want the next one at the same time.
const AHEAD: usize = 8;

impl Session {
    /// What the reader should read next: models first, then what is looked at, then what files hold, then the slices that
    /// the engine needs next, then masks, then the rest of a stack that is wanted as a whole.
    pub fn next_unread(self) -> Option<Unread> {
        if let Some(model) = self.next_unread_model() {
            return Some(Unread::Model(model));
        }
        let is_paused = self.paused.get();
        let current = self.current.get().filter(is_unread);
        current
            .map(Unread::Case)
            .or_else(|| if is_paused { None } else { self.next_unopened().map(Unread::File) })
            .or_else(|| self.next_in_view().map(Unread::Case))
            .or_else(|| if is_paused { None } else { self.next_ahead().map(Unread::Case) })
            .or_else(|| if is_paused { None } else { self.next_unread_reference().map(Unread::Reference) })
            .or_else(|| self.next_of_wanted_stack().map(Unread::Case))
    }

    /// The user's models are read at once, the site's when they are chosen.
    fn next_unread_model(self) -> Option<Model> {
        let chosen = self.chosen_model.get();
        self.models.with(|models| {
            let is_next = |model: &&Model| {
                let is_wanted = matches!(model.source, ModelSource::File(_)) || Some(model.id) == chosen;
                is_wanted && model.content.with(is_queued)
            };
            models.iter().find(is_next).cloned()
        })
    }

    fn next_unopened(self) -> Option<SourceFile> {
        self.files.with(|files| files.iter().find(|file| file.opening.with(is_queued)).cloned())
    }

    fn next_unread_reference(self) -> Option<Reference> {
        self.references
            .with(|references| references.iter().find(|reference| reference.mask.with(is_queued)).cloned())
    }

    /// A slice whose place in the list is in view and still empty.
    fn next_in_view(self) -> Option<Case> {
        let is_bare =
            |case: &&Case| case.in_view.get() && case.miniature.with(Option::is_none) && is_unread(case);
        self.cases.with(|cases| cases.iter().find(is_bare).cloned())
    }

    fn next_ahead(self) -> Option<Case> {
        let current = self.current.get().filter(is_open);
        let room = AHEAD - usize::from(current.is_some());
        self.cases.with(|cases| {
            let others =
                cases.iter().filter(|case| is_open(case) && Some(*case) != current.as_ref()).take(room);
            current.iter().chain(others).find(|case| is_unread(case)).cloned()
        })
    }

    /// The unread slice of the wanted stack nearest to the current one, if it is near enough.
    fn next_of_wanted_stack(self) -> Option<Case> {
        let stack = self.wanted_stack.get()?;
        let current = self.current.get().filter(|current| current.in_stack.stack == stack)?;
        let is_wanted = |case: &&Case| case.in_stack.stack == stack && is_unread(case);
        let distance = |case: &Case| case.in_stack.index.abs_diff(current.in_stack.index);
        let nearest = self
            .cases
            .with(|cases| cases.iter().filter(is_wanted).min_by_key(|case| distance(case)).cloned());
        nearest.filter(|case| distance(case) <= self.reach(&current))
    }

    /// What an engine should segment next: what the user looks at, as soon as it is read, else the first that is read.
    pub fn next_to_segment(self) -> Option<Case> {
        if self.paused.get() {
            return None;
        }
        let next = self.current.get().filter(is_open).or_else(|| {
            self.cases.with(|cases| cases.iter().find(|case| is_open(case) && is_read(case)).cloned())
        });
        next.filter(is_read)
    }

    /// The first slices that engines have or wait for, up to `count`; none while the user has cancelled.
    pub fn unfinished(self, count: usize) -> Vec<Case> {
        if self.paused.get() {
            return Vec::new();
        }
        let is_unfinished = |case: &&Case| is_open(case) || case.phase() == Phase::Running;
        self.cases.with(|cases| cases.iter().filter(is_unfinished).take(count).cloned().collect())
    }

    /// Whether a slice is segmented.
    pub fn has_predictions(self) -> bool {
        self.follow();
        let is_done = |case: &Case| case.phase() == Phase::Done;
        untrack(|| self.cases.with(|cases| cases.iter().any(is_done)))
    }

    /// How many slices are finished.
    pub fn progress(self) -> Progress {
        self.follow();
        untrack(|| {
            let unread = self.unread_files();
            self.cases.with(|cases| {
                let mut progress = Progress {
                    total: cases.len() + unread.total,
                    finished: unread.failed,
                    failed: unread.failed,
                };
                for phase in cases.iter().map(Case::phase) {
                    progress.finished += usize::from(matches!(phase, Phase::Done | Phase::Failed));
                    progress.failed += usize::from(phase == Phase::Failed);
                }
                progress
            })
        })
    }

    /// The files of images that gave no slices: those that still wait, and those that failed.
    pub fn unread_files(self) -> Progress {
        self.follow();
        let mut progress = Progress::default();
        untrack(|| {
            self.files.with(|files| {
                for file in files.iter().filter(|file| file.role == Role::Images) {
                    let [is_open, has_failed] =
                        file.opening.with(|opening| [opening.done().is_some(), opening.failure().is_some()]);
                    progress.total += usize::from(!is_open);
                    progress.failed += usize::from(has_failed);
                }
            });
        });
        Progress { finished: progress.failed, ..progress }
    }

    /// Whether a slice was read but could not be segmented.
    pub fn has_failed_predictions(self) -> bool {
        self.follow();
        untrack(|| self.cases.with(|cases| cases.iter().any(Case::has_failed_prediction)))
    }

    /// Segments anew what could not be segmented.
    pub fn retry(self) {
        for case in self.cases.get_untracked() {
            if untrack(|| case.has_failed_prediction()) {
                case.segmentation.set(Segmentation::Waiting);
            }
        }
        self.changed();
    }

    /// Stops; what is unfinished waits until the user goes on.
    pub fn cancel(self) {
        self.paused.set(true);
        for case in self.cases.get_untracked() {
            if case.segmentation.with_untracked(|state| matches!(state, Segmentation::Running)) {
                case.segmentation.set(Segmentation::Waiting);
            }
        }
        self.changed();
    }
}

fn is_queued<T>(reading: &Reading<T>) -> bool {
    matches!(reading, Reading::Queued)
}

fn is_unread(case: &Case) -> bool {
    case.slice.with(is_queued)
}

fn is_read(case: &Case) -> bool {
    case.slice.with(|slice| slice.done().is_some())
}

/// Whether it still has to be segmented, and no engine has it.
fn is_open(case: &Case) -> bool {
    matches!(case.phase(), Phase::Waiting | Phase::Reading)
}
