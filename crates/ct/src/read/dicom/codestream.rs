//! What a JPEG 2000 codestream (ISO/IEC 15444-1 Annex A) says of itself, judged before it is decoded.
//!
//! A decoder makes room for every tile, precinct and code-block that the headers declare. A stream of 150 bytes can
//! declare millions, so their number is limited to what encoders use.

use super::damaged;
use super::pixels::Size;
use crate::error::ReadError;

const MAX_TILES: usize = 4096;
/// Precincts of 16 x 16 pixels in the largest slice.
const MAX_PRECINCTS: usize = 1 << 14;
/// Code-blocks of 8 x 8 pixels in the largest slice.
const MAX_CODE_BLOCKS: usize = 1 << 16;

const START_OF_TILE: u16 = 0xff90;
const START_OF_DATA: u16 = 0xff93;
const END_OF_CODESTREAM: u16 = 0xffd9;
const CODING_STYLE: u16 = 0xff52;
const CODING_STYLE_OF_COMPONENT: u16 = 0xff53;

/// The image of one component that a codestream holds.
#[derive(Debug)]
pub(super) struct Header {
    pub size: Size,
    /// Bits of a sample, 1 to 16.
    pub precision: u32,
    pub signed: bool,
}

impl Header {
    /// # Errors
    ///
    /// [`ReadError::Colour`] for several components, [`ReadError::Damaged`] for what no encoder of CT slices writes.
    pub fn parse(codestream: &[u8]) -> Result<Self, ReadError> {
        let header = Self::image_and_tile_size(codestream)?;
        for (marker, body) in Segments::of(codestream) {
            match marker {
                CODING_STYLE => CodingStyle::parse(body, 5).ok_or_else(damaged)?.check(header.size)?,
                CODING_STYLE_OF_COMPONENT => {
                    CodingStyle::parse(body, 2).ok_or_else(damaged)?.check(header.size)?
                }
                _ => {}
            }
        }
        Ok(header)
    }

    /// The SIZ segment (A.5.1), which is the first.
    fn image_and_tile_size(codestream: &[u8]) -> Result<Self, ReadError> {
        let (_, body) = Segments::of(codestream).next().ok_or(ReadError::Truncated)?;
        let number = |index: usize| {
            let bytes = body.get(2 + 4 * index..)?.first_chunk()?;
            usize::try_from(u32::from_be_bytes(*bytes)).ok()
        };
        let sizes = || {
            let columns = number(0)?.checked_sub(number(2)?)?;
            let rows = number(1)?.checked_sub(number(3)?)?;
            let tiles = rows.div_ceil(number(5)?.max(1)).checked_mul(columns.div_ceil(number(4)?.max(1)))?;
            Some((Size { rows, columns }, tiles))
        };
        let (size, tiles) = sizes().ok_or_else(damaged)?;
        let &[components_high, components_low, depth, ..] = body.get(34..).unwrap_or_default() else {
            return Err(ReadError::Truncated);
        };
        if (components_high, components_low) != (0, 1) {
            return Err(ReadError::Colour);
        }
        let precision = u32::from(depth & 0x7f) + 1;
        if tiles > MAX_TILES || precision > 16 {
            return Err(damaged());
        }
        Ok(Self { size, precision, signed: depth & 0x80 != 0 })
    }
}

/// How the image is cut into parts (A.6.1, A.6.2), as binary logarithms.
struct CodingStyle<'a> {
    levels: u32,
    /// Width and height of a code-block, together.
    code_block_area: u32,
    /// For each resolution from the lowest, the width in the low and the height in the high half of a byte.
    precincts: &'a [u8],
}

impl<'a> CodingStyle<'a> {
    /// The parameters start `offset` bytes into the segment.
    fn parse(body: &'a [u8], offset: usize) -> Option<Self> {
        let &[levels, width, height, _, _, ref precincts @ ..] = body.get(offset..)? else { return None };
        let code_block_area = u32::from(width & 0xf) + u32::from(height & 0xf) + 4;
        Some(Self { levels: u32::from(levels), code_block_area, precincts })
    }

    /// Refuses more parts than an image of `size` has in practice.
    fn check(&self, size: Size) -> Result<(), ReadError> {
        let code_blocks = size.pixels() >> self.code_block_area;
        let precincts: usize = (0..=self.levels)
            .zip(self.precincts)
            .map(|(resolution, exponents)| {
                let at_resolution = |side: usize, exponent: u8| {
                    let shrunk = side.div_ceil(1 << (self.levels - resolution).min(31));
                    shrunk.div_ceil(1 << exponent)
                };
                at_resolution(size.columns, exponents & 0xf) * at_resolution(size.rows, exponents >> 4)
            })
            .sum();
        if code_blocks > MAX_CODE_BLOCKS || precincts > MAX_PRECINCTS { Err(damaged()) } else { Ok(()) }
    }
}

/// The marker segments of the main header and of the tile-parts' headers: marker and parameters.
struct Segments<'a> {
    codestream: &'a [u8],
    position: usize,
    end_of_tile: usize,
}

impl<'a> Segments<'a> {
    fn of(codestream: &'a [u8]) -> Self {
        Self { codestream, position: 2, end_of_tile: codestream.len() }
    }

    fn word(&self, position: usize) -> Option<u16> {
        self.codestream.get(position..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let marker = self.word(self.position)?;
            if marker == END_OF_CODESTREAM {
                return None;
            }
            if marker == START_OF_DATA {
                self.position = self.end_of_tile.max(self.position + 2);
                continue;
            }
            let start = self.position;
            let length = usize::from(self.word(start + 2)?).max(2);
            self.position = start + 2 + length;
            let body = self.codestream.get(start + 4..self.position)?;
            if marker == START_OF_TILE {
                let length = u32::from_be_bytes(*body.get(2..)?.first_chunk()?) as usize;
                self.end_of_tile =
                    if length == 0 { self.codestream.len() } else { start.saturating_add(length) };
                continue;
            }
            return Some((marker, body));
        }
    }
}
