//! What the user brought: images, reference masks and models, each with how far it has come.

use std::sync::Arc;

use leptos::prelude::*;
use rachis_ct::{Mask, Meaning, PatientIdentity, Probabilities, Slice, SliceInfo, Turn};
use rachis_eval::{Grid, LevelHistogram, Overlap, SurfaceDistances};
use rachis_protocol::{
    JobId,
    engine::ModelSummary,
    reader::{Place, Role},
};
use web_sys::File;

use super::LabelSet;
use crate::{names::file_name, picture::Miniature};

/// How far the reading of a file has come.
#[derive(Debug, Clone, Default)]
pub enum Reading<T> {
    /// It waits for its turn.
    #[default]
    Queued,
    /// The reader has it.
    Running,
    /// What the file holds.
    Done(T),
    /// What is wrong with it and what to do.
    Failed(String),
}

impl<T> Reading<T> {
    /// What the file holds, once it is read.
    pub fn done(&self) -> Option<&T> {
        if let Self::Done(content) = self { Some(content) } else { None }
    }

    /// Why it could not be read.
    pub fn failure(&self) -> Option<&str> {
        if let Self::Failed(reason) = self { Some(reason) } else { None }
    }
}

/// How far the segmentation of a slice has come.
#[derive(Debug, Clone, Default)]
pub enum Segmentation {
    /// It waits for its turn.
    #[default]
    Waiting,
    /// The engine has it.
    Running,
    /// How likely each pixel is spine, in the size of the slice.
    Done(Arc<Probabilities>),
    /// What is wrong and what to do.
    Failed(String),
}

impl Segmentation {
    /// How likely each pixel is spine, once known.
    pub fn done(&self) -> Option<&Arc<Probabilities>> {
        if let Self::Done(probabilities) = self { Some(probabilities) } else { None }
    }
}

/// A file that the user brought, with images or masks in it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Also the number of its jobs.
    pub id: JobId,
    /// Its path as far as the browser tells it.
    pub path: Arc<str>,
    /// The file itself, for the reader.
    pub file: File,
    /// What it is taken to hold.
    pub role: Role,
    /// How far the reader has looked into it.
    pub opening: ArcRwSignal<Reading<()>>,
}

/// Where a slice comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The file.
    pub source: SourceFile,
    /// The slice in it.
    pub place: Place,
}

/// The place of a slice in a stack: a file of several slices, or a series of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InStack {
    /// Names the stack.
    pub stack: JobId,
    /// From 0, in the order shown.
    pub index: usize,
    /// Number of slices in the stack.
    pub count: usize,
}

/// A CT image. Copies share its state.
#[derive(Debug, Clone)]
pub struct Case(Arc<CaseState>);

impl std::ops::Deref for Case {
    type Target = CaseState;

    fn deref(&self) -> &CaseState {
        &self.0
    }
}

impl From<CaseState> for Case {
    fn from(state: CaseState) -> Self {
        Self(Arc::new(state))
    }
}

/// All that is known of a CT image.
#[derive(Debug)]
pub struct CaseState {
    /// Also the number of its jobs.
    pub id: JobId,
    /// The file's path as far as the browser tells it, with the slice's number where the file has several.
    pub path: Arc<str>,
    /// Where the slice comes from.
    pub origin: Origin,
    /// What the file tells of it, as shown.
    pub info: Arc<SliceInfo>,
    /// The turn that the user wants after that which makes it upright; it is part of `info`'s.
    pub flip: Turn,
    /// Its neighbours.
    pub in_stack: InStack,
    /// What the stored values may mean.
    pub meanings: Arc<[Meaning]>,
    /// What they are taken to mean.
    pub meaning: ArcRwSignal<Meaning>,
    /// Its pixels, as long as they are in memory: they may become [`Reading::Queued`] again, and are read again when
    /// they are needed.
    pub slice: ArcRwSignal<Reading<Arc<Slice>>>,
    /// A small picture of it, which stays.
    pub miniature: ArcRwSignal<Option<Arc<Miniature>>>,
    /// Whether it can be seen in the list of slices.
    pub in_view: ArcRwSignal<bool>,
    /// What the network says.
    pub segmentation: ArcRwSignal<Segmentation>,
    /// The mask that the threshold makes of it, in the size of the slice.
    pub prediction: ArcMemo<Option<Arc<Mask>>>,
    /// The reference mask, where one was found that fits.
    pub reference: ArcMemo<Option<Arc<Mask>>>,
    /// The probabilities of reference and other pixels, where both are there.
    pub histogram: ArcMemo<Option<Arc<LevelHistogram>>>,
    /// Prediction against reference, where both are there.
    pub overlap: ArcMemo<Option<Overlap>>,
    /// How far their outlines lie apart, where the pixels' size is known too.
    pub surface: ArcMemo<Option<SurfaceDistances>>,
}

