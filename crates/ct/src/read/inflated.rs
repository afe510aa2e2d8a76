//! Compressed bytes as if they lay open: forwards they are inflated on the way, backwards from a mark that was left there.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

use crc32fast::Hasher;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

use super::Source;

/// How bytes are deflated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapping {
    /// RFC 1952, one or several members.
    Gzip,
    /// RFC 1950.
    Zlib,
    /// RFC 1951, as in ZIP files.
    Bare,
}

/// Deflated bytes that are fetched at a time.
const PIECE: usize = 64 << 10;

/// The inflated bytes between two marks: going back costs the inflating of so many at most.
pub(super) const MARK_BYTES: u64 = 16 << 20;

/// The most marks, of some 43 KB each. Before there are more, every second one goes.
const MAX_MARKS: usize = 128;

/// The inflated bytes of a part of `source`.
pub(super) struct Inflated {
    source: Box<dyn Source>,
    wrapping: Wrapping,
    /// Where the deflated bytes begin, and how many there are at most.
    start: u64,
    length: u64,
    /// Where inflating stops with an error.
    limit: u64,
    at: Mark,
    /// Places that were passed, the first of them the start.
    marks: Vec<Mark>,
    between_marks: u64,
    /// What was fetched of the deflated bytes and is not consumed.
    piece: Vec<u8>,
    piece_used: usize,
}

/// A place and all that is needed to go on from it.
#[derive(Clone)]
struct Mark {
    /// Inflated bytes before it.
    position: u64,
    /// Deflated bytes before it.
    consumed: u64,
    stage: Stage,
    state: Box<InflateState>,
    /// Of the gzip member so far.
    checksum: Hasher,
    member_length: u32,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The header of the first gzip member, or of another.
    Header,
    Body,
    /// A gzip member's checksum and length.
    Trailer,
    End,
}

impl Inflated {
    /// Inflates up to `length` bytes of `source` from `start` on; more than `limit` bytes coming out are an error.
    pub fn new(
        mut source: Box<dyn Source>,
        wrapping: Wrapping,
        start: u64,
        length: u64,
        limit: u64,
    ) -> io::Result<Self> {
        source.seek(SeekFrom::Start(start))?;
        let format = if wrapping == Wrapping::Zlib { DataFormat::Zlib } else { DataFormat::Raw };
        let at = Mark {
            position: 0,
            consumed: 0,
            stage: if wrapping == Wrapping::Gzip { Stage::Header } else { Stage::Body },
            state: InflateState::new_boxed(format),
            checksum: Hasher::new(),
            member_length: 0,
        };
        Ok(Self {
            source,
            wrapping,
            start,
            length,
            limit,
            marks: vec![at.clone()],
            at,
            between_marks: MARK_BYTES,
            piece: Vec::new(),
            piece_used: 0,
        })
    }

    /// Goes to the last mark at or before `place`.
    fn go_to_mark(&mut self, place: u64) -> io::Result<()> {
        let mark = self.marks.iter().rfind(|mark| mark.position <= place).ok_or(ErrorKind::BrokenPipe)?;
        self.at = mark.clone();
        self.piece_used = self.piece.len();
        self.source.seek(SeekFrom::Start(self.start + self.at.consumed)).map(|_| ())
    }

    fn leave_mark(&mut self) {
        let last = self.marks.last().map_or(0, |mark| mark.position);
        if self.at.position < last + self.between_marks {
            return;
        }
        if self.marks.len() == MAX_MARKS {
            let mut keeps = false;
            self.marks.retain(|_| {
                keeps = !keeps;
                keeps
            });
            self.between_marks *= 2;
        }
        self.marks.push(self.at.clone());
    }

    /// What is left of the deflated bytes at hand, after fetching more if nothing is; empty at their end.
    fn deflated(&mut self) -> io::Result<&[u8]> {
        if self.piece_used == self.piece.len() {
            let left = self.length.saturating_sub(self.at.consumed).min(PIECE as u64);
            (self.piece_used, self.piece) = (0, Vec::with_capacity(left as usize));
            (&mut self.source).take(left).read_to_end(&mut self.piece)?;
        }
        Ok(self.piece.get(self.piece_used..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.piece_used += count;
        self.at.consumed += count as u64;
    }

    fn byte(&mut self) -> io::Result<u8> {
        let byte = *self.deflated()?.first().ok_or(ErrorKind::UnexpectedEof)?;
        self.consume(1);
        Ok(byte)
    }

    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            *byte = self.byte()?;
        }
        Ok(bytes)
    }

