//! The items of compressed pixel data (DICOM PS3.5 A.4): an offset table, then the fragments.

use std::ops::Range;

use super::content::Content;
use super::damaged;
use crate::error::ReadError;

/// More fragments than any image has: for each frame of the largest file a dozen.
const MAX_FRAGMENTS: usize = 1 << 20;
/// An item's tag, and that of the delimiter after the last, in little endian.
const ITEM: [u8; 4] = [0xfe, 0xff, 0x00, 0xe0];
const DELIMITER: [u8; 4] = [0xfe, 0xff, 0xdd, 0xe0];

/// Where compressed pixel data lies.
#[derive(Debug)]
pub(super) struct Fragments {
    /// The basic offset table, which may be empty.
    pub offsets: Range<u64>,
    pub fragments: Vec<Range<u64>>,
}

impl Fragments {
    /// Goes from item to item, the first of which begins at `start`.
    ///
    /// # Errors
    ///
    /// [`ReadError::Truncated`] without the delimiter after the last.
    pub fn find(content: &Content, start: u64) -> Result<Self, ReadError> {
        let (mut at, mut offsets, mut fragments) = (start, None, Vec::new());
        loop {
            let header = content.get(&(at..at + 8))?;
            let (tag, length) = header.split_at_checked(4).ok_or(ReadError::Truncated)?;
            let length = u32::from_le_bytes(length.try_into().map_err(|_| damaged())?);
            if tag == DELIMITER {
                let offsets = offsets.ok_or(ReadError::NoPixels)?;
                return Ok(Self { offsets, fragments });
            }
            if tag != ITEM || length == u32::MAX || fragments.len() == MAX_FRAGMENTS {
                return Err(damaged());
            }
            let item = at + 8..at + 8 + u64::from(length);
            if item.end > content.length {
                return Err(ReadError::Truncated);
            }
            at = item.end;
            match offsets {
                None => offsets = Some(item),
                Some(_) => fragments.push(item),
            }
        }
    }
}
