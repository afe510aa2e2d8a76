//! JPEG 2000, lossless and lossy.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

use super::damaged;
use super::pixels::Size;
use crate::error::ReadError;

/// One word for each pixel, two's complement where the codestream's samples are signed.
pub(super) fn decode(frame: &[u8], size: Size) -> Result<Vec<u16>, ReadError> {
    let codestream = codestream(frame).ok_or_else(damaged)?;
    let component = Component::of(codestream).ok_or_else(damaged)?;
    component.check(size)?;
    let settings = DecodeSettings { strict: true, ..DecodeSettings::default() };
    let refusal = |_| if is_complete(codestream) { damaged() } else { ReadError::Truncated };
    let image = Image::new(codestream, &settings).map_err(refusal)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(refusal)?;
    let samples = decoded.components().first().ok_or_else(damaged)?.samples();
    let offset = component.signed_offset();
    Ok(samples.iter().map(|sample| (sample.round() as i32 - offset) as u16).collect())
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

/// What the SIZ marker segment says of the image (ISO/IEC 15444-1 A.5.1).
#[derive(Debug, PartialEq, Eq)]
struct Component {
    rows: usize,
    columns: usize,
    tile_rows: usize,
    tile_columns: usize,
    components: u16,
    precision: u8,
    signed: bool,
}

impl Component {
    fn of(codestream: &[u8]) -> Option<Self> {
        const AFTER_CAPABILITIES: usize = 8;
        let number = |index: usize| {
            let bytes = codestream.get(AFTER_CAPABILITIES + 4 * index..)?.first_chunk()?;
            usize::try_from(u32::from_be_bytes(*bytes)).ok()
        };
        let after_numbers = codestream.get(AFTER_CAPABILITIES + 4 * 8..)?;
        let [high, low, depth, ..] = *after_numbers else { return None };
        Some(Self {
            columns: number(0)?.checked_sub(number(2)?)?,
            rows: number(1)?.checked_sub(number(3)?)?,
            tile_columns: number(4)?,
            tile_rows: number(5)?,
            components: u16::from_be_bytes([high, low]),
            precision: (depth & 0x7f) + 1,
            signed: depth & 0x80 != 0,
        })
    }

    /// Refuses what would take more memory or time than an image of `size` should.
    fn check(&self, size: Size) -> Result<(), ReadError> {
        const MAX_TILES: usize = 4096;
        if self.components != 1 {
            return Err(ReadError::Colour);
        }
        let tiles = |side: usize, tile: usize| if tile == 0 { usize::MAX } else { side.div_ceil(tile) };
        let count = tiles(self.rows, self.tile_rows).saturating_mul(tiles(self.columns, self.tile_columns));
        let fits = (self.rows, self.columns) == (size.rows, size.columns);
        if fits && count <= MAX_TILES && (1..=16).contains(&self.precision) { Ok(()) } else { Err(damaged()) }
    }

    /// The decoder adds half of the range to every sample, which only unsigned ones need.
    fn signed_offset(&self) -> i32 {
        if self.signed { 1 << (self.precision - 1) } else { 0 }
    }
}
