//! JPEG 2000, lossless and lossy.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use super::codestream::Header;
use super::damaged;
use super::pixels::Size;
use crate::error::ReadError;

/// One word for each pixel, two's complement where the codestream's samples are signed; `None` for the parts of JPEG
/// 2000 that cannot be read.
pub(super) fn decode(frame: &[u8], size: Size) -> Result<Option<Vec<u16>>, ReadError> {
    let codestream = codestream(frame).ok_or_else(damaged)?;
    let Some(header) = Header::parse(codestream)? else { return Ok(None) };
    if header.size != size {
        return Err(damaged());
    }
    let settings = DecodeSettings { strict: true, ..DecodeSettings::default() };
    let refusal = |_| if is_complete(codestream) { damaged() } else { ReadError::Truncated };
    let image = Image::new(codestream, &settings).map_err(refusal)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(refusal)?;
    let samples = decoded.components().first().ok_or_else(damaged)?.samples();
    // The decoder adds half of the range to every sample, which only unsigned ones need, and lets lossy ones go past
    // the range.
    let offset = if header.signed { 1 << (header.precision - 1) } else { 0 };
    let highest = (1 << header.precision) - 1;
    let word = |sample: &f32| ((sample.round() as i32).clamp(0, highest) - offset) as u16;
    Ok(Some(samples.iter().map(word).collect()))
}

/// The codestream, out of its JP2 container where it is in one.
fn codestream(frame: &[u8]) -> Option<&[u8]> {
    const START_AND_SIZE_MARKERS: [u8; 4] = [0xff, 0x4f, 0xff, 0x51];
    let start = frame.windows(4).position(|window| window == START_AND_SIZE_MARKERS)?;
    frame.get(start..)
}

/// Whether the codestream ends with its end marker, but for a padding byte.
fn is_complete(codestream: &[u8]) -> bool {
    const END_OF_CODESTREAM: &[u8] = &[0xff, 0xd9];
    codestream.strip_suffix(&[0]).unwrap_or(codestream).ends_with(END_OF_CODESTREAM)
}
