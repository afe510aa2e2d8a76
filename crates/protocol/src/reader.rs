//! Page and reader: files in, slices and masks out.
//!
//! Buffers travel beside the message, in the order that each variant's documentation gives.

use rachis_ct::{LabelChoice, Labels, Meaning, Quantity, Spacing, StackInfo, Turn, Window};
use serde::{Deserialize, Serialize};

use crate::JobId;

/// What a file is taken to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// CT images to segment.
    Images,
    /// Reference masks.
    Masks,
}

/// Where a slice lies in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The member of an archive, in the order of its list; `None` where the file is none.
    pub member: Option<u32>,
    /// The slice, in the order of [`StackInfo::slices`].
    pub slice: u32,
}

/// What a file, or a member of an archive, holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The member of an archive and its name.
    pub member: Option<(u32, String)>,
    /// Its slices, or why there are none.
    pub content: Result<StackInfo, Refusal>,
}

/// Why a file gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What is wrong with it and what to do.
    pub reason: String,
    /// Whether it is merely something else, such as the localizer or the report of an export.
    pub is_of_other_kind: bool,
}

/// What is read of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Wanted {
    /// A CT image. The answer is [`FromReader::Slice`].
    Slice {
        /// What the stored values mean.
        meaning: Meaning,
        /// A turn after that which makes the slice upright.
        flip: Turn,
    },
    /// A mask. The answer is [`FromReader::Mask`].
    Mask(LabelChoice),
}

/// From the page to the reader.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToReader {
    /// Find out what a file holds, without its pixels. Attachment: the `File`. The answer is [`FromReader::Opened`].
    Open {
        /// Echoed in the answer, and the file's name from then on.
        job: JobId,
        /// What the file is taken to hold.
        role: Role,
    },
    /// Go through the masks of a file for their labels. Attachment: the `File`. The answer is [`FromReader::Labels`].
    Labels {
        /// Echoed in the answer.
        job: JobId,
        /// The job that opened the file.
        file: JobId,
        /// The member of an archive; `None` where the file is none.
        member: Option<u32>,
    },
    /// Read a slice or a mask of a file. Attachment: the `File`. The answer depends on what is wanted.
    Read {
        /// Echoed in the answer.
        job: JobId,
        /// The job that opened the file: one that is still open is not opened again.
        file: JobId,
        /// Which slice.
        place: Place,
        /// What of it.
        wanted: Wanted,
    },
}

/// From the reader to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromReader {
    /// The worker has started and listens.
    Ready,
    /// What a file holds: one part, or one for each member of an archive.
    Opened {
        /// The request's.
        job: JobId,
        /// At least one.
        parts: Vec<Part>,
    },
    /// The labels of a file of masks.
    Labels {
        /// The request's.
        job: JobId,
        /// What was found, and what of it is taken for spine.
        labels: Labels,
    },
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
    /// A reference mask. Attachment: its [bits](rachis_ct::Mask::bits).
    Mask {
        /// The request's.
        job: JobId,
        /// Number of rows.
        rows: u32,
        /// Number of columns.
        columns: u32,
    },
    /// The file could not be read; the reason says what is wrong and what to do.
    Failed {
        /// The request's.
        job: JobId,
        /// For the user.
        reason: String,
    },
}
