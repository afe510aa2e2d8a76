//! DICOM files of one CT slice.
//!
//! [`dataset`] walks the file, [`header`] judges its attributes, [`pixels`] decodes the image and [`hu`] turns stored
//! values into Hounsfield units. Of dicom-rs only the lazy parser is used, which allocates nothing for a value: the
//! object reader takes as much memory as an element claims to have.

mod codestream;
mod dataset;
mod header;
mod hu;
mod jpeg;
mod jpeg2000;
mod monochrome1;
mod pixels;
mod rle;

use super::{ReadError, check_sides};
use crate::{Quantity, Slice};
use dataset::DataSet;
use header::Header;

const KIND: &str = "DICOM";

/// The one kind of error for contents that contradict themselves.
fn damaged() -> ReadError {
    ReadError::Damaged { kind: KIND }
}

pub(super) fn read(bytes: &[u8]) -> Result<Slice, ReadError> {
    let data_set = DataSet::parse(bytes)?;
    let header = Header::of_ct_slice(&data_set)?;
    let words = pixels::decode(&data_set, &header)?;
    let pixels = hu::from_stored(&words, &header);
    let slice = Slice::new(header.rows, header.columns, pixels, Quantity::Hu).map_err(|_| damaged())?;
    Ok(Slice { spacing: header.spacing, window: header.window, ..slice })
}
