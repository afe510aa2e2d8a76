//! Slices whose lowest value is meant to be seen as white.
//!
//! MONOCHROME1 says how to display, not what the values are (DICOM PS3.3 C.7.6.3.1.2): the Hounsfield units stay as
//! they are. Converters exist that turned the stored values round as well. Such a slice shows, read as it stands, more
//! pixels as dense as cortical bone than pixels of air, which no patient does; it is turned back.

use super::header::Header;
use super::hu::Rescale;
use crate::slice::AIR_HU;

/// Above it lies cortical bone, below its negative air and lung.
const DENSE_HU: i16 = 700;
/// A slice with air in it has values below this.
const AIR_LIKE_HU: f64 = -900.0;

/// Whether the stored values of a MONOCHROME1 slice were turned round, told from the HU that they give as they stand.
pub(super) fn is_turned(hu: &[i16]) -> bool {
    let dense = hu.iter().filter(|&&hu| hu > DENSE_HU).count();
    let airy = hu.iter().filter(|&&hu| hu < -DENSE_HU).count();
    dense > airy
}

/// The number that a turned value and its true value add up to: that of all bits where this gives air, else the one
/// that makes the whitest pixel air.
pub(super) fn mirror(words: &[u16], header: &Header, rescale: Rescale) -> i32 {
    let (lowest, highest) = header.bits.range();
    let whitest = words.iter().filter_map(|&word| header.stored(word)).max().unwrap_or(highest);
    let of_all_bits = lowest + highest;
    if rescale.hu(of_all_bits - whitest) <= AIR_LIKE_HU {
        of_all_bits
    } else {
        whitest.saturating_add(rescale.stored(AIR_HU))
    }
}