    fn skip_text(&mut self) -> io::Result<()> {
        while self.byte()? != 0 {}
        Ok(())
    }

    /// A gzip member's header (RFC 1952, 2.3).
    fn header(&mut self) -> io::Result<()> {
        let [magic_1, magic_2, method, flags, ..] = self.bytes::<10>()?;
        let has = |bit: u8| flags >> bit & 1 != 0;
        if [magic_1, magic_2, method] != [0x1f, 0x8b, 8] || flags >> 5 != 0 {
            return Err(ErrorKind::InvalidData.into());
        }
        if has(2) {
            for _ in 0..u16::from_le_bytes(self.bytes()?) {
                self.byte()?;
            }
        }
        if has(3) {
            self.skip_text()?;
        }
        if has(4) {
            self.skip_text()?;
        }
        if has(1) {
            self.bytes::<2>()?;
        }
        self.at.state.reset(DataFormat::Raw);
        self.at.checksum.reset();
        self.at.member_length = 0;
        self.at.stage = Stage::Body;
        Ok(())
    }

    /// A gzip member's checksum and length, both as they must be, and whether another follows.
    fn trailer(&mut self) -> io::Result<()> {
        let [checksum, length] = [u32::from_le_bytes(self.bytes()?), u32::from_le_bytes(self.bytes()?)];
        if checksum != self.at.checksum.clone().finalize() || length != self.at.member_length {
            return Err(ErrorKind::InvalidData.into());
        }
        self.at.stage = if self.deflated()?.is_empty() { Stage::End } else { Stage::Header };
        Ok(())
    }

    /// Inflates some bytes, perhaps none.
    fn body(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.deflated()?;
        let input = self.piece.get(self.piece_used..).unwrap_or_default();
        let is_end = input.is_empty();
        let result = inflate(&mut self.at.state, input, buffer, MZFlush::None);
        let (consumed, written) = (result.bytes_consumed, result.bytes_written);
        self.consume(consumed);
        self.at.position += written as u64;
        if self.wrapping == Wrapping::Gzip {
            self.at.checksum.update(buffer.get(..written).unwrap_or_default());
            self.at.member_length = self.at.member_length.wrapping_add(written as u32);
        }
        match result.status {
            Ok(MZStatus::StreamEnd) if self.wrapping == Wrapping::Gzip => self.at.stage = Stage::Trailer,
            Ok(MZStatus::StreamEnd) => self.at.stage = Stage::End,
            Ok(_) | Err(MZError::Buf) if written > 0 || !is_end => {}
            Ok(_) | Err(MZError::Buf) => return Err(ErrorKind::UnexpectedEof.into()),
            Err(_) => return Err(ErrorKind::InvalidData.into()),
        }
        if self.at.stage == Stage::Body {
            self.leave_mark();
        }
        Ok(written)
    }
}

impl Read for Inflated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let mut read = 0;
        while read == 0 && self.at.stage != Stage::End {
            match self.at.stage {
                Stage::Header => self.header()?,
                Stage::Body => read = self.body(buffer)?,
                Stage::Trailer => self.trailer()?,
                Stage::End => {}
            }
        }
        if self.at.position > self.limit { Err(ErrorKind::InvalidData.into()) } else { Ok(read) }
    }
}

