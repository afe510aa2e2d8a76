//! Images that lie the wrong way are turned by the user.

use std::sync::Arc;

use leptos::prelude::*;
use rachis_ct::Turn;
use rachis_protocol::JobId;

use super::{Case, Session};

impl Session {
    /// Shows the slices of a stack after a further turn, and segments them anew. Masks go home as the files have them:
    /// the turn becomes part of each slice's own, which every export undoes.
    pub fn flip(self, stack: JobId, turn: Turn) {
        let selected = self.selected.get_untracked();
        let mut cases = self.cases.get_untracked();
        for case in cases.iter_mut().filter(|case| case.in_stack.stack == stack) {
            let flipped = self.flipped(case, turn);
            self.forget(case);
            if selected == Some(case.id) {
                self.selected.set(Some(flipped.id));
            }
            *case = flipped;
        }
        self.cases.set(cases);
        self.changed();
    }

    /// The same slice anew, so that nothing made of it as it lay remains.
    fn flipped(self, case: &Case, turn: Turn) -> Case {
        let flipped = self.case(
            Arc::clone(&case.path),
            case.origin.clone(),
            Arc::new(case.info.turned(turn)),
            case.flip.then(turn),
            case.in_stack,
            Arc::clone(&case.meanings),
        );
        flipped.meaning.set(case.meaning.get_untracked());
        flipped
    }
}
