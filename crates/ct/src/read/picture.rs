//! PNG and JPEG.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, Limits};

use super::pages::{Album, Pages};
use super::raster::{Raster, Samples, grey};
use super::{MAX_SIDE, ReadError, check_sides, damage};
use crate::Meaning;

/// Memory that decoding may take beyond the file: four 16-bit channels of the largest picture, twice over.
const MAX_ALLOCATION: u64 = 2 * 8 * (MAX_SIDE as u64) * (MAX_SIDE as u64);

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOCATION);
    limits
}

/// A PNG or JPEG file.
struct Picture {
    bytes: Vec<u8>,
    kind: PictureKind,
    /// Whether no sample has more than 8 bits.
    is_8_bit: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PictureKind {
    Png,
    Jpeg,
}

/// The one picture of a file. Its header is read, its pixels are not.
pub(super) fn open(kind: PictureKind, bytes: Vec<u8>) -> Result<Album, ReadError> {
    let (columns, rows, color) = match kind {
        PictureKind::Png => with_png(&bytes, |decoder| Ok(header(&decoder)))?,
        PictureKind::Jpeg => header(&jpeg(&bytes)?),
    };
    check_sides(rows, columns)?;
    let is_8_bit = color.bytes_per_pixel() == color.channel_count();
    let pages = Box::new(Picture { bytes, kind, is_8_bit });
    Ok(Album { pages, count: 1, rows, columns, spacing: None, thickness_mm: None })
}

impl Pages for Picture {
    fn page(&mut self, index: usize) -> Result<Raster, ReadError> {
        match self.kind {
            _ if index > 0 => Err(ReadError::NoSuchSlice),
            PictureKind::Png => with_png(&self.bytes, |decoder| decode("PNG", decoder)),
            PictureKind::Jpeg => decode("JPEG", jpeg(&self.bytes)?),
        }
    }

    fn known_meaning(&mut self) -> Result<Option<Meaning>, ReadError> {
        Ok(self.is_8_bit.then_some(Meaning::ZeroTo255))
    }
}

fn header(decoder: &impl ImageDecoder) -> (u32, u32, ColorType) {
    let (columns, rows) = decoder.dimensions();
    (columns, rows, decoder.color_type())
}

/// What `read` makes of a PNG.
fn with_png<T>(
    bytes: &[u8],
    read: impl FnOnce(PngDecoder<Cursor<&[u8]>>) -> Result<T, ReadError>,
) -> Result<T, ReadError> {
    const END_CHUNK: &[u8] = b"IEND";
    let is_complete = bytes.windows(END_CHUNK.len()).any(|window| window == END_CHUNK);
    if let Some((rows, columns)) = png_size(bytes) {
        check_sides(rows, columns)?;
    }
    PngDecoder::with_limits(Cursor::new(bytes), limits())
        .map_err(|error| refusal("PNG", &error))
        .and_then(read)
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
fn jpeg(bytes: &[u8]) -> Result<JpegDecoder<Cursor<&[u8]>>, ReadError> {
    const START_OF_SCAN: [u8; 2] = [0xff, 0xda];
    const END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];
    let last = |marker: [u8; 2]| bytes.windows(2).rposition(|pair| pair == marker);
    if last(END_OF_IMAGE) <= last(START_OF_SCAN) {
        return Err(ReadError::Truncated);
    }
    JpegDecoder::new(Cursor::new(bytes)).map_err(|error| refusal("JPEG", &error))
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
