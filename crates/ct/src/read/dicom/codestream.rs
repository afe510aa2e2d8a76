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

/// Marker codes (Table A.2). Codestreams with any other are not decoded: CT slices have one component and no regions
/// of interest, and the decoder does not go by the lengths of all segments, so that a walk could lose its trace.
const SIZE: u16 = 0xff51;
const CODING_STYLE: u16 = 0xff52;
const QUANTIZATION: u16 = 0xff5c;
const SKIPPED_BY_LENGTH: [u16; 3] = [0xff55, 0xff58, 0xff64];
const START_OF_TILE: u16 = 0xff90;
const START_OF_DATA: u16 = 0xff93;
const END_OF_CODESTREAM: u16 = 0xffd9;

/// The image of one component that a codestream holds.
#[derive(Debug)]
pub(super) struct Header {
    pub size: Size,
    /// Bits of a sample, 1 to 16.
    pub precision: u32,
    pub signed: bool,
}

impl Header {
    /// `None` for parts of the standard that are not supported.
    ///
    /// # Errors
    ///
    /// [`ReadError::Colour`] for several components, [`ReadError::Damaged`] for what no encoder of CT slices writes.
    pub fn parse(codestream: &[u8]) -> Result<Option<Self>, ReadError> {
        let mut segments = Segments::of(codestream);
        let Some((SIZE, size)) = segments.next()? else { return Err(damaged()) };
        let header = Self::of_size_segment(size)?;
        while let Some((marker, body)) = segments.next()? {
            match marker {
                CODING_STYLE => CodingStyle::parse(body).ok_or_else(damaged)?.check(header.size)?,
                QUANTIZATION if is_whole_quantization(body) => {}
                QUANTIZATION => return Err(damaged()),
                marker if SKIPPED_BY_LENGTH.contains(&marker) => {}
                _ => return Ok(None),
            }
        }
        Ok(Some(header))
    }

    /// Image and tile size (A.5.1).
    fn of_size_segment(body: &[u8]) -> Result<Self, ReadError> {
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
        let &[0, 1, depth, _, _] = body.get(34..).unwrap_or_default() else { return Err(ReadError::Colour) };
        let precision = u32::from(depth & 0x7f) + 1;
        if tiles > MAX_TILES || precision > 16 {
            return Err(damaged());
        }
        Ok(Self { size, precision, signed: depth & 0x80 != 0 })
    }
}

/// Whether a quantization segment (A.6.4) has as many bytes as its style takes.
fn is_whole_quantization(body: &[u8]) -> bool {
    match body {
        [style, steps @ ..] => match style & 0x1f {
            0 => true,
            1 => steps.len() == 2,
            _ => steps.len() % 2 == 0,
        },
        [] => false,
    }
}

/// How the image is cut into parts (A.6.1), as binary logarithms.
struct CodingStyle<'a> {
    levels: u32,
    /// Width times height of a code-block.
    code_block_area: u32,
    /// For each resolution from the lowest, the width in the low and the height in the high half of a byte; none where
    /// a resolution is a single precinct.
    precincts: &'a [u8],
}

impl<'a> CodingStyle<'a> {
    fn parse(body: &'a [u8]) -> Option<Self> {
        let &[style, _, _, _, _, levels, width, height, _, _, ref precincts @ ..] = body else { return None };
        let expected = if style & 1 == 1 { usize::from(levels) + 1 } else { 0 };
        let code_block_area = u32::from(width & 0xf) + u32::from(height & 0xf) + 4;
        (precincts.len() == expected).then_some(Self {
            levels: u32::from(levels),
            code_block_area,
            precincts,
        })
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

/// The marker segments of the main header and of the tile-parts' headers.
struct Segments<'a> {
    codestream: &'a [u8],
    position: usize,
    end_of_tile: usize,
}

impl<'a> Segments<'a> {
    fn of(codestream: &'a [u8]) -> Self {
        Self { codestream, position: 2, end_of_tile: codestream.len() }
    }

    /// The next marker and its parameters, `None` at the end.
    fn next(&mut self) -> Result<Option<(u16, &'a [u8])>, ReadError> {
        while self.position < self.codestream.len() {
            let marker = self.word(self.position)?;
            if marker == END_OF_CODESTREAM {
                return Ok(None);
            }
            if marker == START_OF_DATA {
                self.position = self.end_of_tile.max(self.position + 2);
                continue;
            }
            let start = self.position;
            self.position = start + 2 + usize::from(self.word(start + 2)?).max(2);
            let body = self.codestream.get(start + 4..self.position).ok_or(ReadError::Truncated)?;
            if marker != START_OF_TILE {
                return Ok(Some((marker, body)));
            }
            // A.4.2: tile index, length from the marker on (0: to the end), two numbers of parts.
            let &[_, _, a, b, c, d, _, _] = body else { return Err(damaged()) };
            self.end_of_tile = match u32::from_be_bytes([a, b, c, d]) {
                0 => self.codestream.len(),
                length => start.saturating_add(length as usize),
            };
        }
        Ok(None)
    }

    fn word(&self, position: usize) -> Result<u16, ReadError> {
        let bytes = self.codestream.get(position..).and_then(|rest| rest.first_chunk());
        bytes.map(|bytes| u16::from_be_bytes(*bytes)).ok_or(ReadError::Truncated)
    }
}
