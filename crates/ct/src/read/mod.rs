//! Files, which are not to be trusted, become slices and masks.
//!
//! What a file is is told from its content. No parser here allocates by a number that a file merely declares: lengths
//! are compared with what is left of the file, sizes with [`MAX_SIDE`](crate::MAX_SIDE), before memory is taken.

mod dicom;
mod kind;
mod picture;
mod raster;
mod source;
mod stack;
mod tiff;

use crate::error::{MAX_SIDE, ReadError, check_file_size};
use crate::{Mask, Slice};
use kind::Kind;
use raster::Raster;

pub use dicom::{Segment, Segmentation};
pub use source::Source;
pub use stack::{SliceReader, Stack};

/// Reads one CT image: DICOM, PNG, TIFF or JPEG.
///
/// DICOM and signed 16-bit TIFF hold Hounsfield units. 16-bit pictures that stay within 12 bits hold HU + 1024. All
/// others hold brightness. `file_name` serves to word the reason where the content is no image.
///
/// # Errors
///
/// A [`ReadError`] for each reason that a file is not one CT slice of at most 2048 x 2048 pixels.
pub fn read_slice(file_name: &str, bytes: &[u8]) -> Result<Slice, ReadError> {
    check_file_size(bytes.len() as u64)?;
    match kind::sniff(bytes) {
        Kind::Dicom => dicom::read(bytes),
        kind => read_raster(kind, file_name, bytes)?.into_slice(),
    }
}

/// Opens a DICOM file of CT images, of one frame or of many: its headers are read, its pixels when they are wanted.
///
/// # Errors
///
/// A [`ReadError`] for each reason that a file holds no CT images that can be read.
pub fn open_dicom(bytes: Vec<u8>) -> Result<Stack, ReadError> {
    dicom::open(bytes)
}

/// Opens a DICOM segmentation: its headers are read, its pixels when they are wanted.
///
/// # Errors
///
/// [`ReadError::MaskKind`] for other DICOM objects; why a segmentation cannot be read.
pub fn open_segmentation(bytes: Vec<u8>) -> Result<Segmentation, ReadError> {
    dicom::open_segmentation(bytes)
}

/// Reads one mask: PNG, TIFF or JPEG. Pixels over half of the largest value present are spine.
///
/// # Errors
///
/// As [`read_slice`]; [`ReadError::MaskKind`] for DICOM.
pub fn read_mask(bytes: &[u8]) -> Result<Mask, ReadError> {
    check_file_size(bytes.len() as u64)?;
    match kind::sniff(bytes) {
        Kind::Dicom => Err(ReadError::MaskKind),
        kind => read_raster(kind, "", bytes)?.into_mask(),
    }
}

fn read_raster(kind: Kind, file_name: &str, bytes: &[u8]) -> Result<Raster, ReadError> {
    match kind {
        Kind::Png => picture::read_png(bytes),
        Kind::Jpeg => picture::read_jpeg(bytes),
        Kind::Tiff => tiff::read(bytes),
        Kind::Archive => Err(ReadError::Archive),
        Kind::Volume => Err(ReadError::Volume),
        Kind::Text => Err(ReadError::Text),
        Kind::Dicom | Kind::Unknown => Err(kind::unknown(file_name)),
    }
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
