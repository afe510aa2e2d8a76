//! Numbers at given places of a binary header.

/// A header whose length is known to its reader; what lies beyond it reads as 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header<'a> {
    pub bytes: &'a [u8],
    pub big_endian: bool,
}

impl Header<'_> {
    fn word<const N: usize>(self, place: usize) -> [u8; N] {
        let mut word = self.bytes.get(place..).and_then(<[u8]>::first_chunk).copied().unwrap_or([0; N]);
        if self.big_endian {
            word.reverse();
        }
        word
    }

    pub fn u16(self, place: usize) -> u16 {
        u16::from_le_bytes(self.word(place))
    }

    pub fn i16(self, place: usize) -> i16 {
        i16::from_le_bytes(self.word(place))
    }

    pub fn u32(self, place: usize) -> u32 {
        u32::from_le_bytes(self.word(place))
    }

    pub fn i32(self, place: usize) -> i32 {
        i32::from_le_bytes(self.word(place))
    }

    pub fn i64(self, place: usize) -> i64 {
        i64::from_le_bytes(self.word(place))
    }

    pub fn f32(self, place: usize) -> f64 {
        f64::from(f32::from_le_bytes(self.word(place)))
    }

    pub fn f64(self, place: usize) -> f64 {
        f64::from_le_bytes(self.word(place))
    }
}
