//! A frame's pixel data becomes one 16-bit word for each pixel, as the transfer syntax says.

use std::io::Read;
use std::ops::Range;

use dicom_dictionary_std::uids;

use super::dataset::DataSet;
use super::frames::Frames;
use super::header::Header;
use super::{KIND, damaged, jpeg, jpeg2000, jpegls, rle};
use crate::error::ReadError;
use crate::read::damage;

/// `rows * columns` words, as stored.
pub(super) fn decode(
    data_set: &DataSet,
    header: &Header,
    frames: &Frames,
    index: usize,
) -> Result<Vec<u16>, ReadError> {
    let size = Size { rows: header.rows as usize, columns: header.columns as usize };
    let bits_allocated = header.bits.allocated;
    let frame = frames.bytes(data_set, index, native_range(header, index)?)?;
    let unsupported = || data_set.unsupported();
    let words = match data_set.syntax.uid() {
        _ if matches!(frames, Frames::Native) => {
            native(&frame, bits_allocated, data_set.is_big_endian(), size)?
        }
        uids::DEFLATED_IMAGE_FRAME_COMPRESSION => {
            native(&inflate(&frame, native_length(header))?, bits_allocated, false, size)?
        }
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
    if words.len() == size.pixels() { Ok(words) } else { Err(damaged()) }
}

/// The size that the header gives, at most [`MAX_SIDE`](crate::MAX_SIDE) each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub rows: usize,
    pub columns: usize,
}

impl Size {
    pub fn pixels(self) -> usize {
        self.rows * self.columns
    }
}

/// The bytes of an uncompressed frame, counted from the first frame's first.
pub(super) fn native_range(header: &Header, index: usize) -> Result<Range<usize>, ReadError> {
    let length = native_length(header);
    let start = index.checked_mul(length).ok_or(ReadError::Truncated)?;
    Ok(start..start.checked_add(length).ok_or(ReadError::Truncated)?)
}

fn native_length(header: &Header) -> usize {
    header.rows as usize * header.columns as usize * usize::from(header.bits.allocated / 8)
}

/// Uncompressed pixels of 8 or 16 bits.
fn native(bytes: &[u8], bits_allocated: u16, big_endian: bool, size: Size) -> Result<Vec<u16>, ReadError> {
    let length = size.pixels() * usize::from(bits_allocated / 8);
    let bytes = bytes.get(..length).ok_or(ReadError::Truncated)?;
    Ok(match (bits_allocated, big_endian) {
        (8, _) => bytes.iter().map(|&byte| u16::from(byte)).collect(),
        (_, false) => bytes.as_chunks().0.iter().map(|&word| u16::from_le_bytes(word)).collect(),
        (_, true) => bytes.as_chunks().0.iter().map(|&word| u16::from_be_bytes(word)).collect(),
    })
}

/// The first `length` bytes of a deflated frame.
pub(super) fn inflate(deflated: &[u8], length: usize) -> Result<Vec<u8>, ReadError> {
    let mut frame = Vec::new();
    let mut decoder = flate2::read::DeflateDecoder::new(deflated).take(length as u64);
    decoder.read_to_end(&mut frame).map_err(|error| damage(KIND, &error))?;
    Ok(frame)
}
