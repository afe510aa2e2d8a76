//! Numbers as files store them.

use half::f16;

/// A type of number, and the order of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    pub kind: NumberKind,
    pub big_endian: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberKind {
    Bool,
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F16,
    F32,
    F64,
}

impl NumberKind {
    /// Number of bytes.
    pub fn width(self) -> usize {
        match self {
            Self::Bool | Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 | Self::F16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// Neither integers with a sign nor fractions.
    pub fn is_unsigned(self) -> bool {
        matches!(self, Self::Bool | Self::U8 | Self::U16 | Self::U32 | Self::U64)
    }

    pub fn is_float(self) -> bool {
        matches!(self, Self::F16 | Self::F32 | Self::F64)
    }
}

impl Number {
    pub fn width(self) -> usize {
        self.kind.width()
    }

    /// Hands each number in `bytes` to `each`.
    pub fn for_each(self, bytes: &[u8], mut each: impl FnMut(f64)) {
        macro_rules! numbers {
            ($type:ty, $to_f64:expr) => {{
                let (words, _) = bytes.as_chunks();
                if self.big_endian {
                    words.iter().for_each(|&word| each($to_f64(<$type>::from_be_bytes(word))));
                } else {
                    words.iter().for_each(|&word| each($to_f64(<$type>::from_le_bytes(word))));
                }
            }};
        }
        match self.kind {
            NumberKind::Bool => bytes.iter().for_each(|&byte| each(f64::from(byte != 0))),
            NumberKind::U8 => numbers!(u8, f64::from),
            NumberKind::I8 => numbers!(i8, f64::from),
            NumberKind::U16 => numbers!(u16, f64::from),
            NumberKind::I16 => numbers!(i16, f64::from),
            NumberKind::U32 => numbers!(u32, f64::from),
            NumberKind::I32 => numbers!(i32, f64::from),
            NumberKind::U64 => numbers!(u64, |value| value as f64),
            NumberKind::I64 => numbers!(i64, |value| value as f64),
            NumberKind::F16 => numbers!(f16, f64::from),
            NumberKind::F32 => numbers!(f32, f64::from),
            NumberKind::F64 => numbers!(f64, |value| value),
        }
    }
}
