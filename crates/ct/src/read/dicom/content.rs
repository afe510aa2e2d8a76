//! The bytes of a DICOM file: its beginning in memory, the rest fetched where it is wanted.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;

use crate::error::ReadError;
use crate::read::input::{Input, failure};

use super::KIND;

/// A file, or what its deflated part unpacks to.
pub(super) struct Content {
    /// All that comes before the pixel data, at least.
    pub head: Vec<u8>,
    /// Where the rest is, if there is more.
    rest: Option<RefCell<Input>>,
    pub length: u64,
}

impl Content {
    /// Bytes that are all in memory.
    pub fn whole(head: Vec<u8>) -> Self {
        Self { length: head.len() as u64, head, rest: None }
    }

    /// A file of known length of which `head` is in memory.
    pub fn of_file(head: Vec<u8>, file: Input, length: u64) -> Self {
        let is_whole = head.len() as u64 == length;
        Self { head, rest: (!is_whole).then(|| RefCell::new(file)), length }
    }

    /// The bytes of a part of the file.
    ///
    /// # Errors
    ///
    /// [`ReadError::Truncated`] where they are not all there; why they cannot be fetched.
    pub fn get(&self, range: &Range<u64>) -> Result<Cow<'_, [u8]>, ReadError> {
        if range.end > self.length {
            return Err(ReadError::Truncated);
        }
        let place = |place: u64| usize::try_from(place).map_err(|_| ReadError::Truncated);
        let at_hand = self.head.get(place(range.start)?..place(range.end)?);
        match (at_hand, &self.rest) {
            (Some(bytes), _) => Ok(Cow::Borrowed(bytes)),
            (None, None) => Err(ReadError::Truncated),
            (None, Some(rest)) => {
                let mut bytes =
                    vec![0; place(range.end.checked_sub(range.start).ok_or(ReadError::Truncated)?)?];
                let read = rest.borrow_mut().read_at(range.start, &mut bytes);
                read.map_err(|error| failure(KIND, &error))?;
                Ok(Cow::Owned(bytes))
            }
        }
    }
}
