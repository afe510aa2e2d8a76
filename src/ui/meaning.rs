//! What the numbers of an array mean, where that cannot be told for sure.

use leptos::prelude::*;
use rachis_ct::Meaning;

use crate::session::{Segmentation, Session};

/// A choice among the meanings that the values of the current slice may have; nothing where there is only one.
#[component]
pub fn MeaningChoice() -> impl IntoView {
    let session = Session::expect();
    move || {
        let case = session.current.get().filter(|case| case.meanings.len() > 1)?;
        let (meanings, chosen) = (case.meanings.clone(), case.meaning.clone());
        let options = meanings
            .iter()
            .enumerate()
            .map(|(place, &meaning)| {
                let is_chosen = chosen.get() == meaning;
                view! { <option value=place.to_string() selected=is_chosen>{describe(meaning)}</option> }
            })
            .collect_view();
        let stack = case.in_stack.stack;
        let choose = move |event| {
            let place = event_target_value(&event).parse().ok();
            if let Some(&meaning) = place.and_then(|place: usize| meanings.get(place)) {
                session.read_stack_as(stack, meaning);
            }
        };
        Some(view! {
            <label class="meaning">"The values are " <select on:change=choose>{options}</select></label>
        })
    }
}

fn describe(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::Hu => "HU",
        Meaning::HuPlus1024 => "HU + 1024",
        Meaning::ZeroToOne => "grey, 0 to 1",
        Meaning::ZeroTo255 => "grey, 0 to 255",
        Meaning::ZeroTo65535 => "grey, 0 to 65535",
    }
}

impl Session {
    /// Reads the slices of a stack again, their values taken for something else.
    fn read_stack_as(self, stack: rachis_protocol::JobId, meaning: Meaning) {
        for case in self.cases.get_untracked() {
            if case.in_stack.stack == stack {
                case.meaning.set(meaning);
                case.segmentation.set(Segmentation::Waiting);
                self.forget(&case);
            }
        }
    }
}
