//! Masks as a NumPy array.

use super::WriteError;
use super::layout::{SliceMask, stored_size};
use crate::Grid;

/// Magic and version 1.0 (numpy.lib.format).
const MAGIC: &[u8; 8] = b"\x93NUMPY\x01\x00";

/// The header's size is a multiple of this.
const ALIGNMENT: usize = 64;

/// The masks as an array of unsigned bytes, 1 is spine, in the layout of their files. The format has no place for
/// [`NOTICE`](crate::NOTICE).
///
/// The masks of a volume, whose `grid` is given, make an array of that volume's shape and order. Others make
/// `(rows, columns)` of one mask, `(masks, rows, columns)` of several.
///
/// # Errors
///
/// [`WriteError::NoMask`], [`WriteError::Mixed`] where their sizes differ, [`WriteError::NotWholeVolume`]
/// or [`WriteError::OtherSize`].
pub fn mask_npy(grid: Option<&Grid>, masks: &[SliceMask<'_>]) -> Result<Vec<u8>, WriteError> {
    let [first, ..] = masks else { return Err(WriteError::NoMask) };
    if let Some(grid) = grid {
        let mut file = header(&grid.array.sizes, grid.array.is_fortran)?;
        for plane in grid.planes(masks)? {
            file.extend(plane?);
        }
        return Ok(file);
    }
    let size = stored_size(first.slice);
    let [rows, columns] = size;
    let mut file = match u32::try_from(masks.len()).map_err(|_| WriteError::TooMany)? {
        1 => header(&[rows, columns], false)?,
        count => header(&[count, rows, columns], false)?,
    };
    for mask in masks {
        if stored_size(mask.slice) != size {
            return Err(WriteError::Mixed);
        }
        file.extend(mask.stored()?.pixels());
    }
    Ok(file)
}

fn header(sizes: &[u32], is_fortran: bool) -> Result<Vec<u8>, WriteError> {
    let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
    let (shape, order) = (sizes.join(", "), if is_fortran { "True" } else { "False" });
    let mut header = format!("{{'descr': '|u1', 'fortran_order': {order}, 'shape': ({shape}), }}");
    // Spaces, then a line's end, up to the next multiple; two bytes hold the header's length.
    let unpadded = MAGIC.len() + 2 + header.len() + 1;
    header.extend(std::iter::repeat_n(' ', unpadded.next_multiple_of(ALIGNMENT) - unpadded));
    header.push('\n');
    let length = u16::try_from(header.len()).map_err(|_| WriteError::TooMany)?;
    Ok([MAGIC, length.to_le_bytes().as_slice(), header.as_bytes()].concat())
}
