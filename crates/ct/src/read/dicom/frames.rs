//! Which bytes are a frame's.

use std::borrow::Cow;
use std::ops::Range;

use dicom_dictionary_std::tags;

use super::content::Content;
use super::dataset::DataSet;
use super::fragments::Fragments;
use super::walk::PixelData;
use super::{MAX_FRAMES, damaged};
use crate::error::ReadError;

/// Where the frames of a file lie.
#[derive(Debug)]
pub(super) enum Frames {
    /// Uncompressed, one after the other.
    Native(Range<u64>),
    /// Each in fragments of its own.
    Encapsulated {
        fragments: Vec<Range<u64>>,
        /// For each frame the index of its first fragment, then the number of fragments.
        starts: Vec<usize>,
    },
}

/// NumberOfFrames, 1 where the file does not say it.
pub(super) fn count(data_set: &DataSet) -> Result<usize, ReadError> {
    match data_set.top().numbers(tags::NUMBER_OF_FRAMES).first() {
        None => Ok(1),
        Some(&frames) if frames >= 1.0 && frames <= MAX_FRAMES as f64 => Ok(frames as usize),
        Some(_) => Err(damaged()),
    }
}

impl Frames {
    /// The frames of a file with `count` of them.
    ///
    /// # Errors
    ///
    /// [`ReadError::NoPixels`] without pixel data, [`ReadError::Truncated`] with fewer fragments than frames.
    pub fn locate(data_set: &DataSet, count: usize) -> Result<Self, ReadError> {
        let is_encapsulated = data_set.syntax.is_encapsulated_pixel_data();
        match data_set.pixels.as_ref().ok_or(ReadError::NoPixels)? {
            PixelData::Native(range) if !is_encapsulated && range.end > data_set.content.length => {
                Err(ReadError::Truncated)
            }
            PixelData::Native(range) if !is_encapsulated => Ok(Self::Native(range.clone())),
            PixelData::Encapsulated(start) if is_encapsulated => {
                let Fragments { offsets, fragments } = Fragments::find(&data_set.content, *start)?;
                if fragments.is_empty() {
                    return Err(ReadError::NoPixels);
                }
                let starts = first_fragments(data_set, count, &offsets, &fragments)?;
                Ok(Self::Encapsulated { fragments, starts })
            }
            _ => Err(damaged()),
        }
    }

    /// The bytes of the compressed frame at `index`, its fragments joined; of uncompressed frames `native`, which
    /// counts from the first frame's first byte.
    pub fn bytes<'a>(
        &self,
        data_set: &'a DataSet,
        index: usize,
        native: Range<u64>,
    ) -> Result<Cow<'a, [u8]>, ReadError> {
        match self {
            Self::Native(all) => {
                let range = all.start.saturating_add(native.start)..all.start.saturating_add(native.end);
                if range.end > all.end { Err(ReadError::Truncated) } else { data_set.content.get(&range) }
            }
            Self::Encapsulated { fragments, starts } => {
                let (first, end) = (starts.get(index), starts.get(index + 1));
                let (Some(&first), Some(&end)) = (first, end) else { return Err(damaged()) };
                match fragments.get(first..end).ok_or_else(damaged)? {
                    [only] => data_set.content.get(only),
                    several => {
                        let mut bytes = Vec::new();
                        for fragment in several {
                            bytes.extend_from_slice(&data_set.content.get(fragment)?);
                        }
                        Ok(Cow::Owned(bytes))
                    }
                }
            }
        }
    }
}

/// For each frame the index of its first fragment, then the number of fragments.
///
/// Offset tables are wrong in some files: they are asked only where the number of fragments leaves it open, and what
/// they say must be where fragments begin.
fn first_fragments(
    data_set: &DataSet,
    count: usize,
    offsets: &Range<u64>,
    fragments: &[Range<u64>],
) -> Result<Vec<usize>, ReadError> {
    let ends = |mut starts: Vec<usize>| {
        starts.push(fragments.len());
        starts
    };
    if fragments.len() < count {
        return Err(ReadError::Truncated);
    }
    if count == 1 {
        return Ok(ends(vec![0]));
    }
    if fragments.len() == count {
        return Ok(ends((0..count).collect()));
    }
    let origin = fragments.first().map_or(0, |first| first.start);
    let of_offsets = |offsets: &mut dyn Iterator<Item = u64>| {
        let mut starts = Vec::new();
        for offset in offsets.take(count) {
            let start = origin.checked_add(offset)?;
            starts.push(fragments.binary_search_by_key(&start, |fragment| fragment.start).ok()?);
        }
        let is_whole =
            starts.len() == count && starts.first() == Some(&0) && starts.is_sorted_by(|a, b| a < b);
        is_whole.then_some(starts)
    };
    let extended = data_set.top().bytes(tags::EXTENDED_OFFSET_TABLE).unwrap_or_default();
    let basic = data_set.content.get(offsets)?;
    of_offsets(&mut extended.as_chunks().0.iter().map(|&bytes| u64::from_le_bytes(bytes)))
        .or_else(|| {
            of_offsets(&mut basic.as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes).into()))
        })
        .or_else(|| by_start_markers(&data_set.content, count, fragments))
        .map(ends)
        .ok_or_else(damaged)
}

/// The fragments that begin as JPEG, JPEG-LS or JPEG 2000 images do, where they are as many as the frames.
fn by_start_markers(content: &Content, count: usize, fragments: &[Range<u64>]) -> Option<Vec<usize>> {
    const STARTS: [&[u8]; 3] = [b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  "];
    let begins = |fragment: &Range<u64>| {
        let beginning = fragment.start..fragment.end.min(fragment.start + 12);
        let bytes = content.get(&beginning).unwrap_or_default();
        STARTS.iter().any(|start| bytes.starts_with(start))
    };
    let starts: Vec<usize> = fragments
        .iter()
        .enumerate()
        .filter(|(_, fragment)| begins(fragment))
        .map(|(index, _)| index)
        .collect();
    (starts.len() == count && starts.first() == Some(&0)).then_some(starts)
}
