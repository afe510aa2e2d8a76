//! News of any slice, for what looks at all of them.
//!
//! With thousands of slices, whoever followed each of their signals would have thousands to go through for each one that
//! changes. So whatever concerns the whole list looks the slices up untracked, and follows these news instead.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::Session;
use crate::browser::sleep;

/// Views of the whole list are brought up to date at most this often.
const REST_MS: u32 = 100;

/// Tells that something has changed. Copies share it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Changes {
    work: RwSignal<()>,
    views: RwSignal<()>,
    /// News for the views are on their way.
    is_due: StoredValue<bool>,
    /// Among them, that the list of images or that of references has become longer.
    has_grown: StoredValue<bool>,
}

impl Changes {
    pub fn follow_views(self) {
        self.views.track();
    }
}

impl Session {
    /// To be called after each change of a file's, a slice's or a mask's state.
    pub fn changed(self) {
        let Changes { work, is_due, .. } = self.changes;
        work.notify();
        if !is_due.get_value() {
            is_due.set_value(true);
            spawn_local(async move {
                sleep(REST_MS).await;
                is_due.set_value(false);
                self.bring_up_to_date();
            });
        }
    }

    /// As [`changed`](Self::changed), after images or references were put on the list untracked.
    pub(super) fn has_grown(self) {
        self.changes.has_grown.set_value(true);
        self.changed();
    }

    fn bring_up_to_date(self) {
        if self.changes.has_grown.get_value() {
            self.changes.has_grown.set_value(false);
            self.cases.notify();
            self.references.notify();
        }
        self.changes.views.notify();
    }

    /// Makes the caller follow changes of all slices, a moment later and several at once.
    pub fn follow(self) {
        self.changes.follow_views();
    }

    /// Makes the caller follow each change at once.
    pub fn follow_at_once(self) {
        self.changes.work.track();
    }
}
