//! What the reader finds in files becomes slices of the session: at once, or, where files make series, once all of them
//! have been looked into.

use std::sync::Arc;

use leptos::prelude::*;
use rachis_ct::{
    Meaning, SeriesKey, SliceInfo, StackInfo,
    series::{Entry, Series, SliceId, arrange},
};
use rachis_protocol::{
    JobId,
    reader::{Part, Place, Role},
};

use super::{Case, InStack, Origin, Reading, Reference, Session, SourceFile};
use crate::names::slice_path;

/// A slice that was found in a file.
#[derive(Debug, Clone)]
pub(super) struct Found {
    origin: Origin,
    path: String,
    info: SliceInfo,
    meanings: Arc<[Meaning]>,
    series: Option<SeriesKey>,
    description: Arc<str>,
}

/// A series that the user may open.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What it is called, its size, and how many slices it has.
    pub title: String,
    /// Its slices in order.
    slices: Vec<Found>,
}

impl Session {
    /// Takes in what the reader found in a file.
    pub fn take_in(self, source: &SourceFile, parts: Vec<Part>) {
        for Part { member, content } in parts {
            let (member, path) = match member {
                Some((index, name)) => (Some(index), format!("{}/{name}", source.path)),
                None => (None, source.path.to_string()),
            };
            match content {
                Ok(info) => self.take_in_stack(source, member, &path, info),
                Err(reason) => self.report(&path, reason),
            }
        }
        source.opening.set(Reading::Done(()));
    }

    fn take_in_stack(self, source: &SourceFile, member: Option<u32>, path: &str, info: StackInfo) {
        let StackInfo { series, description, slices, meanings, warning, .. } = info;
        if let Some(warning) = warning {
            self.report(path, warning);
        }
        let count = slices.len();
        let (meanings, description) = (Arc::from(meanings), Arc::from(description));
        let found = slices.into_iter().enumerate().map(|(index, info)| Found {
            origin: Origin { source: source.clone(), place: Place { member, slice: index as u32 } },
            path: slice_path(path, index, count),
            info,
            meanings: Arc::clone(&meanings),
            series,
            description: Arc::clone(&description),
        });
        match (source.role, series) {
            (Role::Masks, _) => self.add_references(found.collect()),
            (Role::Images, Some(_)) => self.pending.update_value(|pending| pending.extend(found)),
            (Role::Images, None) => self.add_stack(found.collect()),
        }
    }

    /// Once every file has been looked into, makes series of what was found: opens them where there is one, else offers
    /// them. Single images are opened in any case.
    pub fn settle(self) {
        let is_waiting = |file: &SourceFile| {
            file.opening.with_untracked(|opening| matches!(opening, Reading::Queued | Reading::Running))
        };
        if self.files.with_untracked(|files| files.iter().any(is_waiting)) {
            return;
        }
        let mut pending = Vec::new();
        self.pending.update_value(|value| std::mem::swap(value, &mut pending));
        let stacks = arranged(pending);
        let is_choice = stacks.iter().filter(|stack| stack.slices.len() > 1).count() > 1;
        for Arranged { slices, notes } in stacks {
            if slices.len() == 1 {
                self.add_stack(slices);
                continue;
            }
            let title = title(&slices);
            for note in notes {
                self.report(&title, note);
            }
            if is_choice {
                self.offers.update(|offers| offers.push(Offer { title, slices }));
            } else {
                self.add_stack(slices);
            }
        }
    }

    /// Opens the offered series at this place.
    pub fn accept(self, place: usize) {
        let mut offers = self.offers.get_untracked();
        if place < offers.len() {
            let offer = offers.remove(place);
            self.offers.set(offers);
            self.add_stack(offer.slices);
        }
    }

    fn add_stack(self, slices: Vec<Found>) {
        let (stack, count) = (self.new_id(), slices.len());
        let cases: Vec<Case> = slices
            .into_iter()
            .enumerate()
            .map(|(index, found)| self.new_case(found, InStack { stack, index, count }))
            .collect();
        self.cases.update_untracked(|all| all.extend(cases));
        self.has_grown();
    }

    fn new_case(self, found: Found, in_stack: InStack) -> Case {
        let Found { origin, path, info, meanings, .. } = found;
        self.case(path.into(), origin, Arc::new(info), in_stack, meanings)
    }

    fn add_references(self, masks: Vec<Found>) {
        let (stack, count): (JobId, usize) = (self.new_id(), masks.len());
        let references: Vec<Reference> = masks
            .into_iter()
            .enumerate()
            .map(|(index, found)| Reference {
                id: self.new_id(),
                path: found.path.into(),
                origin: found.origin,
                info: Arc::new(found.info),
                in_stack: InStack { stack, index, count },
                mask: ArcRwSignal::default(),
            })
            .collect();
        self.references.update_untracked(|all| all.extend(references));
        self.has_grown();
    }
}

/// Slices that follow each other, and what is unusual about them.
struct Arranged {
    slices: Vec<Found>,
    notes: Vec<String>,
}

/// Makes series of what was found.
fn arranged(found: Vec<Found>) -> Vec<Arranged> {
    fn entry((file, found): (usize, &Found)) -> Entry<'_> {
        Entry { file, name: &found.path, slice: 0, series: found.series, info: &found.info }
    }
    let series = arrange(&found.iter().enumerate().map(entry).collect::<Vec<_>>());
    let mut found: Vec<Option<Found>> = found.into_iter().map(Some).collect();
    let mut take = |slice: &SliceId| found.get_mut(slice.file).and_then(Option::take);
    let arranged = |series: Series| Arranged {
        slices: series.slices.iter().filter_map(&mut take).collect(),
        notes: series.notes.iter().map(ToString::to_string).collect(),
    };
    series.into_iter().map(arranged).filter(|stack| !stack.slices.is_empty()).collect()
}

fn title(slices: &[Found]) -> String {
    let Some(first) = slices.first() else { return String::new() };
    let description =
        if first.description.is_empty() { "Series without a description" } else { &first.description };
    format!("{description}: {} slices of {} × {}", slices.len(), first.info.columns, first.info.rows)
}
