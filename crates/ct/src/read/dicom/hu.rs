//! Stored values become Hounsfield units.

use super::header::{Bits, Header, Rescale};
use crate::slice::AIR_HU;

/// More than half of a CT slice is air or soft tissue: its median is never this dense.
const IMPLAUSIBLE_MEDIAN_HU: i16 = 500;

/// The HU of each word. Padding and everything below air is air; the rest is kept within `i16`.
///
/// MONOCHROME1 says how to display, not what the values are (DICOM PS3.3 C.7.6.3.1.2), so rescaled values stay as they
/// are. Converters exist that turn the stored values round as well: their slices show half of the picture denser than
/// any patient, and are turned back. Without a rescale there are no HU to go by, and the values are turned round.
pub(super) fn from_stored(words: &[u16], header: &Header) -> Vec<i16> {
    let as_stored = convert(words, header, |value| value);
    let is_turned =
        header.low_is_white && (header.rescale.is_none() || median(&as_stored) > IMPLAUSIBLE_MEDIAN_HU);
    if !is_turned {
        return as_stored;
    }
    let lowest_and_highest = header.bits.lowest() + header.bits.highest();
    convert(words, header, |value| lowest_and_highest - value)
}

fn convert(words: &[u16], header: &Header, turn: impl Fn(i32) -> i32) -> Vec<i16> {
    let Rescale { slope, intercept } = header.rescale.unwrap_or(Rescale { slope: 1.0, intercept: 0.0 });
    let hu = |word: u16| {
        let stored = header.bits.value(word);
        let is_padding = header.padding.as_ref().is_some_and(|padding| {
            padding.contains(&stored) || padding.contains(&header.bits.whole_word(word))
        });
        if is_padding {
            return AIR_HU;
        }
        let hu = f64::from(turn(stored)) * slope + intercept;
        hu.round().clamp(f64::from(AIR_HU), f64::from(i16::MAX)) as i16
    };
    words.iter().map(|&word| hu(word)).collect()
}

fn median(values: &[i16]) -> i16 {
    let mut values = values.to_vec();
    let middle = values.len() / 2;
    match values.get(middle) {
        Some(_) => *values.select_nth_unstable(middle).1,
        None => AIR_HU,
    }
}

impl Bits {
    /// The stored value in a word, without what other bits hold.
    ///
    /// A negative word whose value does not fit BitsStored, as scanners write for padding, is taken whole.
    fn value(self, word: u16) -> i32 {
        let above_high = 15 - self.high;
        let is_extended = (word as i16) >> (self.high.min(14) + 1) == -1;
        if self.signed && self.allocated == 16 && above_high > 0 && is_extended {
            return self.whole_word(word);
        }
        let top_aligned = word << above_high;
        let unused = 16 - self.stored;
        if self.signed { i32::from(top_aligned as i16 >> unused) } else { i32::from(top_aligned >> unused) }
    }

    /// The word as a number, whatever its bits are for.
    fn whole_word(self, word: u16) -> i32 {
        if self.signed { i32::from(word as i16) } else { i32::from(word) }
    }

    fn lowest(self) -> i32 {
        if self.signed { -(1 << (self.stored - 1)) } else { 0 }
    }

    fn highest(self) -> i32 {
        if self.signed { (1 << (self.stored - 1)) - 1 } else { (1 << self.stored) - 1 }
    }
}
