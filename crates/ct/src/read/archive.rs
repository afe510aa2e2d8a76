//! ZIP files, NumPy's `.npz` among them: a list of members, each opened by itself.

use std::cell::RefCell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::inflated::{Inflated, Wrapping};
use super::input::{Input, failure};
use super::labels::MaskStack;
use super::open::{self, Opened};
use super::{ReadError, Source};
use crate::error::MAX_MEMBERS;

const FORMAT: &str = "ZIP";
/// What deflating can gain at most (RFC 1951: a match of 258 bytes in 2 bits).
const MAX_RATIO: u64 = 1032;
/// Archives inside archives, in lower case.
const ARCHIVES: [&str; 8] = [".zip", ".npz", ".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".bz2"];

/// An opened archive.
pub struct Archive {
    /// The files inside that may be images or masks, in the archive's order.
    pub members: Vec<Member>,
    /// The names of the archives inside, which are not opened.
    pub skipped: Vec<String>,
    zip: ZipArchive<Shared>,
}

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name, with folders.
    pub name: String,
    /// Its size as the archive tells it.
    pub bytes: u64,
    /// Its place among all entries.
    entry: usize,
}

impl Archive {
    pub(super) fn of(source: Box<dyn Source>) -> Result<Self, ReadError> {
        let mut source = Shared::new(source);
        check_count(&mut source)?;
        let zip = ZipArchive::new(source).map_err(|error| refusal(&error))?;
        let (mut members, mut skipped) = (Vec::new(), Vec::new());
        for entry in 0..zip.len() {
            let data = zip.by_index_data(entry).map_err(|error| refusal(&error))?;
            let name = data.name().map_err(|error| refusal(&error))?.into_owned();
            if data.is_dir() || is_hidden(&name) {
                continue;
            }
            let lower = name.to_ascii_lowercase();
            if ARCHIVES.iter().any(|extension| lower.ends_with(extension)) {
                skipped.push(name);
            } else {
                members.push(Member { name, bytes: data.size(), entry });
            }
        }
        if members.len() > MAX_MEMBERS {
            return Err(ReadError::TooManyMembers { members: members.len() as u64 });
        }
        Ok(Self { members, skipped, zip })
    }

    /// Opens the member at this place of [`Archive::members`].
    ///
    /// # Errors
    ///
    /// As [`open`](super::open()); [`ReadError::Encrypted`], [`ReadError::Packed`]; [`ReadError::Archive`] for an archive
    /// inside.
    pub fn open(&mut self, index: usize) -> Result<Opened, ReadError> {
        let (name, input) = self.member(index)?;
        match open::open_input(&name, input)? {
            Opened::Archive(_) => Err(ReadError::Archive),
            stack => Ok(stack),
        }
    }

    /// Opens the member at this place of [`Archive::members`] as masks.
    ///
    /// # Errors
    ///
    /// As [`Archive::open`].
    pub fn open_mask(&mut self, index: usize) -> Result<MaskStack, ReadError> {
        let (name, input) = self.member(index)?;
        open::open_mask_input(&name, input)
    }

    fn member(&mut self, index: usize) -> Result<(String, Input), ReadError> {
        let member = self.members.get(index).ok_or(ReadError::NoSuchSlice)?;
        let name = member.name.clone();
        let entry = self.zip.by_index_raw(member.entry).map_err(|error| refusal(&error))?;
        if entry.encrypted() {
            return Err(ReadError::Encrypted);
        }
        let start = entry.data_start().ok_or(ReadError::Damaged { kind: FORMAT })?;
        let (packed, bytes, method) = (entry.compressed_size(), entry.size(), entry.compression());
        drop(entry);
        if bytes == 0 {
            return Err(ReadError::Empty);
        }
        let source = self.zip.clone().into_inner();
        let input = match method {
            CompressionMethod::Stored => Input::of_file(Box::new(Section::new(source, start, bytes)?))?,
            CompressionMethod::Deflated if bytes / MAX_RATIO > packed => {
                return Err(ReadError::Damaged { kind: FORMAT });
            }
            CompressionMethod::Deflated => {
                let inflated = Inflated::new(Box::new(source), Wrapping::Bare, start, packed, bytes);
                let inflated = inflated.map_err(|error| failure(FORMAT, &error))?;
                Input::of_inflated(Box::new(inflated), Some(bytes))?
            }
            method => return Err(ReadError::Packed { method: method.to_string() }),
        };
        Ok((name, input))
    }
}

