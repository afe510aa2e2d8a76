//! Files, which are not to be trusted, become slices and masks.
//!
//! What a file is is told from its content. No parser here allocates by a number that a file merely declares: lengths
//! are compared with what is left of the file, sizes with [`MAX_SIDE`](crate::MAX_SIDE), before memory is taken.

mod archive;
mod bytes;
mod dicom;
mod inflated;
mod input;
mod kind;
mod labels;
mod layout;
mod meaning;
mod metaimage;
mod nifti;
mod npy;
mod nrrd;
mod number;
mod open;
mod pages;
mod picture;
mod raster;
mod source;
mod stack;
mod text;
mod tiff;
mod volume;

use std::io::Cursor;

use crate::error::{MAX_SIDE, ReadError, check_file_size};
use crate::{Mask, Slice};

use self::input::Input;

pub use archive::{Archive, Member};
pub use dicom::{Segment, Segmentation};
pub use labels::MaskStack;
pub use open::{Opened, open, open_mask};
pub use source::Source;
pub use stack::{SliceReader, Stack};

/// Reads a file of one CT image, with the likeliest meaning of its numbers.
///
/// # Errors
///
/// A [`ReadError`] for each reason that a file is not one CT slice; [`ReadError::Volume`] where it holds more.
pub fn read_slice(file_name: &str, bytes: &[u8]) -> Result<Slice, ReadError> {
    check_file_size(bytes.len() as u64)?;
    match open(file_name, Cursor::new(bytes.to_vec()))? {
        Opened::Stack(Stack { info, mut reader }) => match (info.slices.len(), info.meanings.first()) {
            (1, Some(&meaning)) => reader.slice(0, meaning),
            _ => Err(ReadError::Volume),
        },
        Opened::Archive(_) => Err(ReadError::Archive),
    }
}

/// Opens a DICOM file of CT images, of one frame or of many: its headers are read, its pixels when they are wanted.
///
/// # Errors
///
/// A [`ReadError`] for each reason that a file holds no CT images that can be read.
pub fn open_dicom(bytes: Vec<u8>) -> Result<Stack, ReadError> {
    dicom::open(Input::of_file(Box::new(Cursor::new(bytes)))?)
}

/// Opens a DICOM segmentation: its headers are read, its pixels when they are wanted.
///
/// # Errors
///
/// [`ReadError::MaskKind`] for other DICOM objects; why a segmentation cannot be read.
pub fn open_segmentation(bytes: Vec<u8>) -> Result<Segmentation, ReadError> {
    dicom::open_segmentation(Input::of_file(Box::new(Cursor::new(bytes)))?)
}

/// Reads a file of one mask. Which pixels are spine is told by [`MaskStack::labels`].
///
/// # Errors
///
/// As [`read_slice`]; [`ReadError::MaskKind`] for DICOM.
pub fn read_mask(bytes: &[u8]) -> Result<Mask, ReadError> {
    check_file_size(bytes.len() as u64)?;
    let mut stack = open_mask("", Cursor::new(bytes.to_vec()))?;
    if stack.info.slices.len() != 1 {
        return Err(ReadError::Volume);
    }
    let labels = stack.labels()?;
    stack.mask(0, &labels.choice)
}

/// `Ok` where an image of this size may be read.
fn check_sides(rows: u32, columns: u32) -> Result<(), ReadError> {
    if (1..=MAX_SIDE).contains(&rows) && (1..=MAX_SIDE).contains(&columns) {
        Ok(())
    } else {
        Err(ReadError::Size { rows, columns })
    }
}

/// Whether an error has the end of the file among its causes.
fn is_end_of_file(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|cause| cause.kind() == std::io::ErrorKind::UnexpectedEof)
    })
}

/// [`ReadError::Truncated`] where the end of the file is the cause, else [`ReadError::Damaged`].
fn damage(kind: &'static str, error: &(dyn std::error::Error + 'static)) -> ReadError {
    if is_end_of_file(error) { ReadError::Truncated } else { ReadError::Damaged { kind } }
}
