//! One pass over a data set: where the wanted values and the pixel data lie.

use std::io::Cursor;
use std::ops::Range;

use dicom_core::header::{HasLength, Header as _};
use dicom_core::{Length, Tag};
use dicom_dictionary_std::tags;
use dicom_encoding::transfer_syntax::TransferSyntax;
use dicom_parser::StatefulDecode;
use dicom_parser::dataset::LazyDataToken;
use dicom_parser::dataset::lazy_read::LazyDataSetReader;

use super::attributes::{Attributes, Value};
use super::{KIND, MAX_FRAMES, damaged};
use crate::error::ReadError;
use crate::read::damage;

/// Where the pixel data lies.
#[derive(Debug)]
pub(super) enum PixelData {
    /// Uncompressed.
    Native(Range<u64>),
    /// Compressed: the first of its items begins here.
    Encapsulated(u64),
}

/// The sequences that are gone into; nothing of others is kept.
const SEQUENCES: [Tag; 18] = [
    tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE,
    tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE,
    tags::FRAME_CONTENT_SEQUENCE,
    tags::PLANE_POSITION_SEQUENCE,
    tags::PLANE_ORIENTATION_SEQUENCE,
    tags::PIXEL_MEASURES_SEQUENCE,
    tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
    tags::FRAME_VOILUT_SEQUENCE,
    tags::CT_IMAGE_FRAME_TYPE_SEQUENCE,
    tags::CT_RECONSTRUCTION_SEQUENCE,
    tags::SEGMENT_SEQUENCE,
    tags::SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE,
    tags::SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE,
    tags::SEGMENT_IDENTIFICATION_SEQUENCE,
    tags::DERIVATION_IMAGE_SEQUENCE,
    tags::SOURCE_IMAGE_SEQUENCE,
    tags::REFERENCED_SERIES_SEQUENCE,
    tags::REFERENCED_INSTANCE_SEQUENCE,
];

/// Sequences are nested four deep at most where they are kept.
const MAX_DEPTH: usize = 8;
/// Elements and items kept of one file, some 200 MB of memory: a segmentation of [`MAX_FRAMES`] frames has a million.
const MAX_KEPT: usize = 1 << 21;

/// What is open. `None`: nothing of it is kept.
enum Level {
    Sequence(Option<(Tag, Vec<Attributes>)>),
    Item(Option<Attributes>),
    /// Compressed pixels of an icon.
    Pixels,
}

/// A data set's elements up to the pixel data, and where that lies, perhaps beyond `bytes`.
///
/// # Errors
///
/// [`ReadError::Truncated`] where `bytes` end before that.
pub(super) fn walk(
    bytes: &[u8],
    start: usize,
    syntax: &TransferSyntax,
) -> Result<(Attributes, Option<PixelData>), ReadError> {
    let mut walk = Walk::default();
    let mut source = Cursor::new(bytes);
    source.set_position(start as u64);
    let mut reader = LazyDataSetReader::new_with_ts(source, syntax).map_err(|error| damage(KIND, &error))?;
    while let Some(token) = reader.advance() {
        match token.map_err(|error| damage(KIND, &error))? {
            LazyDataToken::LazyValue { header, decoder } => {
                if walk.levels.is_empty() && header.tag() == tags::PIXEL_DATA {
                    let start = decoder.position();
                    let end = start + u64::from(header.length().get().ok_or_else(damaged)?);
                    return Ok((walk.top, Some(PixelData::Native(start..end))));
                }
                let range = value_range(bytes, decoder.position(), header.length())?;
                decoder.skip_bytes(header.length().0).map_err(|error| damage(KIND, &error))?;
                walk.keep(header.tag(), Value::Bytes(range))?;
            }
            LazyDataToken::LazyItemValue { len, decoder } => {
                value_range(bytes, decoder.position(), Length(len))?;
                decoder.skip_bytes(len).map_err(|error| damage(KIND, &error))?;
            }
            LazyDataToken::PixelSequenceStart if walk.levels.is_empty() => {
                let start = reader.into_decoder().position();
                return Ok((walk.top, Some(PixelData::Encapsulated(start))));
            }
            LazyDataToken::SequenceStart { tag, .. } => walk.open_sequence(tag),
            LazyDataToken::PixelSequenceStart => walk.levels.push(Level::Pixels),
            LazyDataToken::ItemStart { .. } => walk.open_item()?,
            LazyDataToken::ItemEnd => walk.close_item()?,
            LazyDataToken::SequenceEnd => walk.close_sequence()?,
            _ => {}
        }
    }
    if walk.levels.is_empty() { Ok((walk.top, None)) } else { Err(ReadError::Truncated) }
}

/// The bytes of a value, where they are all there.
pub(super) fn value_range(bytes: &[u8], position: u64, length: Length) -> Result<Range<usize>, ReadError> {
    let start = usize::try_from(position).map_err(|_| ReadError::Truncated)?;
    let length = length.get().ok_or_else(damaged)? as usize;
    let end = start.checked_add(length).filter(|&end| end <= bytes.len()).ok_or(ReadError::Truncated)?;
    Ok(start..end)
}

#[derive(Default)]
struct Walk {
    top: Attributes,
    levels: Vec<Level>,
    /// Elements and items so far.
    kept: usize,
}

impl Walk {
    /// Keeps an element of a kept level.
    fn keep(&mut self, tag: Tag, value: Value) -> Result<(), ReadError> {
        let level = match self.levels.last_mut() {
            None => &mut self.top,
            Some(Level::Item(Some(attributes))) => attributes,
            _ => return Ok(()),
        };
        level.insert(tag, value);
        self.count()
    }

    fn count(&mut self) -> Result<(), ReadError> {
        self.kept += 1;
        if self.kept > MAX_KEPT { Err(damaged()) } else { Ok(()) }
    }

    fn open_sequence(&mut self, tag: Tag) {
        let is_kept_level = matches!(self.levels.last(), None | Some(Level::Item(Some(_))));
        let keeps = is_kept_level && self.levels.len() < MAX_DEPTH && SEQUENCES.contains(&tag);
        self.levels.push(Level::Sequence(keeps.then_some((tag, Vec::new()))));
    }

    fn open_item(&mut self) -> Result<(), ReadError> {
        let keeps = match self.levels.last() {
            Some(Level::Sequence(Some((_, items)))) => items.len() < MAX_FRAMES,
            _ => false,
        };
        self.levels.push(Level::Item(keeps.then(Attributes::default)));
        if keeps { self.count() } else { Ok(()) }
    }

    fn close_item(&mut self) -> Result<(), ReadError> {
        let Some(Level::Item(item)) = self.levels.pop() else { return Err(damaged()) };
        if let (Some(item), Some(Level::Sequence(Some((_, items))))) = (item, self.levels.last_mut()) {
            items.push(item);
        }
        Ok(())
    }

    fn close_sequence(&mut self) -> Result<(), ReadError> {
        match self.levels.pop() {
            Some(Level::Pixels | Level::Sequence(None)) => Ok(()),
            Some(Level::Sequence(Some((tag, items)))) => self.keep(tag, Value::Items(items)),
            _ => Err(damaged()),
        }
    }
}