impl Seek for Inflated {
    /// The end is not known before it is reached: [`SeekFrom::End`] is an error.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(offset) => self.at.position.checked_add_signed(offset),
            SeekFrom::End(_) => None,
        };
        let place = place.ok_or(ErrorKind::Unsupported)?;
        let is_passed =
            self.marks.iter().any(|mark| self.at.position < mark.position && mark.position <= place);
        if place < self.at.position || is_passed {
            self.go_to_mark(place)?;
        }
        let ahead = place - self.at.position;
        let skipped = io::copy(&mut self.by_ref().take(ahead), &mut io::sink())?;
        if skipped < ahead { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(place) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn content(length: u32) -> Vec<u8> {
        (0..length).map(|index| (index.wrapping_mul(index) >> 7) as u8).collect()
    }

    fn gzipped(content: &[u8]) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(content).unwrap();
        gzip.finish().unwrap()
    }

    fn open(file: Vec<u8>, wrapping: Wrapping, limit: u64) -> Inflated {
        let length = file.len() as u64;
        let file = [b"before".to_vec(), file, b"after".to_vec()].concat();
        Inflated::new(Box::new(Cursor::new(file)), wrapping, 6, length, limit).unwrap()
    }

    fn assert_reads(inflated: &mut Inflated, content: &[u8], places: &[usize]) {
        for &place in places {
            inflated.seek(SeekFrom::Start(place as u64)).unwrap();
            let mut bytes = [0; 10];
            inflated.read_exact(&mut bytes).unwrap();
            assert_eq!(bytes, content[place..place + 10], "{place}");
        }
    }

    #[test]
    fn every_place_can_be_read_in_any_order() {
        let content = content(300_000);
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(&content).unwrap();
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::fast());
        bare.write_all(&content).unwrap();
        let members = [gzipped(&content[..1000]), gzipped(&[]), gzipped(&content[1000..])].concat();
        for (file, wrapping) in [
            (gzipped(&content), Wrapping::Gzip),
            (members, Wrapping::Gzip),
            (zlib.finish().unwrap(), Wrapping::Zlib),
            (bare.finish().unwrap(), Wrapping::Bare),
        ] {
            let mut inflated = open(file, wrapping, u64::MAX);
            inflated.between_marks = 40_000;
            assert_reads(&mut inflated, &content, &[299_990, 0, 995, 150_000, 149_999, 60_000, 200_000, 5]);
            assert!(inflated.seek(SeekFrom::Start(300_001)).is_err());
            assert_reads(&mut inflated, &content, &[299_000, 10]);
            let mut all = Vec::new();
            inflated.rewind().unwrap();
            inflated.read_to_end(&mut all).unwrap();
            assert_eq!(all, content);
        }
    }

    #[test]
    fn going_back_begins_at_a_mark() {
        let content = content(300_000);
        let mut inflated = open(gzipped(&content), Wrapping::Gzip, u64::MAX);
        inflated.between_marks = 10_000;
        assert_reads(&mut inflated, &content, &[299_000]);
        inflated.go_to_mark(250_000).unwrap();
        assert!((200_000..=250_000).contains(&inflated.at.position), "{}", inflated.at.position);
    }

    #[test]
    fn marks_become_sparser_but_not_more() {
        let content = vec![7; 40_000 * MAX_MARKS];
        let mut inflated = open(gzipped(&content), Wrapping::Gzip, u64::MAX);
        inflated.between_marks = 10_000;
        let places: Vec<usize> = (0..content.len() - 10).step_by(30_000).collect();
        assert_reads(&mut inflated, &content, &places);
        assert!(inflated.marks.len() <= MAX_MARKS && inflated.between_marks > 10_000);
        assert_reads(&mut inflated, &content, &[content.len() - 10, content.len() / 2, 0]);
    }

    #[test]
    fn what_is_damaged_or_cut_off_is_an_error() {
        let file = gzipped(&content(300_000));
        let read = |file: Vec<u8>| {
            let error = open(file, Wrapping::Gzip, u64::MAX).read_to_end(&mut Vec::new()).unwrap_err();
            error.kind()
        };
        let damaged = |place: usize| {
            let mut file = file.clone();
            file[place] ^= 1;
            read(file)
        };
        assert_eq!(damaged(0), ErrorKind::InvalidData);
        assert_eq!(damaged(file.len() - 8), ErrorKind::InvalidData);
        assert_eq!(damaged(file.len() - 1), ErrorKind::InvalidData);
        for length in [5, file.len() / 2, file.len() - 4] {
            assert_eq!(read(file[..length].to_vec()), ErrorKind::UnexpectedEof, "{length}");
        }
    }

    #[test]
    fn inflating_stops_at_the_limit() {
        let mut inflated = open(gzipped(&content(300_000)), Wrapping::Gzip, 200_000);
        let error = inflated.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
    }
}
