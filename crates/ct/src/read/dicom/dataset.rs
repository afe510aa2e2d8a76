//! A DICOM file's transfer syntax, the few elements that a CT slice needs, and where its pixels lie.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::ops::Range;

use dicom_core::header::{HasLength, Header as _};
use dicom_core::{Length, Tag};
use dicom_dictionary_std::{tags, uids};
use dicom_encoding::transfer_syntax::{Endianness, TransferSyntax, TransferSyntaxIndex};
use dicom_parser::StatefulDecode;
use dicom_parser::dataset::LazyDataToken;
use dicom_parser::dataset::lazy_read::LazyDataSetReader;
use dicom_transfer_syntax_registry::{TransferSyntaxRegistry, entries};

use super::{KIND, damaged};
use crate::error::{MAX_SIDE, ReadError};
use crate::read::damage;
use crate::read::kind::DICOM_PREAMBLE;

/// What a deflated data set may unpack to: the largest slice and as much again for everything else.
const MAX_INFLATED: u64 = 4 * (MAX_SIDE as u64) * (MAX_SIDE as u64);

/// Elements longer than this are not kept; none of those wanted is.
const MAX_ELEMENT: usize = 1024;

/// A parsed file. Only elements at the top level are kept, up to the pixel data.
pub(super) struct DataSet<'a> {
    bytes: Cow<'a, [u8]>,
    pub syntax: &'static TransferSyntax,
    elements: BTreeMap<Tag, Vec<u8>>,
    pixels: Option<Location>,
}

/// Where the pixel data lies.
#[derive(Debug)]
enum Location {
    Native(Range<usize>),
    /// Encapsulated fragments without the offset table.
    Fragments(Vec<Range<usize>>),
}

/// The pixel data of a file.
#[derive(Debug)]
pub(super) enum PixelData<'a> {
    /// Uncompressed, in the data set's byte order.
    Native(&'a [u8]),
    /// One compressed frame, its fragments joined.
    Encapsulated(Cow<'a, [u8]>),
}

impl<'a> DataSet<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let meta = FileMeta::parse(bytes)?;
        let syntax = match &meta.syntax_uid {
            Some(uid) => TransferSyntaxRegistry.get(uid).ok_or_else(|| ReadError::TransferSyntax {
                name: "an unknown transfer syntax".to_owned(),
                uid: printable(uid),
            })?,
            None => guess_syntax(bytes.get(meta.end..).unwrap_or_default())?,
        };
        let (bytes, start) = if syntax.uid() == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN {
            (Cow::Owned(inflate(bytes.get(meta.end..).unwrap_or_default())?), 0)
        } else {
            (Cow::Borrowed(bytes), meta.end)
        };
        let (elements, pixels) = Walk::new(&bytes).run(start, syntax)?;
        Ok(Self { bytes, syntax, elements, pixels })
    }

    /// The element's text without padding.
    pub fn text(&self, tag: Tag) -> Option<&str> {
        let text = std::str::from_utf8(self.elements.get(&tag)?).ok()?;
        Some(text.trim_matches(['\0', ' '])).filter(|text| !text.is_empty())
    }

    /// The numbers of a decimal or integer string; those that cannot be read are left out.
    pub fn numbers(&self, tag: Tag) -> Vec<f64> {
        let text = self.text(tag).unwrap_or_default();
        text.split('\\')
            .filter_map(|number| number.trim().parse().ok())
            .filter(|n: &f64| n.is_finite())
            .collect()
    }

    /// The first value of an element of 16-bit words.
    pub fn word(&self, tag: Tag) -> Option<u16> {
        let bytes = *self.elements.get(&tag)?.first_chunk()?;
        Some(if self.is_big_endian() { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    pub fn is_big_endian(&self) -> bool {
        self.syntax.endianness() == Endianness::Big
    }

    pub fn has_pixels(&self) -> bool {
        self.pixels.is_some()
    }

    pub fn pixel_data(&self) -> Result<PixelData<'_>, ReadError> {
        let piece = |range: &Range<usize>| self.bytes.get(range.clone()).ok_or(ReadError::Truncated);
        match self.pixels.as_ref().ok_or(ReadError::NoPixels)? {
            Location::Native(range) => piece(range).map(PixelData::Native),
            Location::Fragments(ranges) => match ranges.as_slice() {
                [] => Err(ReadError::NoPixels),
                [only] => piece(only).map(|bytes| PixelData::Encapsulated(Cow::Borrowed(bytes))),
                several => {
                    let pieces: Vec<&[u8]> = several.iter().map(piece).collect::<Result<_, _>>()?;
                    Ok(PixelData::Encapsulated(Cow::Owned(pieces.concat())))
                }
            },
        }
    }
}

/// The file meta information: group 0002, always in explicit VR little endian.
struct FileMeta {
    syntax_uid: Option<String>,
    /// Where the data set begins.
    end: usize,
}

impl FileMeta {
    /// Walks the group element by element, since the group length is wrong in some files.
    fn parse(bytes: &[u8]) -> Result<Self, ReadError> {
        const GROUP: [u8; 2] = [2, 0];
        let has_preamble = bytes.get(DICOM_PREAMBLE..).is_some_and(|rest| rest.starts_with(b"DICM"));
        let mut end = if has_preamble { DICOM_PREAMBLE + 4 } else { 0 };
        let mut syntax_uid = None;
        let mut source = Cursor::new(bytes);
        source.set_position(end as u64);
        let mut reader = LazyDataSetReader::new_with_ts(source, &entries::EXPLICIT_VR_LITTLE_ENDIAN.erased())
            .map_err(|error| damage(KIND, &error))?;
        while bytes.get(end..).is_some_and(|rest| rest.starts_with(&GROUP)) {
            match reader.advance().ok_or(ReadError::Truncated)?.map_err(|error| damage(KIND, &error))? {
                LazyDataToken::ElementHeader(_) => {}
                LazyDataToken::LazyValue { header, decoder } => {
                    let range = value_range(bytes, decoder.position(), header.length())?;
                    end = range.end;
                    if header.tag() == tags::TRANSFER_SYNTAX_UID {
                        let uid = bytes.get(range).unwrap_or_default();
                        syntax_uid = Some(String::from_utf8_lossy(uid).trim_matches(['\0', ' ']).to_owned());
                    }
                    decoder.skip_bytes(header.length().0).map_err(|error| damage(KIND, &error))?;
                }
                _ => return Err(damaged()),
            }
        }
        Ok(Self { syntax_uid: syntax_uid.filter(|uid| !uid.is_empty()), end })
    }
}

/// Explicit VR where two capital letters follow the first tag, else implicit VR, both little endian.
fn guess_syntax(data_set: &[u8]) -> Result<&'static TransferSyntax, ReadError> {
    let explicit = data_set.get(4..6).is_some_and(|vr| vr.iter().all(u8::is_ascii_uppercase));
    let uid = if explicit { uids::EXPLICIT_VR_LITTLE_ENDIAN } else { uids::IMPLICIT_VR_LITTLE_ENDIAN };
    TransferSyntaxRegistry.get(uid).ok_or_else(damaged)
}