/// Refuses an archive by the number of entries that its end declares, before room is made for them.
fn check_count(source: &mut Shared) -> Result<(), ReadError> {
    /// The longest comment, and the three records that end an archive.
    const TAIL: u64 = (1 << 16) + 22 + 20 + 56;
    const END_64: &[u8] = b"PK\x06\x06";
    const LOCATOR_64: &[u8] = b"PK\x06\x07";
    let lost = |error: io::Error| failure(FORMAT, &error);
    let length = source.seek(SeekFrom::End(0)).map_err(lost)?;
    source.seek(SeekFrom::Start(length.saturating_sub(TAIL))).map_err(lost)?;
    let mut tail = Vec::new();
    source.take(TAIL).read_to_end(&mut tail).map_err(lost)?;
    let count = |record: &[u8]| {
        record.get(32..40).and_then(|count| count.try_into().ok()).map_or(0, u64::from_le_bytes)
    };
    for place in 0..tail.len() {
        let Some(record) = tail.get(place..) else { break };
        let declared = if record.starts_with(END_64) {
            count(record)
        } else if let Some(&[.., a, b, c, d, e, f, g, h]) =
            record.first_chunk::<16>().filter(|r| r.starts_with(LOCATOR_64))
        {
            let mut record = [0; 40];
            let at = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
            let is_there = source.seek(SeekFrom::Start(at)).and_then(|_| source.read_exact(&mut record));
            if is_there.is_ok() { count(&record) } else { 0 }
        } else {
            0
        };
        // Folders and hidden files come on top of the members.
        if declared > 4 * MAX_MEMBERS as u64 {
            return Err(ReadError::TooManyMembers { members: declared });
        }
    }
    Ok(())
}

/// What operating systems leave in archives, and files that are not to be seen.
fn is_hidden(name: &str) -> bool {
    name.split(['/', '\\']).any(|part| part.starts_with('.') || part == "__MACOSX")
        || name.to_ascii_lowercase().ends_with("thumbs.db")
}

fn refusal(error: &ZipError) -> ReadError {
    match error {
        ZipError::Io(error) => failure(FORMAT, error),
        _ => ReadError::Damaged { kind: FORMAT },
    }
}

/// One file read by several, each from its own place.
#[derive(Clone)]
struct Shared {
    source: Rc<RefCell<Box<dyn Source>>>,
    position: u64,
}

impl Shared {
    fn new(source: Box<dyn Source>) -> Self {
        Self { source: Rc::new(RefCell::new(source)), position: 0 }
    }
}

impl Read for Shared {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut source = self.source.try_borrow_mut().map_err(|_| io::ErrorKind::ResourceBusy)?;
        source.seek(SeekFrom::Start(self.position))?;
        let read = source.read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
            SeekFrom::End(_) => {
                let mut source = self.source.try_borrow_mut().map_err(|_| io::ErrorKind::ResourceBusy)?;
                Some(source.seek(to)?)
            }
        };
        self.position = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

/// A part of a file as a file of its own.
struct Section {
    source: Shared,
    start: u64,
    length: u64,
    position: u64,
}

impl Section {
    fn new(mut source: Shared, start: u64, length: u64) -> Result<Self, ReadError> {
        let end = source.seek(SeekFrom::End(0)).map_err(|error| failure(FORMAT, &error))?;
        if start.checked_add(length).is_none_or(|last| last > end) {
            return Err(ReadError::Truncated);
        }
        Ok(Self { source, start, length, position: 0 })
    }
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.source.seek(SeekFrom::Start(self.start + self.position))?;
        let left = self.length - self.position;
        let read = self.source.by_ref().take(left).read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Section {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
        };
        self.position = place.ok_or(io::ErrorKind::InvalidInput)?.min(self.length);
        Ok(self.position)
    }
}
