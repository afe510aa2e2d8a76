//! RLE lossless (DICOM PS3.5 Annex G): one PackBits segment for each byte of a pixel, the high byte's first.

use super::damaged;
use super::pixels::Size;
use crate::error::ReadError;

/// A count of segments and 15 offsets, 32 bits each.
const HEADER: usize = 64;

/// One word for each pixel.
pub(super) fn decode(frame: &[u8], bits_allocated: u16, size: Size) -> Result<Vec<u16>, ReadError> {
    let (header, _) = frame.split_first_chunk::<HEADER>().ok_or(ReadError::Truncated)?;
    let mut numbers = header.as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes) as usize);
    let segments = numbers.next().unwrap_or_default();
    if segments != usize::from(bits_allocated / 8) {
        return Err(damaged());
    }
    let mut words = vec![0_u16; size.pixels()];
    let mut starts = numbers.take(segments).peekable();
    while let Some(start) = starts.next() {
        let end = starts.peek().copied().unwrap_or(frame.len());
        let segment = frame.get(start..end).ok_or(ReadError::Truncated)?;
        let mut pixels = words.iter_mut();
        unpack(segment, |byte| match pixels.next() {
            Some(word) => {
                *word = *word << 8 | u16::from(byte);
                true
            }
            None => false,
        });
        if pixels.next().is_some() {
            return Err(ReadError::Truncated);
        }
    }
    Ok(words)
}

/// Hands out the bytes of a PackBits segment until `take` wants no more.
fn unpack(mut packed: &[u8], mut take: impl FnMut(u8) -> bool) {
    while let [control, rest @ ..] = packed {
        match *control as i8 {
            i8::MIN => packed = rest,
            count @ 0.. => {
                let (literal, rest) = rest.split_at(rest.len().min(count as usize + 1));
                if !literal.iter().all(|&byte| take(byte)) {
                    return;
                }
                packed = rest;
            }
            count => {
                let [byte, rest @ ..] = rest else { return };
                if !(0..=-i16::from(count)).all(|_| take(*byte)) {
                    return;
                }
                packed = rest;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packbits_of_apple_technical_note_1023() {
        let packed =
            [0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7, 0xaa];
        let mut unpacked = Vec::new();
        unpack(&packed, |byte| {
            unpacked.push(byte);
            true
        });
        let expected =
            [[0xaa; 3].as_slice(), &[0x80, 0x00, 0x2a], &[0xaa; 4], &[0x80, 0x00, 0x2a, 0x22], &[0xaa; 10]];
        assert_eq!(unpacked, expected.concat());
    }
}