fn inflate(deflated: &[u8]) -> Result<Vec<u8>, ReadError> {
    let mut inflated = Vec::new();
    let mut decoder = flate2::read::DeflateDecoder::new(deflated).take(MAX_INFLATED + 1);
    decoder.read_to_end(&mut inflated).map_err(|error| damage(KIND, &error))?;
    if inflated.len() as u64 > MAX_INFLATED { Err(damaged()) } else { Ok(inflated) }
}

/// The bytes of a value, where they are all there.
fn value_range(bytes: &[u8], position: u64, length: Length) -> Result<Range<usize>, ReadError> {
    let start = usize::try_from(position).map_err(|_| ReadError::Truncated)?;
    let length = length.get().ok_or_else(damaged)? as usize;
    let end = start.checked_add(length).filter(|&end| end <= bytes.len()).ok_or(ReadError::Truncated)?;
    Ok(start..end)
}

/// At most 64 letters, digits and dots of a UID.
fn printable(uid: &str) -> String {
    uid.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').take(64).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Sequence,
    Item,
    Pixels,
}

/// One pass over a data set.
struct Walk<'a> {
    bytes: &'a [u8],
    levels: Vec<Level>,
    elements: BTreeMap<Tag, Vec<u8>>,
    pixel_items: usize,
    fragments: Vec<Range<usize>>,
}

type Found = (BTreeMap<Tag, Vec<u8>>, Option<Location>);

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, levels: Vec::new(), elements: BTreeMap::new(), pixel_items: 0, fragments: Vec::new() }
    }

    fn run(mut self, start: usize, syntax: &TransferSyntax) -> Result<Found, ReadError> {
        let mut source = Cursor::new(self.bytes);
        source.set_position(start as u64);
        let mut reader =
            LazyDataSetReader::new_with_ts(source, syntax).map_err(|error| damage(KIND, &error))?;
        while let Some(token) = reader.advance() {
            match token.map_err(|error| damage(KIND, &error))? {
                LazyDataToken::LazyValue { header, decoder } => {
                    let range = value_range(self.bytes, decoder.position(), header.length())?;
                    decoder.skip_bytes(header.length().0).map_err(|error| damage(KIND, &error))?;
                    if self.levels.is_empty() && header.tag() == tags::PIXEL_DATA {
                        return Ok((self.elements, Some(Location::Native(range))));
                    }
                    self.keep(header.tag(), range);
                }
                LazyDataToken::LazyItemValue { len, decoder } => {
                    let range = value_range(self.bytes, decoder.position(), Length(len))?;
                    decoder.skip_bytes(len).map_err(|error| damage(KIND, &error))?;
                    if self.levels == [Level::Pixels, Level::Item] && self.pixel_items > 1 {
                        self.fragments.push(range);
                    }
                }
                LazyDataToken::SequenceStart { .. } => self.levels.push(Level::Sequence),
                LazyDataToken::PixelSequenceStart => self.levels.push(Level::Pixels),
                LazyDataToken::ItemStart { .. } => {
                    self.pixel_items += usize::from(self.levels == [Level::Pixels]);
                    self.levels.push(Level::Item);
                }
                LazyDataToken::ItemEnd => {
                    self.levels.pop_if(|level| *level == Level::Item).ok_or_else(damaged)?;
                }
                LazyDataToken::SequenceEnd => {
                    let closed = self.levels.pop_if(|level| *level != Level::Item).ok_or_else(damaged)?;
                    if closed == Level::Pixels && self.levels.is_empty() {
                        return Ok((self.elements, Some(Location::Fragments(self.fragments))));
                    }
                }
                _ => {}
            }
        }
        if self.levels.is_empty() { Ok((self.elements, None)) } else { Err(ReadError::Truncated) }
    }

    /// Keeps a short element of the top level.
    fn keep(&mut self, tag: Tag, range: Range<usize>) {
        if self.levels.is_empty() && range.len() <= MAX_ELEMENT {
            self.elements.insert(tag, self.bytes.get(range).unwrap_or_default().to_vec());
        }
    }
}
