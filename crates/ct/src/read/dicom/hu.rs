//! Stored values become Hounsfield units.

use super::header::{Bits, Header};
use super::monochrome1;
use crate::slice::AIR_HU;

/// HU = stored value * slope + intercept (DICOM PS3.3 C.11.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Rescale {
    pub slope: f64,
    pub intercept: f64,
}

/// The HU of each word. Padding and everything below air is air; the rest is kept within `i16`.
pub(super) fn from_stored(words: &[u16], header: &Header, rescale: Rescale) -> Vec<i16> {
    let as_stored = convert(words, header, rescale, |value| value);
    if !header.low_is_white || !monochrome1::is_turned(&as_stored) {
        return as_stored;
    }
    let mirror = monochrome1::mirror(words, header, rescale);
    convert(words, header, rescale, |value| mirror - value)
}

fn convert(words: &[u16], header: &Header, rescale: Rescale, turn: impl Fn(i32) -> i32) -> Vec<i16> {
    let hu = |&word: &u16| match header.stored(word) {
        Some(value) => rescale.hu(turn(value)).round().clamp(f64::from(AIR_HU), f64::from(i16::MAX)) as i16,
        None => AIR_HU,
    };
    words.iter().map(hu).collect()
}

impl Header {
    /// The stored value in a word, `None` for padding.
    pub fn stored(&self, word: u16) -> Option<i32> {
        let value = self.bits.value(word);
        let padding = self.padding.as_ref();
        let is_padding = padding
            .is_some_and(|range| range.contains(&value) || range.contains(&self.bits.whole_word(word)));
        (!is_padding).then_some(value)
    }
}

impl Rescale {
    pub fn hu(self, stored: i32) -> f64 {
        f64::from(stored) * self.slope + self.intercept
    }

    /// The stored value nearest to `hu`.
    pub fn stored(self, hu: i16) -> i32 {
        ((f64::from(hu) - self.intercept) / self.slope).round() as i32
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

    /// The lowest and the highest stored value that the bits can hold.
    pub fn range(self) -> (i32, i32) {
        let half = 1 << (self.stored - 1);
        if self.signed { (-half, half - 1) } else { (0, 2 * half - 1) }
    }
}
