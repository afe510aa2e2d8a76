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

impl Session {
    /// What the reader should read next: models first, then what files hold, then masks; much hangs on them.
    pub fn next_unread(self) -> Option<Unread> {
        if let Some(model) = self.next_unread_model() {
            return Some(Unread::Model(model));
        }
        if self.paused.get() {
            return None;
        }
        let unopened =
            self.files.with(|files| files.iter().find(|file| file.opening.with(is_queued)).cloned());
        if let Some(file) = unopened {
            return Some(Unread::File(file));
        }
        let reference = self.references.with(|references| {
            references.iter().find(|item| item.mask.with(is_queued)).cloned().map(Unread::Reference)
        });
        reference.or_else(|| {
            self.cases
                .with(|cases| cases.iter().find(|case| case.slice.with(is_queued)).cloned().map(Unread::Case))
        })
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

    /// What the engine should segment next: what the user looks at, else the first that waits.
    pub fn next_to_segment(self) -> Option<Case> {
        if self.paused.get() {
            return None;
        }
        let is_waiting = |case: &Case| case.phase() == Phase::Waiting;
        let looked_at = self.selected.get();
        self.cases.with(|cases| {
            let looked_at =
                cases.iter().find(|case| Some(case.id) == looked_at).filter(|case| is_waiting(case));
            looked_at.or_else(|| cases.iter().find(|case| is_waiting(case))).cloned()
        })
    }

    /// How many slices are finished.
    pub fn progress(self) -> Progress {
        self.cases.with(|cases| {
            let count = |phase| cases.iter().filter(|case| case.phase() == phase).count();
            let failed = count(Phase::Failed);
            let unread = self.unread_files();
            let failed = failed + unread.failed;
            Progress { finished: count(Phase::Done) + failed, failed, total: cases.len() + unread.total }
        })
    }

    /// The files of images that gave no slices: those that still wait, and those that failed.
    pub fn unread_files(self) -> Progress {
        self.files.with(|files| {
            let images = || files.iter().filter(|file| file.role == Role::Images);
            let failed =
                images().filter(|file| file.opening.with(|opening| opening.failure().is_some())).count();
            let opened =
                images().filter(|file| file.opening.with(|opening| opening.done().is_some())).count();
            Progress { finished: failed, failed, total: images().count() - opened }
        })
    }

    /// Stops; what is unfinished waits until the user goes on.
    pub fn cancel(self) {
        self.paused.set(true);
        for case in self.cases.get_untracked() {
            if case.segmentation.with_untracked(|state| matches!(state, Segmentation::Running)) {
                case.segmentation.set(Segmentation::Waiting);
            }
        }
    }
}

fn is_queued<T>(reading: &Reading<T>) -> bool {
    matches!(reading, Reading::Queued)
}
