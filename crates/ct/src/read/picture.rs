//! PNG and JPEG.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::{DynamicImage, ImageDecoder, ImageError, Limits};

use super::raster::{Raster, Samples, grey};
use super::{MAX_SIDE, ReadError, check_sides, damage};

/// Memory that decoding may take beyond the file: four 16-bit channels of the largest picture, twice over.
const MAX_ALLOCATION: u64 = 2 * 8 * (MAX_SIDE as u64) * (MAX_SIDE as u64);

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOCATION);
    limits
}

pub(super) fn read_png(bytes: &[u8]) -> Result<Raster, ReadError> {
    const END_CHUNK: &[u8] = b"IEND";
    let is_complete = bytes.windows(END_CHUNK.len()).any(|window| window == END_CHUNK);
    if let Some((rows, columns)) = png_size(bytes) {
        check_sides(rows, columns)?;
    }
    PngDecoder::with_limits(Cursor::new(bytes), limits())
        .map_err(|error| refusal("PNG", &error))
        .and_then(|decoder| decode("PNG", decoder))
        .map_err(|error| match error {
            ReadError::Damaged { .. } if !is_complete => ReadError::Truncated,
            error => error,
        })
}

/// Rows and columns in the header. On a 32-bit machine the decoder takes a huge size for damage and does not tell it.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    Some((number(20)?, number(16)?))
}

/// A JPEG decoder fills what is missing with grey, so the end marker is looked for first.
pub(super) fn read_jpeg(bytes: &[u8]) -> Result<Raster, ReadError> {
    const START_OF_SCAN: [u8; 2] = [0xff, 0xda];
    const END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];
    let last = |marker: [u8; 2]| bytes.windows(2).rposition(|pair| pair == marker);
    if last(END_OF_IMAGE) <= last(START_OF_SCAN) {
        return Err(ReadError::Truncated);
    }
    let decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(|error| refusal("JPEG", &error))?;
    decode("JPEG", decoder)
}

fn decode(kind: &'static str, decoder: impl ImageDecoder) -> Result<Raster, ReadError> {
    let (columns, rows) = decoder.dimensions();
    check_sides(rows, columns)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| refusal(kind, &error))?;
    let channels = usize::from(picture.color().channel_count());
    let samples = match picture {
        DynamicImage::ImageLuma8(p) => Samples::U8(grey(p.into_raw(), channels, u8::MAX)?),
        DynamicImage::ImageLumaA8(p) => Samples::U8(grey(p.into_raw(), channels, u8::MAX)?),
        DynamicImage::ImageRgb8(p) => Samples::U8(grey(p.into_raw(), channels, u8::MAX)?),
        DynamicImage::ImageRgba8(p) => Samples::U8(grey(p.into_raw(), channels, u8::MAX)?),
        DynamicImage::ImageLuma16(p) => Samples::U16(grey(p.into_raw(), channels, u16::MAX)?),
        DynamicImage::ImageLumaA16(p) => Samples::U16(grey(p.into_raw(), channels, u16::MAX)?),
        DynamicImage::ImageRgb16(p) => Samples::U16(grey(p.into_raw(), channels, u16::MAX)?),
        DynamicImage::ImageRgba16(p) => Samples::U16(grey(p.into_raw(), channels, u16::MAX)?),
        _ => return Err(ReadError::PixelType { pixels: "of a rare type" }),
    };
    Ok(Raster { rows, columns, samples })
}

fn refusal(kind: &'static str, error: &ImageError) -> ReadError {
    match error {
        ImageError::Unsupported(_) => ReadError::PixelType { pixels: "of a rare type" },
        error => damage(kind, error),
    }
}
