//! A browser's `File` as bytes that are read in pieces, so that a volume of gigabytes takes no more room than one piece.

use std::io::{self, Read, Seek, SeekFrom};

use js_sys::Uint8Array;
use web_sys::{File, FileReaderSync};

/// Bytes that are fetched at once after a jump; each further piece is twice as large.
const FIRST_PIECE: u64 = 64 << 10;
/// Bytes that are fetched at once where the file is read in order.
const LARGEST_PIECE: u64 = 4 << 20;

/// A file that is read from within a worker.
pub(super) struct FileSource {
    file: File,
    reader: FileReaderSync,
    length: u64,
    position: u64,
    piece: Vec<u8>,
    piece_start: u64,
}

impl FileSource {
    /// Opens a file.
    ///
    /// # Errors
    /// If this is no worker.
    pub(super) fn new(file: File) -> io::Result<Self> {
        let reader = FileReaderSync::new().map_err(|_| io::ErrorKind::Unsupported)?;
        let length = file.size() as u64;
        Ok(Self { file, reader, length, position: 0, piece: Vec::new(), piece_start: 0 })
    }

    /// What the piece in memory has from the position on.
    fn at_hand(&self) -> &[u8] {
        let offset =
            self.position.checked_sub(self.piece_start).and_then(|offset| usize::try_from(offset).ok());
        offset.and_then(|offset| self.piece.get(offset..)).unwrap_or_default()
    }

    /// Fetches the piece at the position, of `wanted` bytes at least if there are so many.
    fn fetch(&mut self, wanted: u64) -> io::Result<()> {
        let last = self.piece.len() as u64;
        let goes_on = last > 0 && self.position == self.piece_start + last;
        let size = if goes_on { (2 * last).min(LARGEST_PIECE) } else { FIRST_PIECE };
        let end = self.length.min(self.position.saturating_add(size.max(wanted)));
        let part = self.file.slice_with_f64_and_f64(self.position as f64, end as f64);
        let buffer = part.and_then(|part| self.reader.read_as_array_buffer(&part));
        // It was moved, changed or deleted since it was opened.
        let buffer = buffer.map_err(|_| io::Error::other("the file is gone"))?;
        self.piece = Uint8Array::new(&buffer).to_vec();
        self.piece_start = self.position;
        Ok(())
    }
}

impl Read for FileSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.length || buffer.is_empty() {
            return Ok(0);
        }
        if self.at_hand().is_empty() {
            self.fetch(buffer.len() as u64)?;
        }
        let read = self.at_hand().read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for FileSource {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
        };
        self.position = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
