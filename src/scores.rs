//! The evaluation of the slices on the page. What follows from counts of pixels follows the threshold at once; distances
//! and bootstrap intervals take longer, and come once the threshold rests.

use std::{collections::BTreeMap, sync::Arc};

use futures::future::abortable;
use leptos::prelude::*;
use rachis_ct::Spacing;
use rachis_eval::{Bootstrap, Evaluation, Measure, Row};
use rachis_protocol::JobId;
use wasm_bindgen_futures::spawn_local;

use crate::{
    browser::{Spell, sleep},
    names::file_name,
    patients::pseudonyms,
    session::{Case, Session},
};

/// How long the numbers must stay the same before what takes long is made of them.
const REST_MS: u32 = 200;

/// The evaluation of the slices that have a prediction and a reference. Copies share it.
#[derive(Debug, Clone, Copy)]
pub struct Scores {
    /// These slices, in the order shown.
    pub cases: Memo<Vec<Case>>,
    /// What the patients of all slices are called.
    patients: Memo<BTreeMap<JobId, String>>,
    /// Their evaluation without distances and intervals; `cases` has their order.
    pub counted: Memo<Arc<Evaluation>>,
    /// The last whole evaluation, after the one without distances and intervals that it was made of.
    made: RwSignal<Option<[Arc<Evaluation>; 2]>>,
    /// The whole evaluation; `None` while it is being made.
    pub whole: Memo<Option<Arc<Evaluation>>>,
    /// Whether patients go by their ids and not by pseudonyms.
    pub shows_ids: RwSignal<bool>,
}

impl Scores {
    /// Of a session. To be called where Leptos components are.
    pub fn new(session: Session) -> Self {
        let shows_ids = RwSignal::new(false);
        let patients = Memo::new(move |_| names(&session.shown_cases(), shows_ids.get()));
        let cases = Memo::new(move |_| {
            let has_score = |case: &Case| case.overlap.with(Option::is_some);
            session.shown_cases().into_iter().filter(has_score).collect::<Vec<_>>()
        });
        let counted = Memo::new(move |_| {
            let counted = patients.with(|patients| {
                let counted = |case: &Case| case.counted(patients.get(&case.id).cloned());
                cases.with(|cases| cases.iter().filter_map(counted).collect())
            });
            Arc::new(Evaluation::without_intervals(counted, Bootstrap::default()))
        });
        let made = RwSignal::new(None::<[Arc<Evaluation>; 2]>);
        let whole = Memo::new(move |_| {
            let [counts, whole] = made.get()?;
            (counts == counted.get()).then_some(whole)
        });
        let scores = Self { cases, patients, counted, made, whole, shows_ids };
        Effect::new(move |_| {
            if counted.with(|evaluation| evaluation.cases.is_empty()) {
                return;
            }
            let (task, handle) = abortable(async move {
                sleep(REST_MS).await;
                scores.make().await;
            });
            on_cleanup(move || handle.abort());
            spawn_local(async move {
                // It ends early when the numbers have changed.
                let _ = task.await;
            });
        });
        scores
    }

    /// The page's scores, from any component.
    pub fn expect() -> Self {
        expect_context()
    }

    /// As much of the evaluation as there is.
    pub fn shown(self) -> Arc<Evaluation> {
        self.whole.get().unwrap_or_else(|| self.counted.get())
    }

    /// Whether distances and intervals are there.
    pub fn is_whole(self) -> bool {
        self.whole.with(Option::is_some)
    }

    /// The whole evaluation, as soon as it is there.
    pub async fn finished(self) -> Arc<Evaluation> {
        match self.whole.get_untracked() {
            Some(whole) => whole,
            None => self.make().await,
        }
    }

    /// The segmented slices in the order shown, as rows of the table of results.
    pub async fn rows(self, session: Session) -> Vec<Row> {
        self.make_distances(&mut Spell::begin()).await;
        untrack(|| {
            let patients = self.patients.get();
            let row = |case: Case| row(&case, patients.get(&case.id).cloned());
            session.shown_cases().into_iter().filter_map(row).collect()
        })
    }

    /// Makes the distances, which the cases then keep.
    async fn make_distances(self, spell: &mut Spell) {
        for case in self.cases.get_untracked() {
            case.surface.with_untracked(|_| ());
            spell.rest_if_long().await;
        }
    }

    /// Makes the whole evaluation, in spells too short to be felt.
    async fn make(self) -> Arc<Evaluation> {
        let mut spell = Spell::begin();
        self.make_distances(&mut spell).await;
        let counted = self.counted.get_untracked();
        let mut cases = counted.cases.clone();
        for (evaluated, case) in cases.iter_mut().zip(self.cases.get_untracked()) {
            evaluated.surface = case.surface.get_untracked();
        }
        let mut whole = Evaluation::without_intervals(cases, Bootstrap::default());
        for measure in Measure::ALL {
            spell.rest_if_long().await;
            whole.resample(measure);
        }
        let whole = Arc::new(whole);
        self.made.set(Some([counted, Arc::clone(&whole)]));
        whole
    }
}

/// A slice as a row of the table of results, once it is segmented.
fn row(case: &Case, patient: Option<String>) -> Option<Row> {
    if let Some(counted) = case.counted(patient.clone()) {
        return Some(Row::Compared(rachis_eval::Case { surface: case.surface.get(), ..counted }));
    }
    Some(Row::Alone {
        name: file_name(&case.path).to_owned(),
        patient,
        spine_pixels: case.prediction()?.count() as u64,
        pixel_area_mm2: case.info.spacing.map(Spacing::pixel_mm2),
    })
}

/// What the patients of slices are called, as far as they are known.
fn names(cases: &[Case], by_id: bool) -> BTreeMap<JobId, String> {
    let patients = cases.iter().map(Case::patient);
    let names = if by_id {
        patients.map(|patient| Some(patient?.id.clone())).collect()
    } else {
        // Another hospital may give the same id to somebody else.
        pseudonyms(patients.map(|patient| patient.map(|patient| (&patient.issuer, &patient.id))))
    };
    cases.iter().zip(names).filter_map(|(case, name)| Some((case.id, name?))).collect()
}
