//! JPEG: baseline and lossless.

use jpeg_decoder::{Decoder, Error, PixelFormat};

use super::pixels::Size;
use super::{KIND, damaged};
use crate::error::ReadError;
use crate::read::is_end_of_file;

/// One word for each pixel, `None` for the kinds of JPEG that cannot be read (12-bit lossy, arithmetic coding,
/// several scans).
pub(super) fn decode(frame: &[u8], size: Size) -> Result<Option<Vec<u16>>, ReadError> {
    const START_OF_SCAN: &[u8] = &[0xff, 0xda];
    // One component needs one scan; thousands of them would keep the decoder busy for minutes.
    if frame.windows(2).filter(|&marker| marker == START_OF_SCAN).count() > 1 {
        return Ok(None);
    }
    let mut decoder = Decoder::new(frame);
    decoder.set_max_decoding_buffer_size(2 * size.pixels());
    if let Err(error) = decoder.read_info() {
        return refusal(error);
    }
    let info = decoder.info().ok_or_else(damaged)?;
    if (usize::from(info.height), usize::from(info.width)) != (size.rows, size.columns) {
        return Err(damaged());
    }
    let bytes = match decoder.decode() {
        Ok(bytes) => bytes,
        Err(error) => return refusal(error),
    };
    match info.pixel_format {
        PixelFormat::L8 => Ok(Some(bytes.into_iter().map(u16::from).collect())),
        PixelFormat::L16 => {
            Ok(Some(bytes.as_chunks().0.iter().map(|&word| u16::from_ne_bytes(word)).collect()))
        }
        PixelFormat::RGB24 | PixelFormat::CMYK32 => Err(ReadError::Colour),
    }
}

fn refusal(error: Error) -> Result<Option<Vec<u16>>, ReadError> {
    match error {
        Error::Unsupported(_) => Ok(None),
        error if is_end_of_file(&error) => Err(ReadError::Truncated),
        _ => Err(ReadError::Damaged { kind: KIND }),
    }
}
