//! Files become images, masks and models of the session.

use std::{collections::BTreeSet, sync::Arc};

use leptos::prelude::*;
use rachis_ct::{Mask, Meaning, SliceInfo, Turn, natural_order};
use rachis_eval::{LevelHistogram, SurfaceDistances};
use rachis_protocol::{JobId, reader::Role};
use web_sys::File;

use super::item::grid;
use super::{
    Case, CaseState, InStack, Model, ModelSource, Origin, Reference, Segmentation, Session, SourceFile,
};
use crate::{
    manifest::ShippedModel,
    names::{FileKind, kind_of},
};

/// The largest model file, in bytes.
const MAX_MODEL_BYTES: f64 = (1_u64 << 30) as f64;

/// A file that the user chose or dropped.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Its path as far as the browser tells it; at least its name.
    pub path: String,
    /// The file.
    pub file: File,
}

/// What files are taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intake {
    /// Images, masks and models, told apart by their names.
    Any,
    /// Reference masks; models are still known by their names.
    Masks,
}

impl Session {
    /// Adds files in the order in which people count. Those that the session already has are left out, those of
    /// impossible size are refused.
    pub fn add(self, mut incoming: Vec<Incoming>, intake: Intake) {
        incoming.sort_by(|a, b| natural_order(&a.path, &b.path));
        let mut known = self.known_files();
        let mut files = Vec::new();
        for Incoming { path, file } in incoming {
            let kind = kind_of(&path);
            if kind == FileKind::Clutter || !known.insert(identity(&path, &file)) {
                continue;
            }
            if let Some(refusal) = refusal(kind, &file) {
                self.report(&path, refusal);
            } else if kind == FileKind::Model {
                self.add_model_file(&path, file);
            } else {
                let is_mask = intake == Intake::Masks || rachis_ct::pairing::is_mask_name(&path);
                let role = if is_mask { Role::Masks } else { Role::Images };
                let opening = ArcRwSignal::default();
                files.push(SourceFile { id: self.new_id(), path: path.into(), file, role, opening });
            }
        }
        self.paused.set(false);
        if !files.is_empty() {
            self.files.update(|all| all.append(&mut files));
            self.changed();
        }
    }

    /// Adds a model of the site, and chooses it if it is the default.
    pub fn add_shipped_model(self, model: ShippedModel, url: String) {
        let id = self.new_id();
        let (title, sha256) = (model.title, model.sha256);
        self.add_model(id, title, ModelSource::Shipped { url, sha256 });
        if model.default || self.chosen_model.get_untracked().is_none() {
            self.choose_model(id);
        }
    }

    fn add_model_file(self, path: &str, file: File) {
        let title = crate::names::file_name(path).to_owned();
        self.add_model(self.new_id(), title, ModelSource::File(file));
    }

    fn add_model(self, id: JobId, title: String, source: ModelSource) {
        let model =
            Model { id, title, source, content: ArcRwSignal::default(), summary: ArcRwSignal::default() };
        self.models.update(|models| models.push(model));
    }

    /// A slice with all that is derived from it.
    pub(super) fn case(
        self,
        path: Arc<str>,
        origin: Origin,
        info: Arc<SliceInfo>,
        flip: Turn,
        in_stack: InStack,
        meanings: Arc<[Meaning]>,
    ) -> Case {
        let id = self.new_id();
        let meaning = ArcRwSignal::new(meanings.first().copied().unwrap_or(Meaning::Hu));
        let segmentation = ArcRwSignal::<Segmentation>::default();
        let reference = ArcMemo::new({
            let info = Arc::clone(&info);
            move |_| self.fitting_reference(id, &info, flip)
        });
        let prediction = ArcMemo::new({
            let segmentation = segmentation.clone();
            move |_| {
                let probabilities = segmentation.with(|segmentation| segmentation.done().cloned())?;
                Some(Arc::new(probabilities.mask(self.threshold.get()?)))
            }
        });
        let histogram = ArcMemo::new({
            let (segmentation, reference) = (segmentation.clone(), reference.clone());
            move |_| {
                let probabilities = segmentation.with(|segmentation| segmentation.done().cloned())?;
                LevelHistogram::of(&probabilities.levels(), &reference.get()?.pixels()).ok().map(Arc::new)
            }
        });
        let overlap = ArcMemo::new({
            let histogram = histogram.clone();
            move |_| Some(histogram.get()?.overlap_at(self.threshold.get()?.level()))
        });
        let surface = ArcMemo::new({
            let (info, prediction, reference) = (Arc::clone(&info), prediction.clone(), reference.clone());
            move |_| {
                let grid = grid(&info)?;
                let (prediction, reference) = (prediction.get()?, reference.get()?);
                SurfaceDistances::of(&prediction.pixels(), &reference.pixels(), &grid).ok()?
            }
        });
        Case::from(CaseState {
            id,
            path,
            origin,
            info,
            flip,
            in_stack,
            meanings,
            meaning,
            slice: ArcRwSignal::default(),
            miniature: ArcRwSignal::default(),
            in_view: ArcRwSignal::default(),
            segmentation,
            prediction,
            reference,
            histogram,
            overlap,
            surface,
        })
    }

    /// The mask that belongs to a case, once it is read and if it has the slice's size.
    fn fitting_reference(self, case: JobId, slice: &SliceInfo, flip: Turn) -> Option<Arc<Mask>> {
        let reference = self.reference(case)?;
        let mask = reference.mask.with(|mask| mask.done().cloned())?;
        let turn = slice.turn_of_mask(&reference.info, flip);
        let mask = if turn == Turn::NONE { mask } else { Arc::new(mask.turned(turn)) };
        ((mask.rows, mask.columns) == (slice.rows, slice.columns)).then_some(mask)
    }

    /// The reference that belongs to a case by name.
    pub(super) fn reference(self, case: JobId) -> Option<Reference> {
        let id = self.pairs.with(|pairs| pairs.reference_of(case))?;
        self.references_by_id.with(|all| all.get(&id).cloned())
    }

    fn known_files(self) -> BTreeSet<Identity> {
        let files = self.files.get_untracked();
        let models = self.models.get_untracked();
        let models = models.iter().filter_map(|model| match &model.source {
            ModelSource::File(file) => Some(identity(&model.title, file)),
            ModelSource::Shipped { .. } => None,
        });
        files.iter().map(|file| identity(&file.path, &file.file)).chain(models).collect()
    }
}

/// Tells whether two files are the same one, brought twice: path, size in bytes, time of change.
type Identity = (String, u64, u64);

fn identity(path: &str, file: &File) -> Identity {
    (path.to_owned(), file.size() as u64, file.last_modified() as u64)
}

fn refusal(kind: FileKind, file: &File) -> Option<String> {
    match kind {
        FileKind::Model if file.size() == 0.0 => {
            Some("The file is empty: copy or export it again.".to_owned())
        }
        FileKind::Model if file.size() > MAX_MODEL_BYTES => {
            Some("The model has more than the 1 GB that can be used here: choose a smaller one.".to_owned())
        }
        FileKind::Model => None,
        FileKind::Image | FileKind::Clutter => None,
    }
}
