//! A frame's pixel data becomes one 16-bit word for each pixel, as the transfer syntax says.

use std::cmp::Ordering;
use std::io::Read;
use std::ops::Range;

use dicom_dictionary_std::uids;

use super::dataset::DataSet;
use super::frames::Frames;
use super::{KIND, damaged, jpeg, jpeg2000, jpegls, rle};
use crate::error::ReadError;
use crate::read::damage;

/// The size of a frame and of its pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    pub size: Size,
    /// 1, 8 or 16.
    pub bits_allocated: u16,
}

/// At most [`MAX_SIDE`](crate::MAX_SIDE) each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub rows: usize,
    pub columns: usize,
}

impl Size {
    pub fn new([rows, columns]: [u32; 2]) -> Self {
        Self { rows: rows as usize, columns: columns as usize }
    }

    pub fn pixels(self) -> usize {
        self.rows * self.columns
    }
}

impl Format {
    /// Where the uncompressed frame at `index` lies, counted from the first frame's first bit: frames of single bits
    /// follow each other without a gap.
    fn bits(self, index: usize) -> Range<u64> {
        let length = self.size.pixels() as u64 * u64::from(self.bits_allocated);
        let start = index as u64 * length;
        start..start + length
    }

    /// The bytes that hold the uncompressed frame at `index`.
    fn bytes(self, index: usize) -> Range<u64> {
        let bits = self.bits(index);
        bits.start / 8..bits.end.div_ceil(8)
    }
}

/// Refuses a file whose uncompressed frames are not all there.
pub(super) fn check_length(format: Format, frames: &Frames, count: usize) -> Result<(), ReadError> {
    match frames {
        Frames::Native(all) if format.bytes(count - 1).end > all.end - all.start => Err(ReadError::Truncated),
        Frames::Native(_) | Frames::Encapsulated { .. } => Ok(()),
    }
}

/// The words of the frame at `index`, `rows * columns` of them, as stored.
pub(super) fn decode(
    data_set: &DataSet,
    format: Format,
    frames: &Frames,
    index: usize,
) -> Result<Vec<u16>, ReadError> {
    let Format { size, bits_allocated } = format;
    let frame = frames.bytes(data_set, index, format.bytes(index))?;
    let unsupported = || data_set.unsupported();
    let words = match data_set.syntax.uid() {
        _ if matches!(frames, Frames::Native(_)) && bits_allocated == 1 => {
            if data_set.is_big_endian() {
                return Err(unsupported());
            }
            single_bits(&frame, (format.bits(index).start % 8) as usize, size)
        }
        _ if matches!(frames, Frames::Native(_)) => {
            native(&frame, bits_allocated, data_set.is_big_endian(), size)
        }
        uids::DEFLATED_IMAGE_FRAME_COMPRESSION => {
            let frame = inflate(&frame, format.bytes(0).end)?;
            match bits_allocated {
                1 => single_bits(&frame, 0, size),
                _ => native(&frame, bits_allocated, false, size),
            }
        }
        _ if bits_allocated == 1 => return Err(unsupported()),
        uids::RLE_LOSSLESS => rle::decode(&frame, bits_allocated, size)?,
        uids::JPEG_BASELINE8_BIT
        | uids::JPEG_EXTENDED12_BIT
        | uids::JPEG_LOSSLESS
        | uids::JPEG_LOSSLESS_SV1 => jpeg::decode(&frame, size)?.ok_or_else(unsupported)?,
        uids::JPEGLS_LOSSLESS | uids::JPEGLS_NEAR_LOSSLESS => {
            jpegls::decode(&frame, size)?.ok_or_else(unsupported)?
        }
        uids::JPEG2000_LOSSLESS | uids::JPEG2000 => {
            jpeg2000::decode(&frame, size)?.ok_or_else(unsupported)?
        }
        _ => return Err(unsupported()),
    };
    match words.len().cmp(&size.pixels()) {
        Ordering::Equal => Ok(words),
        Ordering::Less => Err(ReadError::Truncated),
        Ordering::Greater => Err(damaged()),
    }
}

/// As many pixels of 8 or 16 bits as there are, at most those of the frame.
fn native(bytes: &[u8], bits_allocated: u16, big_endian: bool, size: Size) -> Vec<u16> {
    let words = match (bits_allocated, big_endian) {
        (8, _) => return bytes.iter().take(size.pixels()).map(|&byte| u16::from(byte)).collect(),
        (_, false) => u16::from_le_bytes,
        (_, true) => u16::from_be_bytes,
    };
    bytes.as_chunks().0.iter().take(size.pixels()).map(|&word| words(word)).collect()
}

/// Pixels of one bit after `skipped` others, the lowest bit of a byte first (DICOM PS3.5 8.1.1).
fn single_bits(bytes: &[u8], skipped: usize, size: Size) -> Vec<u16> {
    let bits = bytes.iter().flat_map(|&byte| (0..8).map(move |bit| u16::from(byte >> bit & 1)));
    bits.skip(skipped).take(size.pixels()).collect()
}

/// The first `length` bytes of a deflated frame.
fn inflate(deflated: &[u8], length: u64) -> Result<Vec<u8>, ReadError> {
    let mut frame = Vec::new();
    let mut decoder = flate2::read::DeflateDecoder::new(deflated).take(length);
    decoder.read_to_end(&mut frame).map_err(|error| damage(KIND, &error))?;
    Ok(frame)
}
