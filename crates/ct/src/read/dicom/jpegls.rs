//! JPEG-LS, lossless and near-lossless.

use jpegls::CodecError;

use super::damaged;
use super::pixels::Size;
use crate::error::ReadError;

/// One word for each pixel, `None` for the parts of JPEG-LS that cannot be read (restart intervals, mapping tables).
pub(super) fn decode(frame: &[u8], size: Size) -> Result<Option<Vec<u16>>, ReadError> {
    let (columns, rows) = (size.columns as u32, size.rows as u32);
    match jpegls::decode(frame, columns, rows) {
        Ok((words, ..)) => Ok(Some(words)),
        Err(CodecError::Unsupported(_)) => Ok(None),
        Err(CodecError::Truncated { .. }) => Err(ReadError::Truncated),
        Err(_) => Err(damaged()),
    }
}
