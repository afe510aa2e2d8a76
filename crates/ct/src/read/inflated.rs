//! Compressed bytes as if they lay open: forwards they are inflated on the way, backwards from the start again.

use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Take};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

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

type Deflated = BufReader<Take<Box<dyn Source>>>;

enum Inflater {
    Gzip(MultiGzDecoder<Deflated>),
    Zlib(ZlibDecoder<Deflated>),
    Bare(DeflateDecoder<Deflated>),
}

/// The inflated bytes of a part of `source`.
pub(super) struct Inflated {
    /// `None` only after a failure to go back.
    inflater: Option<Inflater>,
    wrapping: Wrapping,
    /// Where the deflated bytes begin, and how many there are at most.
    start: u64,
    length: u64,
    position: u64,
    /// Where inflating stops with an error.
    limit: u64,
}

impl Inflated {
    /// Inflates up to `length` bytes of `source` from `start` on; more than `limit` bytes coming out are an error.
    pub fn new(
        source: Box<dyn Source>,
        wrapping: Wrapping,
        start: u64,
        length: u64,
        limit: u64,
    ) -> io::Result<Self> {
        let mut inflated = Self { inflater: None, wrapping, start, length, position: 0, limit };
        inflated.begin(source)?;
        Ok(inflated)
    }

    fn begin(&mut self, mut source: Box<dyn Source>) -> io::Result<()> {
        source.seek(SeekFrom::Start(self.start))?;
        let deflated = BufReader::with_capacity(64 << 10, source.take(self.length));
        self.inflater = Some(match self.wrapping {
            Wrapping::Gzip => Inflater::Gzip(MultiGzDecoder::new(deflated)),
            Wrapping::Zlib => Inflater::Zlib(ZlibDecoder::new(deflated)),
            Wrapping::Bare => Inflater::Bare(DeflateDecoder::new(deflated)),
        });
        self.position = 0;
        Ok(())
    }

    fn restart(&mut self) -> io::Result<()> {
        let deflated = match self.inflater.take().ok_or(ErrorKind::BrokenPipe)? {
            Inflater::Gzip(inflater) => inflater.into_inner(),
            Inflater::Zlib(inflater) => inflater.into_inner(),
            Inflater::Bare(inflater) => inflater.into_inner(),
        };
        self.begin(deflated.into_inner().into_inner())
    }
}

impl Read for Inflated {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match self.inflater.as_mut().ok_or(ErrorKind::BrokenPipe)? {
            Inflater::Gzip(inflater) => inflater.read(buffer),
            Inflater::Zlib(inflater) => inflater.read(buffer),
            Inflater::Bare(inflater) => inflater.read(buffer),
        }?;
        self.position += read as u64;
        if self.position > self.limit { Err(ErrorKind::InvalidData.into()) } else { Ok(read) }
    }
}

impl Seek for Inflated {
    /// The end is not known before it is reached: [`SeekFrom::End`] is an error.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
            SeekFrom::End(_) => None,
        };
        let place = place.ok_or(ErrorKind::Unsupported)?;
        if place < self.position {
            self.restart()?;
        }
        let ahead = place - self.position;
        let skipped = io::copy(&mut self.by_ref().take(ahead), &mut io::sink())?;
        if skipped < ahead { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(place) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn inflated(limit: u64) -> (Vec<u8>, Inflated) {
        let content: Vec<u8> = (0..300_000_u32).map(|index| (index.wrapping_mul(index) >> 7) as u8).collect();
        let mut gzip = GzEncoder::new(b"before".to_vec(), Compression::fast());
        gzip.write_all(&content).unwrap();
        let file = gzip.finish().unwrap();
        let length = file.len() as u64 - 6;
        let source = Box::new(Cursor::new(file));
        (content, Inflated::new(source, Wrapping::Gzip, 6, length, limit).unwrap())
    }

    #[test]
    fn every_place_can_be_read_in_any_order() {
        let (content, mut inflated) = inflated(u64::MAX);
        for place in [299_990_usize, 0, 150_000, 149_999, 200_000] {
            inflated.seek(SeekFrom::Start(place as u64)).unwrap();
            let mut bytes = [0; 10];
            inflated.read_exact(&mut bytes).unwrap();
            assert_eq!(bytes, content[place..place + 10]);
        }
        assert!(inflated.seek(SeekFrom::Start(300_001)).is_err());
    }

    #[test]
    fn inflating_stops_at_the_limit() {
        let (_, mut inflated) = inflated(200_000);
        let error = inflated.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
    }
}
