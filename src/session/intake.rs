//! What the reader finds in files becomes slices of the session: at once, or, where files make series, once all of them
//! have been looked into.

use std::{collections::BTreeSet, sync::Arc};

use leptos::prelude::*;
use rachis_ct::{
    Grid, Meaning, SeriesKey, SliceInfo, StackInfo, Turn,
    series::{Entry, Series, SliceId, arrange},
};
use rachis_protocol::{
    JobId,
    reader::{Part, Place, Refusal, Role},
};

use super::{Case, InStack, LabelSet, Offer, Origin, Problem, Reading, Reference, Session, SourceFile};
use crate::names::slice_path;

/// A slice that was found in a file.
#[derive(Debug, Clone)]
pub(super) struct Found {
    origin: Origin,
    path: String,
    pub(super) info: SliceInfo,
    meanings: Arc<[Meaning]>,
    series: Option<SeriesKey>,
    pub(super) description: Arc<str>,
}

impl Found {
    fn file(&self) -> JobId {
        self.origin.source.id
    }
}

impl Session {
    /// Whether the file is still there.
    pub fn has_file(self, id: JobId) -> bool {
        self.files.with_untracked(|files| files.iter().any(|file| file.id == id))
    }

    /// Takes in what the reader found in a file.
    pub fn take_in(self, source: &SourceFile, parts: Vec<Part>) {
        for Part { member, content } in parts {
            let (member, path) = match member {
                Some((index, name)) => (Some(index), format!("{}/{name}", source.path)),
                None => (None, source.path.to_string()),
            };
            match content {
                Ok(info) => self.take_in_stack(source, member, &path, info),
                Err(Refusal { reason, is_of_other_kind }) => self.refused.update(|refused| {
                    refused.push(Problem { about: path.into(), text: reason, is_of_other_kind });
                }),
            }
        }
        source.opening.set(Reading::Done(()));
    }

    fn take_in_stack(self, source: &SourceFile, member: Option<u32>, path: &str, info: StackInfo) {
        let StackInfo { series, description, slices, grid, meanings, warning, .. } = info;
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
            (Role::Masks, _) => self.add_references(path, found.collect()),
            (Role::Images, Some(_)) => self.pending.update_value(|pending| pending.extend(found)),
            (Role::Images, None) => self.add_stack(found.collect(), grid.map(|grid| *grid)),
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
        let (mut stacks, left_out) = arranged(pending);
        let is_choice = stacks.iter().filter(|stack| stack.slices.len() > 1).count() > 1;
        if is_choice {
            // Most come for the long ones.
            stacks.sort_by_key(|stack| std::cmp::Reverse(stack.slices.len()));
        }
        for Arranged { slices, series } in stacks {
            if slices.len() == 1 {
                self.add_stack(slices, None);
                continue;
            }
            let offer = Offer::new(slices, &series);
            if is_choice {
                self.offers.update(|offers| offers.push(offer));
            } else {
                self.open_series(offer);
            }
        }
        self.forget_unused_files(left_out.iter().map(Found::file).collect());
    }

    /// Opens the offered series at this place.
    pub fn accept(self, place: usize) {
        let mut offers = self.offers.get_untracked();
        if place < offers.len() {
            let offer = offers.remove(place);
            self.offers.set(offers);
            self.open_series(offer);
        }
    }

    /// Opens all series on offer.
    pub fn accept_all(self) {
        let mut offers = Vec::new();
        self.offers.update(|all| std::mem::swap(all, &mut offers));
        for offer in offers {
            self.open_series(offer);
        }
    }

    /// Opens none of the series on offer.
    pub fn dismiss_offers(self) {
        let mut offers = Vec::new();
        self.offers.update(|all| std::mem::swap(all, &mut offers));
        self.forget_unused_files(offers.iter().flat_map(|offer| &offer.slices).map(Found::file).collect());
    }

    /// Forgets those of these files that nothing on the page comes from, so that the user can open them again.
    pub(super) fn forget_unused_files(self, mut ids: BTreeSet<JobId>) {
        if ids.is_empty() {
            return;
        }
        let mut is_used = |origin: &Origin| _ = ids.remove(&origin.source.id);
        self.cases.with_untracked(|cases| cases.iter().for_each(|case| is_used(&case.origin)));
        self.references.with_untracked(|all| all.iter().for_each(|reference| is_used(&reference.origin)));
        self.offers.with_untracked(|offers| {
            offers.iter().flat_map(|offer| &offer.slices).for_each(|found| is_used(&found.origin));
        });
        self.files.update(|files| files.retain(|file| !ids.contains(&file.id)));
    }

    fn open_series(self, Offer { title, slices, notes, .. }: Offer) {
        for note in notes {
            self.report(&title, note);
        }
        self.add_stack(slices, None);
    }

    /// Slices become images; `grid` is that of the volume that they are from.
    fn add_stack(self, slices: Vec<Found>, grid: Option<Grid>) {
        let (stack, count) = (self.new_id(), slices.len());
        if let Some(grid) = grid {
            self.grids.update_value(|grids| {
                grids.insert(stack, grid);
            });
        }
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
        self.case(path.into(), origin, Arc::new(info), Turn::NONE, in_stack, meanings)
    }

    fn add_references(self, path: &str, masks: Vec<Found>) {
        let (stack, count): (JobId, usize) = (self.new_id(), masks.len());
        let labels = LabelSet::new(stack, path.into());
        let references: Vec<Reference> = masks
            .into_iter()
            .enumerate()
            .map(|(index, found)| Reference {
                id: self.new_id(),
                path: found.path.into(),
                origin: found.origin,
                info: Arc::new(found.info),
                in_stack: InStack { stack, index, count },
                labels: labels.clone(),
                mask: ArcRwSignal::default(),
            })
            .collect();
        self.references.update_untracked(|all| all.extend(references));
        self.has_grown();
    }
}

/// Slices that follow each other.
struct Arranged {
    slices: Vec<Found>,
    series: Series,
}

/// Makes series of what was found. Also gives the slices that are in none, because another one lies at their place.
fn arranged(found: Vec<Found>) -> (Vec<Arranged>, Vec<Found>) {
    fn entry((file, found): (usize, &Found)) -> Entry<'_> {
        Entry { file, name: &found.path, slice: 0, series: found.series, info: &found.info }
    }
    let series = arrange(&found.iter().enumerate().map(entry).collect::<Vec<_>>());
    let mut found: Vec<Option<Found>> = found.into_iter().map(Some).collect();
    let mut take = |slice: &SliceId| found.get_mut(slice.file).and_then(Option::take);
    let arranged =
        |series: Series| Arranged { slices: series.slices.iter().filter_map(&mut take).collect(), series };
    let stacks = series.into_iter().map(arranged).filter(|stack| !stack.slices.is_empty()).collect();
    (stacks, found.into_iter().flatten().collect())
}
