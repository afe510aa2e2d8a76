//! Masks as a NumPy array.

use super::WriteError;
use super::layout::{SliceMask, stored_size};

/// Magic and version 1.0 (numpy.lib.format).
const MAGIC: &[u8; 8] = b"\x93NUMPY\x01\x00";

/// The header's size is a multiple of this.
const ALIGNMENT: usize = 64;

/// The masks as an array of unsigned bytes, 1 is spine, each in the layout of its file: `(rows, columns)` of one mask,
/// `(masks, rows, columns)` of several. The format has no place for [`NOTICE`](crate::NOTICE).
///
/// # Errors
///
/// [`WriteError::NoMask`], [`WriteError::Mixed`] where their sizes differ or
/// [`WriteError::OtherSize`].
pub fn mask_npy(masks: &[SliceMask<'_>]) -> Result<Vec<u8>, WriteError> {
    let [first, ..] = masks else { return Err(WriteError::NoMask) };
    let size = stored_size(first.slice);
    let [rows, columns] = size;
    let shape = match masks.len() {
        1 => format!("({rows}, {columns})"),
        count => format!("({count}, {rows}, {columns})"),
    };
    let mut header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}");
    // Spaces, then a line's end, up to the next multiple; two bytes hold the header's length.
    let unpadded = MAGIC.len() + 2 + header.len() + 1;
    header.extend(std::iter::repeat_n(' ', unpadded.next_multiple_of(ALIGNMENT) - unpadded));
    header.push('\n');
    let length = u16::try_from(header.len()).map_err(|_| WriteError::TooMany)?;

    let mut file = [MAGIC, length.to_le_bytes().as_slice(), header.as_bytes()].concat();
    for mask in masks {
        if stored_size(mask.slice) != size {
            return Err(WriteError::Mixed);
        }
        file.extend(mask.stored()?.pixels());
    }
    Ok(file)
}