impl PartialEq for Case {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// A slice's pixels and their size, where the file says it.
pub(super) fn grid(info: &SliceInfo) -> Option<Grid<2>> {
    let spacing = info.spacing?;
    Some(Grid {
        shape: [info.rows as usize, info.columns as usize],
        spacing_mm: [f64::from(spacing.row_mm), f64::from(spacing.column_mm)],
    })
}

/// A case's state in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The reader has it.
    Reading,
    /// It waits for reader or engine.
    Waiting,
    /// The engine has it.
    Running,
    /// It has a prediction.
    Done,
    /// It will get none.
    Failed,
}

impl Phase {
    /// For people, and for styles.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

impl Case {
    /// Its state.
    pub fn phase(&self) -> Phase {
        let segmented = self.segmentation.with(|segmentation| match segmentation {
            Segmentation::Waiting => Phase::Waiting,
            Segmentation::Running => Phase::Running,
            Segmentation::Done(_) => Phase::Done,
            Segmentation::Failed(_) => Phase::Failed,
        });
        if segmented != Phase::Waiting {
            return segmented;
        }
        self.slice.with(|slice| match slice {
            Reading::Queued | Reading::Done(_) => Phase::Waiting,
            Reading::Running => Phase::Reading,
            Reading::Failed(_) => Phase::Failed,
        })
    }

    /// Whether it gave no slice. One that is segmented stays though it cannot be read again.
    pub fn is_unreadable(&self) -> bool {
        self.slice.with(|slice| slice.failure().is_some())
            && self.segmentation.with(|segmentation| segmentation.done().is_none())
    }

    /// Whether it could not be segmented.
    pub fn has_failed_prediction(&self) -> bool {
        self.segmentation.with(|segmentation| matches!(segmentation, Segmentation::Failed(_)))
    }

    /// Its slice, as long as it is in memory.
    pub fn slice(&self) -> Option<Arc<Slice>> {
        self.slice.with(|slice| slice.done().cloned())
    }

    /// Its patient, where the file gives an id: to be shown only if the user says so.
    pub fn patient(&self) -> Option<&PatientIdentity> {
        self.info.dicom.as_ref().map(|dicom| &dicom.patient).filter(|patient| !patient.id.is_empty())
    }

    /// Its comparison with its reference, where it has a prediction and a reference, by counts of pixels: what lies between
    /// their outlines is left out, for that takes milliseconds.
    pub fn counted(&self, patient: Option<String>) -> Option<rachis_eval::Case> {
        let spacing = self.info.spacing;
        Some(rachis_eval::Case {
            name: file_name(&self.path).to_owned(),
            patient,
            overlap: self.overlap.get()?,
            pixel_area_mm2: spacing.map(|spacing| f64::from(spacing.row_mm) * f64::from(spacing.column_mm)),
            surface: None,
        })
    }

    /// Its prediction, once made.
    pub fn prediction(&self) -> Option<Arc<Mask>> {
        self.prediction.get()
    }
}

/// A reference mask.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Also the number of its job.
    pub id: JobId,
    /// The file's path as far as the browser tells it, with the slice's number where the file has several.
    pub path: Arc<str>,
    /// Where the mask comes from.
    pub origin: Origin,
    /// What the file tells of it.
    pub info: Arc<SliceInfo>,
    /// Its neighbours.
    pub in_stack: InStack,
    /// Which labels of its file are spine.
    pub labels: LabelSet,
    /// The mask.
    pub mask: ArcRwSignal<Reading<Arc<Mask>>>,
}

/// Where a model comes from.
#[derive(Debug, Clone)]
pub enum ModelSource {
    /// The site ships it.
    Shipped {
        /// Where it lies.
        url: String,
        /// The SHA-256 that it must have, in lower-case hexadecimal.
        sha256: String,
    },
    /// The user's file.
    File(File),
}

/// A model to segment with.
#[derive(Debug, Clone)]
pub struct Model {
    /// Also the number of its jobs.
    pub id: JobId,
    /// A name for people.
    pub title: String,
    /// Where it comes from.
    pub source: ModelSource,
    /// The model file (`.safetensors`).
    pub content: ArcRwSignal<Reading<Arc<Vec<u8>>>>,
    /// What an engine found in it, once loaded.
    pub summary: ArcRwSignal<Option<ModelSummary>>,
}

impl Model {
    /// Whether the site ships it.
    pub fn is_shipped(&self) -> bool {
        matches!(self.source, ModelSource::Shipped { .. })
    }
}
