//! TIFF, read with its sample format: signed 16-bit pixels are Hounsfield units.

use std::io::Cursor;

use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::raster::{Raster, Samples, grey};
use super::{MAX_SIDE, ReadError, check_sides, damage};

/// Four 16-bit channels of the largest picture.
const MAX_BUFFER: usize = 8 * (MAX_SIDE as usize) * (MAX_SIDE as usize);
/// PlanarConfiguration: one plane for each channel.
const PLANAR: u16 = 2;

pub(super) fn read(bytes: &[u8]) -> Result<Raster, ReadError> {
    check_directory(bytes)?;
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MAX_BUFFER;
    limits.intermediate_buffer_size = MAX_BUFFER;
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(|error| refusal(&error))?.with_limits(limits);
    let (columns, rows) = decoder.dimensions().map_err(|error| refusal(&error))?;
    check_sides(rows, columns)?;
    if decoder.more_images() {
        return Err(ReadError::MultiPage);
    }
    let channels = channels(&mut decoder)?;
    let bilevel = matches!(decoder.colortype(), Ok(ColorType::Gray(1)));
    let samples = match decoder.read_image().map_err(|error| refusal(&error))? {
        DecodingResult::U8(packed) if bilevel => Samples::U8(unpack_bits(&packed, columns)),
        DecodingResult::U8(pixels) => Samples::U8(grey(pixels, channels, u8::MAX)?),
        DecodingResult::U16(pixels) => Samples::U16(grey(pixels, channels, u16::MAX)?),
        DecodingResult::I16(pixels) => Samples::I16(grey(pixels, channels, i16::MAX)?),
        DecodingResult::F16(_) | DecodingResult::F32(_) | DecodingResult::F64(_) => {
            return Err(ReadError::PixelType { pixels: "floating-point numbers" });
        }
        _ => return Err(ReadError::PixelType { pixels: "integers of a rare size" }),
    };
    Ok(Raster { rows, columns, samples })
}

/// Refuses a first directory that claims more values than a slice has parts. The decoder makes room for them before it
/// can be given limits.
fn check_directory(bytes: &[u8]) -> Result<(), ReadError> {
    const CLASSIC: u16 = 42;
    const IMAGE_DESCRIPTION: u16 = 270;
    const ENTRY: usize = 12;
    /// Tiles of 16 x 16 pixels in four planes of the largest picture.
    const MAX_VALUES: u32 = 1 << 16;
    let is_big_endian = bytes.starts_with(b"MM");
    let word =
        |bytes: [u8; 2]| if is_big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) };
    let double =
        |bytes: [u8; 4]| if is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
    let &[_, _, m, n, a, b, c, d] = bytes.first_chunk().ok_or(ReadError::Truncated)?;
    if word([m, n]) != CLASSIC {
        return Err(ReadError::PixelType { pixels: "stored as BigTIFF" });
    }
    let directory = bytes.get(double([a, b, c, d]) as usize..).and_then(|rest| rest.split_first_chunk());
    let (length, entries) = directory.ok_or(ReadError::Truncated)?;
    let is_excessive = |entry: &[u8; ENTRY]| {
        let &[t, u, _, _, e, f, g, h, ..] = entry;
        word([t, u]) != IMAGE_DESCRIPTION && double([e, f, g, h]) > MAX_VALUES
    };
    let mut entries = entries.as_chunks().0.iter().take(usize::from(word(*length)));
    if entries.any(is_excessive) { Err(ReadError::Damaged { kind: "TIFF" }) } else { Ok(()) }
}

/// The number of samples for each pixel, where they can be read as grey.
fn channels(decoder: &mut Decoder<Cursor<&[u8]>>) -> Result<usize, ReadError> {
    let color = decoder.colortype().map_err(|error| refusal(&error))?;
    match color {
        ColorType::Gray(1 | 8..) => return Ok(1),
        ColorType::Gray(_) => return Err(ReadError::PixelType { pixels: "of 2 or 4 bits" }),
        _ => {}
    }
    let planar =
        decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration).map_err(|error| refusal(&error))?;
    if planar == Some(PLANAR) {
        return Err(ReadError::PixelType { pixels: "stored plane by plane" });
    }
    match color {
        ColorType::GrayA(8 | 16) | ColorType::Multiband { bit_depth: 8 | 16, num_samples: 2 } => Ok(2),
        ColorType::RGB(8 | 16) => Ok(3),
        ColorType::RGBA(8 | 16) => Ok(4),
        ColorType::Palette(_) => Err(ReadError::PixelType { pixels: "indices into a colour palette" }),
        _ => Err(ReadError::Colour),
    }
}

/// One value, 0 or 1, for each bit; each row starts with a new byte, the highest bit first.
fn unpack_bits(packed: &[u8], columns: u32) -> Vec<u8> {
    let columns = columns as usize;
    packed
        .chunks(columns.div_ceil(8))
        .flat_map(|row| {
            row.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).take(columns)
        })
        .collect()
}

fn refusal(error: &TiffError) -> ReadError {
    match error {
        TiffError::UnsupportedError(_) => ReadError::PixelType { pixels: "stored in a rare way" },
        error => damage("TIFF", error),
    }
}
