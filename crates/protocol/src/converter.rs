//! Page and converter: models of other programs in, files of masks out.
//!
//! Buffers travel beside the message, in the order that each variant's documentation gives.

use rachis_ct::{Grid, MaskFormat, SliceInfo};
use serde::{Deserialize, Serialize};

use crate::JobId;

/// From the page to the converter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToConverter {
    /// Read a Keras model (`.h5`, `.keras`) or a Rachis model (`.safetensors`). Attachment: the `File`. The answer is
    /// [`FromConverter::Model`].
    Model {
        /// Echoed in the answer.
        job: JobId,
    },
    /// Write masks and pack the files into one ZIP. Attachments: the [bits](rachis_ct::Mask::bits) of a mask for each
    /// slice of each of `stacks`, as shown. The answer is [`FromConverter::Zip`].
    Export {
        /// Echoed in the answer.
        job: JobId,
        /// What to write.
        format: MaskFormat,
        /// The slices that belong together, in their order.
        stacks: Vec<StackEntry>,
        /// The name of the model that drew the masks.
        algorithm: String,
        /// Whether DICOM objects may name the patient.
        names_patient: bool,
    },
}

/// Slices to write together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StackEntry {
    /// Name inside the ZIP of the file of the whole stack.
    pub name: String,
    /// The voxels of the volume that the slices are from, where they are from one.
    pub grid: Option<Grid>,
    /// The slices in order, each with the name of its own file inside the ZIP.
    pub slices: Vec<(String, SliceInfo)>,
}

/// From the converter to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromConverter {
    /// The worker has started and listens.
    Ready,
    /// A model. Attachment: the model file (`.safetensors`).
    Model {
        /// The request's.
        job: JobId,
        /// What the file calls the model.
        name: String,
    },
    /// A ZIP. Attachment: its bytes.
    Zip {
        /// The request's.
        job: JobId,
        /// What could not be written: name, and what is wrong and what to do.
        problems: Vec<(String, String)>,
    },
    /// It could not be done; the reason says what is wrong and what to do.
    Failed {
        /// The request's.
        job: JobId,
        /// For the user.
        reason: String,
    },
}
