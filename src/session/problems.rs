//! What went wrong, one line for each file.

use std::sync::Arc;

use leptos::prelude::*;

use rachis_protocol::JobId;

use super::{Case, Pairs, Reading, Reference, Segmentation, Session};

/// Something wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file's path.
    pub about: Arc<str>,
    /// What is wrong and what to do.
    pub text: String,
    /// Whether the file is merely something else than an image, such as the report of an export.
    pub is_of_other_kind: bool,
}

impl Problem {
    pub(super) fn new(about: impl Into<Arc<str>>, text: String) -> Self {
        Self { about: about.into(), text, is_of_other_kind: false }
    }
}

impl Session {
    /// All that is wrong at the moment.
    pub fn problems(self) -> Vec<Problem> {
        self.follow();
        self.refused.track();
        self.models.track();
        untrack(|| self.look_for_problems())
    }

    fn look_for_problems(self) -> Vec<Problem> {
        let mut problems = self.refused.get();
        for file in self.files.get() {
            if let Some(text) = file.opening.with(|opening| opening.failure().map(str::to_owned)) {
                problems.push(Problem::new(file.path, text));
            }
        }
        self.add_problems_of_cases(&mut problems);
        self.add_problems_of_references(&mut problems);
        for model in self.models.get() {
            if let Some(text) = model.content.with(|content| content.failure().map(str::to_owned)) {
                problems.push(Problem::new(model.title, text));
            }
        }
        problems
    }

    fn add_problems_of_cases(self, problems: &mut Vec<Problem>) {
        for case in self.cases.get() {
            let reading = case.slice.with(|slice| slice.failure().map(str::to_owned));
            let segmentation = case.segmentation.with(|segmentation| match segmentation {
                Segmentation::Failed(reason) => Some(reason.clone()),
                _ => None,
            });
            if let Some(text) = reading.or(segmentation) {
                problems.push(Problem::new(case.path.clone(), text));
            } else if let Some(problem) = self.size_mismatch(&case) {
                problems.push(problem);
            }
        }
    }

    fn size_mismatch(self, case: &super::Case) -> Option<Problem> {
        let reference = self.reference(case.id)?;
        reference.mask.with(|mask| mask.done().map(|_| ()))?;
        if case.reference.with(Option::is_some) {
            return None;
        }
        let (mask, [rows, columns]) =
            (&reference.info, case.info.turn.inverse().size([case.info.rows, case.info.columns]));
        Some(Problem::new(
            reference.path,
            format!(
                "The mask has {} x {} pixels, its image {columns} x {rows}: export the mask in the image’s size.",
                mask.columns, mask.rows
            ),
        ))
    }

    fn add_problems_of_references(self, problems: &mut Vec<Problem>) {
        let pairs = self.pairs.get();
        for reference in self.references.get() {
            let failure = reference.mask.with(|mask| mask.failure().map(str::to_owned));
            let unmatched = pairs.unmatched.contains(&reference.id).then(|| {
                "No image fits this mask by its name: open its image too, or name the mask like the image \
                 (x.png and x_mask.png)."
                    .to_owned()
            });
            let unmatched_stack = pairs.unmatched_stacks.contains(&reference.id).then(|| {
                format!(
                    "No opened series has {} slices like these masks, or it lies elsewhere in the patient: open the images \
                     that they belong to, or name the masks like them (x.nii and x_mask.nii).",
                    reference.in_stack.count
                )
            });
            if let Some(text) = failure.or(unmatched).or(unmatched_stack) {
                problems.push(Problem::new(reference.path, text));
            }
        }
    }

    /// Forgets the files that have problems. Slices that were read stay.
    pub fn dismiss_problems(self) {
        self.refused.set(Vec::new());
        let Pairs { unmatched, unmatched_stacks, .. } = self.pairs.get_untracked();
        let stack_of = |id: &JobId| {
            self.references.with_untracked(|all| Some(all.iter().find(|one| one.id == *id)?.in_stack.stack))
        };
        let stacks: Vec<JobId> = unmatched_stacks.iter().filter_map(stack_of).collect();
        self.files.update(|files| {
            files.retain(|file| file.opening.with_untracked(|opening| opening.failure().is_none()));
        });
        let (unreadable, cases): (Vec<Case>, Vec<Case>) =
            untrack(|| self.cases.get().into_iter().partition(Case::is_unreadable));
        let is_useless = |reference: &Reference| {
            reference.mask.with_untracked(|mask| mask.failure().is_some())
                || unmatched.contains(&reference.id)
                || stacks.contains(&reference.in_stack.stack)
        };
        let (useless, references): (Vec<Reference>, Vec<Reference>) =
            self.references.get_untracked().into_iter().partition(is_useless);
        self.cases.set(cases);
        self.references.set(references);
        let origins =
            unreadable.iter().map(|case| &case.origin).chain(useless.iter().map(|mask| &mask.origin));
        self.forget_unused_files(origins.map(|origin| origin.source.id).collect());
        self.changed();
        self.models.update(|models| {
            models.retain(|model| {
                model.is_shipped()
                    || !model.content.with_untracked(|content| matches!(content, Reading::Failed(_)))
            });
        });
    }
}
