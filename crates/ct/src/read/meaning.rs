//! What plain numbers mean, and how they become pixels.

use super::number::NumberKind;
use crate::slice::AIR_HU;
use crate::{Meaning, Quantity};

/// What is added to HU where only positive numbers are kept.
const HU_OFFSET: f64 = 1024.0;

/// The smallest and the largest finite number seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Range {
    pub min: f64,
    pub max: f64,
}

impl Range {
    pub const NOTHING: Self = Self { min: f64::INFINITY, max: f64::NEG_INFINITY };

    pub fn add(&mut self, value: f64) {
        if value.is_finite() {
            self.min = self.min.min(value);
            self.max = self.max.max(value);
        }
    }
}

/// What numbers of this type and range may mean, the likeliest first.
///
/// | numbers | meaning |
/// |---|---|
/// | some below 0 | HU |
/// | true and false, fractions up to 1 | 0 to 1 |
/// | 8 bits without sign | 0 to 255 |
/// | 16 bits without sign, up to 255 | HU + 1024, or 0 to 255 |
/// | others up to 255 | 0 to 255, or HU + 1024, or HU |
/// | others up to 4095 | HU + 1024, or HU |
/// | others | 0 to 65535, or HU |
///
/// Numbers without sign are never HU: air would be missing.
pub(super) fn guess(kind: NumberKind, range: Range) -> Vec<Meaning> {
    use Meaning::{Hu, HuPlus1024, ZeroTo255, ZeroTo65535, ZeroToOne};
    let mut meanings = match range {
        _ if kind == NumberKind::Bool => vec![ZeroToOne],
        _ if kind == NumberKind::U8 => vec![ZeroTo255],
        Range { min, .. } if min < 0.0 => vec![Hu],
        Range { max, .. } if max <= 1.0 && kind.is_float() => vec![ZeroToOne],
        Range { max, .. } if max <= 255.0 && kind == NumberKind::U16 => vec![HuPlus1024, ZeroTo255],
        Range { max, .. } if max <= 255.0 => vec![ZeroTo255, HuPlus1024, Hu],
        Range { max, .. } if max <= 4095.0 => vec![HuPlus1024, Hu],
        _ => vec![ZeroTo65535, Hu],
    };
    if kind.is_unsigned() {
        meanings.retain(|meaning| *meaning != Hu);
    }
    meanings
}

/// The place of one of `samples` that are evenly spread over `count` slices, the first and the last among them.
pub(super) fn evenly(sample: usize, samples: usize, count: usize) -> usize {
    sample * count.saturating_sub(1) / samples.saturating_sub(1).max(1)
}

/// What the user should know of numbers that are hardly what they are taken for.
pub(super) fn doubt(kind: NumberKind, range: Range) -> Option<&'static str> {
    let looks_normalised = kind.is_float() && range.min < 0.0 && range.min >= -20.0 && range.max <= 20.0;
    looks_normalised.then_some(
        "The values lie around 0 as if they were normalised for a network. Taken as Hounsfield units all of it is water: save the image in Hounsfield units.",
    )
}

/// What pixels made of numbers of this meaning count.
pub(super) fn quantity(meaning: Meaning) -> Quantity {
    match meaning {
        Meaning::Hu | Meaning::HuPlus1024 => Quantity::Hu,
        Meaning::ZeroTo255 => Quantity::Brightness { white: 255 },
        Meaning::ZeroToOne | Meaning::ZeroTo65535 => Quantity::Brightness { white: i16::MAX },
    }
}

/// The pixel for a number. HU below air and what is no number become air, or black; the rest is rounded and kept within
/// what pixels hold.
pub(super) fn pixel(meaning: Meaning, value: f64) -> i16 {
    let (value, lowest, highest) = match meaning {
        Meaning::Hu => (value, AIR_HU, i16::MAX),
        Meaning::HuPlus1024 => (value - HU_OFFSET, AIR_HU, i16::MAX),
        Meaning::ZeroToOne => (value * f64::from(i16::MAX), 0, i16::MAX),
        Meaning::ZeroTo255 => (value, 0, 255),
        Meaning::ZeroTo65535 => ((value / 2.0).floor(), 0, i16::MAX),
    };
    if value.is_nan() {
        return lowest;
    }
    value.round().clamp(f64::from(lowest), f64::from(highest)) as i16
}
