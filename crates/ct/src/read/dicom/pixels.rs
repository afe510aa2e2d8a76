//! Pixel data becomes one 16-bit word for each pixel, as the transfer syntax says.

use dicom_dictionary_std::uids;

use super::dataset::{DataSet, PixelData};
use super::header::Header;
use super::{damaged, jpeg, jpeg2000, rle};
use crate::error::ReadError;

/// `rows * columns` words, as stored.
pub(super) fn decode(data_set: &DataSet, header: &Header) -> Result<Vec<u16>, ReadError> {
    let size = Size { rows: header.rows as usize, columns: header.columns as usize };
    let pixel_data = data_set.pixel_data()?;
    let words = match (data_set.syntax.uid(), pixel_data) {
        (_, PixelData::Native(bytes)) if !data_set.syntax.is_encapsulated_pixel_data() => {
            native(bytes, header.bits.allocated, data_set.is_big_endian(), size)?
        }
        (uids::RLE_LOSSLESS, PixelData::Encapsulated(frame)) => {
            rle::decode(&frame, header.bits.allocated, size)?
        }
        (
            uids::JPEG_BASELINE8_BIT
            | uids::JPEG_EXTENDED12_BIT
            | uids::JPEG_LOSSLESS
            | uids::JPEG_LOSSLESS_SV1,
            PixelData::Encapsulated(frame),
        ) => jpeg::decode(&frame, size)?.ok_or_else(|| unsupported(data_set))?,
        (uids::JPEG2000_LOSSLESS | uids::JPEG2000, PixelData::Encapsulated(frame)) => {
            jpeg2000::decode(&frame, size)?.ok_or_else(|| unsupported(data_set))?
        }
        (_, PixelData::Encapsulated(_)) if data_set.syntax.is_encapsulated_pixel_data() => {
            return Err(unsupported(data_set));
        }
        _ => return Err(damaged()),
    };
    if words.len() == size.pixels() { Ok(words) } else { Err(damaged()) }
}

fn unsupported(data_set: &DataSet) -> ReadError {
    ReadError::TransferSyntax {
        name: data_set.syntax.name().to_owned(),
        uid: data_set.syntax.uid().to_owned(),
    }
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

/// Uncompressed pixels of 8 or 16 bits; bytes after the last pixel are padding.
fn native(bytes: &[u8], bits_allocated: u16, big_endian: bool, size: Size) -> Result<Vec<u16>, ReadError> {
    let length = size.pixels() * usize::from(bits_allocated / 8);
    let bytes = bytes.get(..length).ok_or(ReadError::Truncated)?;
    Ok(match (bits_allocated, big_endian) {
        (8, _) => bytes.iter().map(|&byte| u16::from(byte)).collect(),
        (_, false) => bytes.as_chunks().0.iter().map(|&word| u16::from_le_bytes(word)).collect(),
        (_, true) => bytes.as_chunks().0.iter().map(|&word| u16::from_be_bytes(word)).collect(),
    })
}
