//! The bytes of one file, read in order or from any place.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use super::{ReadError, Source};
use crate::error::MAX_FILE_BYTES;

/// What is read of a file at a time.
const BUFFER: usize = 64 << 10;

/// A file, or the content of a compressed one.
pub(super) struct Input {
    source: BufReader<Box<dyn Source>>,
    position: u64,
    /// The number of bytes, where it is told.
    pub length: Option<u64>,
    /// Whether going back means to inflate again from the start.
    pub is_inflated: bool,
}

impl Input {
    /// A file whose every place is as near as any other.
    pub fn of_file(mut source: Box<dyn Source>) -> Result<Self, ReadError> {
        let length = source.seek(SeekFrom::End(0)).map_err(|error| failure("image", &error))?;
        Ok(Self { length: Some(length), ..Self::new(source, false)? })
    }

    /// What comes out of an inflater: `length` bytes, where that is told.
    pub fn of_inflated(source: Box<dyn Source>, length: Option<u64>) -> Result<Self, ReadError> {
        Ok(Self { length, ..Self::new(source, true)? })
    }

    fn new(mut source: Box<dyn Source>, is_inflated: bool) -> Result<Self, ReadError> {
        source.rewind().map_err(|error| failure("image", &error))?;
        Ok(Self { source: BufReader::with_capacity(BUFFER, source), position: 0, length: None, is_inflated })
    }

    /// Where reading goes on; the largest number where a failure left that open.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Up to `count` bytes from the start: fewer where there are no more.
    pub fn head(&mut self, count: usize) -> Result<Vec<u8>, ReadError> {
        self.go_to(0).map_err(|error| failure("image", &error))?;
        let mut head = Vec::new();
        self.read_up_to(count as u64, &mut head).map_err(|error| failure("image", &error))?;
        Ok(head)
    }

    /// Everything, where that is at most [`MAX_FILE_BYTES`].
    pub fn whole(&mut self) -> Result<Vec<u8>, ReadError> {
        let too_large = |bytes: u64| ReadError::FileTooLarge { megabytes: bytes.div_ceil(1 << 20) };
        if let Some(length) = self.length.filter(|&length| length > MAX_FILE_BYTES) {
            return Err(too_large(length));
        }
        self.go_to(0).map_err(|error| failure("image", &error))?;
        let mut whole = Vec::new();
        self.read_up_to(MAX_FILE_BYTES + 1, &mut whole).map_err(|error| failure("image", &error))?;
        let length = whole.len() as u64;
        if length > MAX_FILE_BYTES { Err(too_large(length)) } else { Ok(whole) }
    }

    /// Fills `buffer` with what lies at `place`.
    pub fn read_at(&mut self, place: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.go_to(place)?;
        let position = self.lose_position();
        self.source.read_exact(buffer)?;
        self.position = position + buffer.len() as u64;
        Ok(())
    }

    /// `Err` where the file is known to end before `end`.
    pub fn check_end(&self, end: Option<u64>) -> Result<(), ReadError> {
        let end = end.ok_or(ReadError::Truncated)?;
        if self.length.is_some_and(|length| length < end) { Err(ReadError::Truncated) } else { Ok(()) }
    }

    /// The source itself, from its start.
    pub fn into_source(self) -> Result<Box<dyn Source>, ReadError> {
        let mut source = self.source.into_inner();
        source.rewind().map_err(|error| failure("image", &error))?;
        Ok(source)
    }

    fn go_to(&mut self, place: u64) -> io::Result<()> {
        let ahead = place.checked_sub(self.lose_position()).map(i64::try_from);
        match ahead {
            Some(Ok(ahead)) => self.source.seek_relative(ahead)?,
            _ => {
                self.source.seek(SeekFrom::Start(place))?;
            }
        }
        self.position = place;
        Ok(())
    }

    fn read_up_to(&mut self, count: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
        let position = self.lose_position();
        (&mut self.source).take(count).read_to_end(bytes)?;
        self.position = position + bytes.len() as u64;
        Ok(())
    }

    /// The position, which is unknown from here on until an operation has succeeded: the next one then starts anew.
    fn lose_position(&mut self) -> u64 {
        std::mem::replace(&mut self.position, u64::MAX)
    }
}

/// Why bytes of a file of this `kind` could not be had.
pub(super) fn failure(kind: &'static str, error: &io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ReadError::Truncated,
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => ReadError::Damaged { kind },
        _ => ReadError::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails once, after having given a part of what was asked for.
    struct Stumbling {
        file: io::Cursor<Vec<u8>>,
        failures: u32,
    }

    impl Read for Stumbling {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.file.position() >= 100_000 && self.failures > 0 {
                self.failures -= 1;
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            let part = buffer.len().min(5000);
            self.file.read(&mut buffer[..part])
        }
    }

    impl Seek for Stumbling {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.file.seek(to)
        }
    }

    #[test]
    fn after_a_failure_the_right_bytes_are_read() {
        let content: Vec<u8> = (0..200_000_u32).map(|index| (index / 7) as u8).collect();
        let file = io::Cursor::new(content.clone());
        let mut input = Input::of_file(Box::new(Stumbling { file, failures: 1 })).unwrap();
        assert!(input.read_at(90_000, &mut vec![0; 20_000]).is_err());
        let mut bytes = vec![0; 20_000];
        input.read_at(95_000, &mut bytes).unwrap();
        assert_eq!(bytes, content[95_000..115_000]);
        input.read_at(10, &mut bytes).unwrap();
        assert_eq!(bytes, content[10..20_010]);
    }
}
