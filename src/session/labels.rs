//! Which labels of a file of masks count as spine.

use std::{collections::BTreeSet, sync::Arc};

use leptos::prelude::*;
use rachis_ct::{LabelChoice, Labels};
use rachis_protocol::JobId;

use super::{Reading, Session};

/// The labels of the masks of one file, or of a member of an archive.
#[derive(Debug, Clone)]
pub struct LabelSet {
    /// The stack of masks.
    pub stack: JobId,
    /// Its path as far as the browser tells it.
    pub path: Arc<str>,
    /// What the file holds, once the reader has gone through it.
    pub found: ArcRwSignal<Option<Labels>>,
    /// What the user chose, where it is not what was proposed.
    pub chosen: ArcRwSignal<Option<BTreeSet<i32>>>,
}

impl LabelSet {
    pub(super) fn new(stack: JobId, path: Arc<str>) -> Self {
        Self { stack, path, found: ArcRwSignal::default(), chosen: ArcRwSignal::default() }
    }

    /// What counts as spine, once that is known.
    pub fn choice(&self) -> Option<LabelChoice> {
        let chosen = self.chosen.with(|chosen| chosen.clone().map(LabelChoice::Values));
        chosen.or_else(|| self.found.with(|found| found.as_ref().map(|found| found.choice.clone())))
    }
}

impl Session {
    /// The files of masks whose labels the user may choose among.
    pub fn label_sets(self) -> Vec<LabelSet> {
        let mut sets: Vec<LabelSet> = Vec::new();
        self.references.with(|references| {
            for reference in references {
                let set = &reference.labels;
                let is_new = sets.last().is_none_or(|last| last.stack != set.stack);
                if is_new && set.found.with(|found| found.as_ref().is_some_and(Labels::is_choice)) {
                    sets.push(set.clone());
                }
            }
        });
        sets
    }

    /// Takes other labels for spine (`None`: those proposed) and reads the masks again.
    pub fn choose_labels(self, set: &LabelSet, chosen: Option<BTreeSet<i32>>) {
        set.chosen.set(chosen);
        for reference in self.references.get_untracked() {
            if reference.labels.stack == set.stack {
                reference.mask.set(Reading::Queued);
            }
        }
        self.changed();
    }
}
