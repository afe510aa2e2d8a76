//! JPEG: baseline, extended with 12 bits, and lossless.

use jpeg_decoder::{Decoder, Error, PixelFormat};
use openreadout_codecs::CodecError;

use super::pixels::Size;
use super::{KIND, damaged};
use crate::error::ReadError;
use crate::read::is_end_of_file;

/// One word for each pixel, `None` for the kinds of JPEG that cannot be read (arithmetic coding, progressive with
/// 12 bits, several scans).
pub(super) fn decode(frame: &[u8], size: Size) -> Result<Option<Vec<u16>>, ReadError> {
    const START_OF_SCAN: &[u8] = &[0xff, 0xda];
    let mut scans = frame.windows(2).enumerate().filter(|(_, marker)| *marker == START_OF_SCAN);
    let scan = scans.next().and_then(|(at, _)| frame.get(at..)).unwrap_or_default();
    // One component needs one scan; thousands of them would keep the decoder busy for minutes.
    if scans.next().is_some() {
        return Ok(None);
    }
    match FrameHeader::find(frame) {
        Some(header) if header.is_12_bit_dct() => decode_12_bit(frame, header, size),
        Some(header) if header.is_lossless() && is_shifted(scan) => Ok(None),
        _ => decode_8_bit_or_lossless(frame, size),
    }
}

/// Whether a scan of one component leaves out low bits (the point transform, ISO/IEC 10918-1 B.2.3), which DICOM does
/// not allow in lossless images and the decoder gets wrong.
fn is_shifted(scan: &[u8]) -> bool {
    const APPROXIMATION: usize = 9;
    scan.get(APPROXIMATION).is_some_and(|approximation| approximation & 0xf != 0)
}

fn decode_8_bit_or_lossless(frame: &[u8], size: Size) -> Result<Option<Vec<u16>>, ReadError> {
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

/// The decoder takes what is missing at the end for zeros, so the end marker is looked for first.
fn decode_12_bit(frame: &[u8], header: FrameHeader, size: Size) -> Result<Option<Vec<u16>>, ReadError> {
    const END_OF_IMAGE: &[u8] = &[0xff, 0xd9];
    if header.size != size {
        return Err(damaged());
    }
    if header.components != 1 {
        return Err(ReadError::Colour);
    }
    if !frame.windows(2).any(|marker| marker == END_OF_IMAGE) {
        return Err(ReadError::Truncated);
    }
    match openreadout_codecs::jpeg_decode_limited(frame, 2 * size.pixels()) {
        Ok(picture) => {
            Ok(Some(picture.data.as_chunks().0.iter().map(|&word| u16::from_le_bytes(word)).collect()))
        }
        Err(CodecError::Unsupported { .. }) => Ok(None),
        Err(_) => Err(damaged()),
    }
}

/// What the start of a frame (ISO/IEC 10918-1 B.2.2) says.
#[derive(Debug, Clone, Copy)]
struct FrameHeader {
    marker: u8,
    precision: u8,
    size: Size,
    components: u8,
}

impl FrameHeader {
    /// The first of them.
    fn find(jpeg: &[u8]) -> Option<Self> {
        let mut rest = jpeg.strip_prefix(&[0xff, 0xd8])?;
        loop {
            match *rest {
                [0xff, 0xff, ..] => rest = rest.get(1..)?,
                [0xff, marker, a, b, ..] => {
                    let length = usize::from(u16::from_be_bytes([a, b]));
                    if let 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf = marker {
                        return Self::parse(marker, rest.get(4..)?);
                    }
                    rest = rest.get(2 + length..)?;
                }
                _ => return None,
            }
        }
    }

    fn parse(marker: u8, body: &[u8]) -> Option<Self> {
        let &[precision, a, b, c, d, components, ..] = body else { return None };
        let side = |high, low| usize::from(u16::from_be_bytes([high, low]));
        Some(Self { marker, precision, size: Size { rows: side(a, b), columns: side(c, d) }, components })
    }

    fn is_lossless(self) -> bool {
        matches!(self.marker, 0xc3 | 0xc7 | 0xcb | 0xcf)
    }

    fn is_12_bit_dct(self) -> bool {
        self.precision == 12 && !self.is_lossless()
    }
}
