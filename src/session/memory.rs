//! Which slices are in memory. Of those of a large volume only a part is: the others are read again when needed.

use std::sync::Arc;

use leptos::prelude::*;
use rachis_ct::Slice;
use rachis_protocol::JobId;

use super::{Case, Reading, Session};
use crate::{picture::Miniature, recent::Recent, windowing::WindowChoice};

/// The memory that decoded slices may take, in MB, unless the page's address says otherwise (`?memory=`).
pub const DEFAULT_MB: usize = 512;

/// Side of the picture in the list, in pixels: sharp on dense screens and on paper.
const MINIATURE_SIDE: u32 = 192;

/// The slices in memory.
pub(super) type Memory = Recent<JobId, Case>;

/// Room for `megabytes` MB of slices.
pub(super) fn memory(megabytes: usize) -> Memory {
    Recent::new(megabytes.max(1) << 20)
}

fn bytes(case: &Case) -> usize {
    case.info.rows as usize * case.info.columns as usize * size_of::<i16>()
}

impl Session {
    /// Takes in a slice that was read, and drops those that were not used for longest where there is no room.
    pub fn keep(self, case: &Case, slice: Slice) {
        let window = WindowChoice::default().window(&slice);
        case.miniature.set(Some(Arc::new(Miniature::of(&slice, window, MINIATURE_SIDE))));
        case.slice.set(Reading::Done(Arc::new(slice)));
        let current = self.current.get_untracked();
        let mut dropped = Vec::new();
        self.memory.update_value(|memory| {
            if let Some(current) = current {
                memory.touch(current.id);
            }
            dropped = memory.hold(case.id, bytes(case), case.clone());
        });
        for case in dropped {
            case.slice.set(Reading::Queued);
        }
        self.changed();
    }

    /// A slice in memory is used: it stays longer than the others.
    pub fn touch(self, case: &Case) {
        self.memory.update_value(|memory| memory.touch(case.id));
    }

    /// How far from the current slice others of its stack may be read too: those so near take three quarters of the
    /// memory, so that they do not drive out each other.
    pub(super) fn reach(self, case: &Case) -> usize {
        self.memory.with_value(|memory| memory.budget() / bytes(case).max(1)) * 3 / 8
    }

    /// Forgets a slice's pixels, so that they are read again when needed.
    pub fn forget(self, case: &Case) {
        self.memory.update_value(|memory| memory.remove(case.id));
        case.miniature.set(None);
        case.slice.set(Reading::Queued);
        self.changed();
    }

    /// Asks for all slices of a stack, as for a cut through it: they come in [`Case::slice`] one by one, those next to the
    /// current slice first, and only those where there is not room for all. `None`: nothing but what is looked at and segmented.
    pub fn want_stack(self, stack: Option<JobId>) {
        if self.wanted_stack.get_untracked() != stack {
            self.wanted_stack.set(stack);
            self.changed();
        }
    }
}
