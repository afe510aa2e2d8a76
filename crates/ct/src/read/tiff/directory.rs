//! The chain of directories of a TIFF, one for each page, read before a decoder makes room for what they claim.

use std::collections::BTreeSet;
use std::io;

use super::super::bytes::Header;
use super::super::input::{Input, failure};
use super::{FORMAT, ReadError};
use crate::error::MAX_SLICES;

/// Values that one entry may have: tiles of 16 x 16 pixels in four planes of the largest picture.
const MAX_VALUES: u32 = 1 << 16;
/// Entries that a directory may have.
const MAX_ENTRIES: u16 = 4096;
/// The longest description that is read, in bytes.
const MAX_DESCRIPTION: u32 = 1 << 16;
const ENTRY: usize = 12;

pub(super) mod tag {
    pub const NEW_SUBFILE_TYPE: u16 = 254;
    pub const IMAGE_WIDTH: u16 = 256;
    pub const IMAGE_LENGTH: u16 = 257;
    pub const BITS_PER_SAMPLE: u16 = 258;
    pub const COMPRESSION: u16 = 259;
    pub const IMAGE_DESCRIPTION: u16 = 270;
    pub const STRIP_OFFSETS: u16 = 273;
    pub const SAMPLES_PER_PIXEL: u16 = 277;
    pub const X_RESOLUTION: u16 = 282;
    pub const Y_RESOLUTION: u16 = 283;
    pub const RESOLUTION_UNIT: u16 = 296;
    pub const SAMPLE_FORMAT: u16 = 339;
}

/// One page's entries.
#[derive(Debug, Clone)]
pub(super) struct Directory {
    entries: Vec<u8>,
    pub big_endian: bool,
}

impl Directory {
    /// All pages but thumbnails, each with its place in the chain.
    ///
    /// # Errors
    ///
    /// [`ReadError::Damaged`] for a chain that bites its tail and for entries of more values than a picture has parts.
    pub fn chain(input: &mut Input) -> Result<Vec<(usize, Self)>, ReadError> {
        const CLASSIC: u16 = 42;
        let lost = |error: &io::Error| failure(FORMAT, error);
        let mut start = [0; 8];
        input.read_at(0, &mut start).map_err(|error| lost(&error))?;
        let big_endian = start.starts_with(b"MM");
        let header = Header { bytes: &start, big_endian };
        if header.u16(2) != CLASSIC {
            return Err(ReadError::PixelType { pixels: "stored as BigTIFF" });
        }
        let mut pages = Vec::new();
        let mut seen = BTreeSet::new();
        let mut place = header.u32(4);
        while place != 0 {
            if !seen.insert(place) {
                return Err(ReadError::Damaged { kind: FORMAT });
            }
            if seen.len() as u64 > MAX_SLICES {
                return Err(ReadError::TooManySlices { slices: seen.len() as u64 });
            }
            let (directory, next) = Self::read(input, place.into(), big_endian)?;
            if directory.inline(tag::NEW_SUBFILE_TYPE).unwrap_or(0) & 1 == 0 {
                pages.push((seen.len() - 1, directory));
            }
            place = next;
        }
        Ok(pages)
    }

    fn read(input: &mut Input, place: u64, big_endian: bool) -> Result<(Self, u32), ReadError> {
        let lost = |error: &io::Error| failure(FORMAT, error);
        let mut count = [0; 2];
        input.read_at(place, &mut count).map_err(|error| lost(&error))?;
        let count = Header { bytes: &count, big_endian }.u16(0);
        if count > MAX_ENTRIES {
            return Err(ReadError::Damaged { kind: FORMAT });
        }
        let mut entries = vec![0; usize::from(count) * ENTRY];
        input.read_at(place + 2, &mut entries).map_err(|error| lost(&error))?;
        let mut next = [0; 4];
        // Some writers leave out the end of the chain.
        let next = match input.read_at(place + 2 + entries.len() as u64, &mut next) {
            Ok(()) => Header { bytes: &next, big_endian }.u32(0),
            Err(_) => 0,
        };
        let directory = Self { entries, big_endian };
        let is_excessive =
            |entry: Header| entry.u16(0) != tag::IMAGE_DESCRIPTION && entry.u32(4) > MAX_VALUES;
        if directory.entries().any(is_excessive) {
            return Err(ReadError::Damaged { kind: FORMAT });
        }
        Ok((directory, next))
    }

    fn entries(&self) -> impl Iterator<Item = Header<'_>> {
        let big_endian = self.big_endian;
        self.entries.chunks_exact(ENTRY).map(move |bytes| Header { bytes, big_endian })
    }

    fn entry(&self, tag: u16) -> Option<Header<'_>> {
        self.entries().find(|entry| entry.u16(0) == tag)
    }

    /// A number that the entry itself holds.
    pub fn inline(&self, tag: u16) -> Option<u32> {
        let entry = self.entry(tag)?;
        match (entry.u16(2), entry.u32(4)) {
            (1, 1..=4) => entry.bytes.get(8).map(|&byte| u32::from(byte)),
            (3, 1..=2) => Some(u32::from(entry.u16(8))),
            (4, 1) => Some(entry.u32(8)),
            _ => None,
        }
    }

    /// The only or the first number of an entry.
    pub fn first(&self, tag: u16, input: &mut Input) -> Option<u32> {
        const LONG: u16 = 4;
        if let Some(number) = self.inline(tag) {
            return Some(number);
        }
        let entry = self.entry(tag)?;
        let mut number = [0; 4];
        input.read_at(entry.u32(8).into(), &mut number).ok()?;
        let number = Header { bytes: &number, big_endian: self.big_endian };
        Some(if entry.u16(2) == LONG { number.u32(0) } else { u32::from(number.u16(0)) })
    }

    /// A fraction of two numbers.
    pub fn rational(&self, tag: u16, input: &mut Input) -> Option<f64> {
        const RATIONAL: u16 = 5;
        let entry = self.entry(tag).filter(|entry| entry.u16(2) == RATIONAL)?;
        let mut parts = [0; 8];
        input.read_at(entry.u32(8).into(), &mut parts).ok()?;
        let parts = Header { bytes: &parts, big_endian: self.big_endian };
        Some(f64::from(parts.u32(0)) / f64::from(parts.u32(4))).filter(|value| value.is_finite())
    }

    /// The description of the picture, without what cannot be read as text.
    pub fn description(&self, input: &mut Input) -> Option<String> {
        let entry = self.entry(tag::IMAGE_DESCRIPTION)?;
        let length = entry.u32(4).min(MAX_DESCRIPTION);
        let mut text = vec![0; length as usize];
        if length <= 4 {
            text = entry.bytes.get(8..8 + length as usize)?.to_vec();
        } else {
            input.read_at(entry.u32(8).into(), &mut text).ok()?;
        }
        Some(String::from_utf8_lossy(&text).trim_end_matches('\0').to_owned())
    }
}
