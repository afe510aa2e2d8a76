//! Why a command failed.

use std::io;
use std::path::PathBuf;

use rachis_ct::{ReadError, WriteError};
use rachis_engine::{EngineError, ModelFileError};
use rachis_eval::EvalError;
use rachis_unet::npy::NpyError;
use rachis_unet::{FileError, RunError};
use thiserror::Error;

/// Why a command failed, and what to do.
#[derive(Debug, Error)]
pub enum CliError {
    /// A file or folder cannot be read.
    #[error("{}: cannot be read ({source}). Check the path.", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("{}: cannot be written ({source}). Check the path and the free space.", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A model cannot be used.
    #[error("{}: {source}", path.display())]
    Model {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        source: ModelFileError,
    },
    /// An array cannot be used.
    #[error("{}: {source}", path.display())]
    Array {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        source: NpyError,
    },
    /// An array has another shape than the network takes.
    #[error("{}: the array has shape {found:?}; the model takes (images, rows, columns, {channels}).", path.display())]
    ArrayShape {
        /// Its file.
        path: PathBuf,
        /// Its shape.
        found: Vec<usize>,
        /// The network's input channels.
        channels: usize,
    },
    /// A list of models cannot be read.
    #[error("{}: is no list of models ({source}). Correct it, or delete it to start a new one.", path.display())]
    Manifest {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The model lies where the site would not find it.
    #[error("{}: lies outside of the folder of the list of models. Write the model beside the list.", path.display())]
    OutsideManifest {
        /// The model's file.
        path: PathBuf,
    },
    /// A model file cannot be written from this model.
    #[error(transparent)]
    File(#[from] FileError),
    /// The engine does not start, or does not take the model.
    #[error("{}{}", .0, other_engine(.0))]
    Engine(#[from] EngineError),
    /// The network does not run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Nothing was given to segment.
    #[error("There is nothing to segment: the folders given have no files in them.")]
    NoInput,
    /// An image cannot be used.
    #[error("{}: {source}", path.display())]
    Image {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        source: ReadError,
    },
    /// An image cannot be segmented.
    #[error("{}: {source}{}", path.display(), other_engine(source))]
    Segment {
        /// Its file.
        path: PathBuf,
        /// What went wrong.
        source: EngineError,
    },
    /// A mask cannot be written.
    #[error("{}: {source}", path.display())]
    Encode {
        /// The image's file.
        path: PathBuf,
        /// What went wrong.
        source: WriteError,
    },
    /// A reference mask cannot be used.
    #[error("{}: {source}", path.display())]
    Reference {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        source: ReadError,
    },
    /// A mask has another size than what it belongs to.
    #[error(
        "{}: the mask has {} x {} pixels but {} has {} x {}. Export it in the size of the image.",
        path.display(), found.0, found.1, other.display(), wanted.0, wanted.1
    )]
    MaskSize {
        /// The reference mask's file.
        path: PathBuf,
        /// Its columns and rows.
        found: (u32, u32),
        /// The file of the image or the predicted mask.
        other: PathBuf,
        /// The columns and rows of that.
        wanted: (u32, u32),
    },
    /// There are no predictions.
    #[error("{}: has no masks in it. Give what `rachis segment` wrote.", path.display())]
    NoPredictions {
        /// The file or folder.
        path: PathBuf,
    },
    /// A predicted mask has no reference.
    #[error(
        "{}: no reference has its name or, of a volume, as many slices at its place; so it is left out. Name the reference like it.",
        path.display()
    )]
    NoReference {
        /// The predicted mask.
        path: PathBuf,
    },
    /// Some slices of a reference have no prediction.
    #[error(
        "{}: {missing} of its {count} slices have no prediction and are left out. Predictions as NIfTI have every slice.",
        path.display()
    )]
    NoPrediction {
        /// The reference.
        path: PathBuf,
        /// Number of slices without one.
        missing: usize,
        /// Number of slices.
        count: usize,
    },
    /// A list of patients cannot be read.
    #[error("{}: is no list of patients ({source}). It must be a CSV table whose first column names the case and \
        that has a column 'patient'.", path.display())]
    Patients {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        source: csv::Error,
    },
    /// The results cannot be written.
    #[error(transparent)]
    Results(#[from] EvalError),
    /// Some images or references could not be used; each has been named already.
    #[error("There were problems with {problems} of the files; each is named above.")]
    Problems {
        /// Images and references that could not be used.
        problems: usize,
    },
}

/// What went wrong with single files while the rest went on.
#[derive(Debug, Default)]
pub struct Problems(usize);

impl Problems {
    /// Tells of one.
    pub fn tell(&mut self, error: &CliError) {
        eprintln!("{error}");
        self.0 += 1;
    }

    /// An error where there were any.
    ///
    /// # Errors
    /// [`CliError::Problems`].
    pub fn outcome(&self) -> Result<(), CliError> {
        if self.0 > 0 { Err(CliError::Problems { problems: self.0 }) } else { Ok(()) }
    }
}

/// What else a user may do about an error of the graphics device.
fn other_engine(error: &EngineError) -> &'static str {
    if error.ends_engine() {
        " Or leave out '--engine webgpu': the CPU needs no graphics device."
    } else {
        ""
    }
}
