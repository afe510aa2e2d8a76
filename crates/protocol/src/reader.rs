//! Page and reader: files in, slices, masks and models out.
//!
//! Buffers travel beside the message, in the order that each variant's documentation gives.

use rachis_ct::{Quantity, Spacing, Window};
use serde::{Deserialize, Serialize};

use crate::JobId;

/// What a file is taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// A CT image to segment.
    Image,
    /// A reference mask.
    Mask,
    /// A Keras model (`.h5`, `.keras`) or a Rachis model (`.safetensors`).
    Model,
}

/// From the page to the reader.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToReader {
    /// Read one file. Attachment: the `File`.
    Read {
        /// Echoed in the answer.
        job: JobId,
        /// What the file is taken to be.
        role: Role,
    },
    /// Encode masks as PNG (0 and 255) and pack them with the other files into one ZIP.
    /// Attachments: one buffer of `rows * columns` bytes (0 or 1) for each of `masks`.
    ZipMasks {
        /// Echoed in the answer.
        job: JobId,
        /// One for each mask, in the order of the buffers.
        masks: Vec<MaskEntry>,
        /// Small text files to pack too: name and content.
        texts: Vec<(String, String)>,
    },
}

/// A mask to write into a ZIP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaskEntry {
    /// Name inside the ZIP, such as `slice.png`.
    pub name: String,
    /// Number of rows.
    pub rows: u32,
    /// Number of columns.
    pub columns: u32,
}

/// From the reader to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromReader {
    /// The worker has started and listens.
    Ready,
    /// A CT image. Attachment: its pixels, `i16`, row by row.
    Slice {
        /// The request's.
        job: JobId,
        /// Number of rows.
        rows: u32,
        /// Number of columns.
        columns: u32,
        /// What the pixels count.
        quantity: Quantity,
        /// Pixel spacing where known.
        spacing: Option<Spacing>,
        /// The file's own viewing window.
        window: Option<Window>,
    },
    /// A reference mask. Attachment: its pixels, 0 or 1, row by row.
    Mask {
        /// The request's.
        job: JobId,
        /// Number of rows.
        rows: u32,
        /// Number of columns.
        columns: u32,
    },
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
    },
    /// The file could not be read; the reason says what is wrong and what to do.
    Failed {
        /// The request's.
        job: JobId,
        /// For the user.
        reason: String,
    },
}
