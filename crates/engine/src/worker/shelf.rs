//! The files and archives that the reader has open: the next slice of them is read without opening them again.

use rachis_ct::{
    Archive, LabelChoice, Labels, Mask, MaskStack, Meaning, Opened, ReadError, Slice, Stack, StackInfo, open,
    open_mask,
};
use rachis_protocol::JobId;
use rachis_protocol::reader::{Part, Place, Refusal, Role};
use web_sys::File;

use super::file_source::FileSource;

/// The parts that were read last, and the archives.
#[derive(Default)]
pub(super) struct Shelf {
    archives: Latest<JobId, Archive>,
    parts: Latest<Key, Content>,
}

/// So many things are kept open: images and masks are read in turns, of two series perhaps. A picture file of 128 MB may be
/// in memory for each.
const KEPT: usize = 4;

/// The things that were used last, the latest at the end.
struct Latest<K, V>(Vec<(K, V)>);

impl<K, V> Default for Latest<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V> Latest<K, V> {
    fn take(&mut self, key: &K) -> Option<V> {
        let place = self.0.iter().position(|(other, _)| other == key)?;
        Some(self.0.remove(place).1)
    }

    fn put(&mut self, key: K, value: V) -> &mut V {
        self.0.drain(..(self.0.len() + 1).saturating_sub(KEPT));
        &mut self.0.push_mut((key, value)).1
    }
}

/// A file, a member of it, and what it was opened as.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    file: JobId,
    member: Option<u32>,
    role: Role,
}

enum Content {
    Images(Stack),
    Masks(MaskStack),
}

impl Content {
    fn info(&self) -> &StackInfo {
        match self {
            Self::Images(stack) => &stack.info,
            Self::Masks(stack) => &stack.info,
        }
    }
}

impl Shelf {
    /// What a file holds.
    ///
    /// # Errors
    /// Where nothing can be read from it.
    pub(super) fn open(&mut self, id: JobId, file: &File, role: Role) -> Result<Vec<Part>, ReadError> {
        let mut archive = match content(file, role) {
            Err(error) if error.is_of_other_kind() => {
                return Ok(vec![Part { member: None, content: Err(refusal(&error)) }]);
            }
            Err(error) => return Err(error),
            Ok(Either::Archive(archive)) => archive,
            Ok(Either::Content(content)) => {
                let info = content.info().clone();
                self.parts.put(Key { file: id, member: None, role }, content);
                return Ok(vec![Part { member: None, content: Ok(info) }]);
            }
        };
        let mut parts = Vec::new();
        for index in 0..archive.members.len() {
            let opened = member(&mut archive, index, role);
            let content = opened.map(|content| content.info().clone()).map_err(|error| refusal(&error));
            let name = archive.members.get(index).map(|member| member.name.clone()).unwrap_or_default();
            parts.push(Part { member: Some((index as u32, name)), content });
        }
        let refusal = refusal(&ReadError::Archive);
        let skipped = archive.skipped.iter().zip(archive.members.len() as u32..);
        parts.extend(skipped.map(|(name, index)| Part {
            member: Some((index, name.clone())),
            content: Err(refusal.clone()),
        }));
        self.archives.put(id, archive);
        Ok(parts)
    }

    /// A slice of a file.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(super) fn slice(
        &mut self,
        id: JobId,
        file: &File,
        place: Place,
        meaning: Meaning,
    ) -> Result<Slice, ReadError> {
        match self.content(id, file, place.member, Role::Images)? {
            Content::Images(stack) => stack.reader.slice(place.slice as usize, meaning),
            Content::Masks(_) => Err(ReadError::NoSuchSlice),
        }
    }

    /// A mask of a file.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(super) fn mask(
        &mut self,
        id: JobId,
        file: &File,
        place: Place,
        choice: &LabelChoice,
    ) -> Result<Mask, ReadError> {
        match self.content(id, file, place.member, Role::Masks)? {
            Content::Masks(stack) => stack.mask(place.slice as usize, choice),
            Content::Images(_) => Err(ReadError::NoSuchSlice),
        }
    }

    /// The labels of a file of masks.
    ///
    /// # Errors
    /// Where a mask cannot be read.
    pub(super) fn labels(
        &mut self,
        id: JobId,
        file: &File,
        member: Option<u32>,
    ) -> Result<Labels, ReadError> {
        match self.content(id, file, member, Role::Masks)? {
            Content::Masks(stack) => stack.labels(),
            Content::Images(_) => Err(ReadError::NoSuchSlice),
        }
    }

    fn content(
        &mut self,
        id: JobId,
        file: &File,
        member_index: Option<u32>,
        role: Role,
    ) -> Result<&mut Content, ReadError> {
        let key = Key { file: id, member: member_index, role };
        let opened = match (self.parts.take(&key), member_index) {
            (Some(content), _) => content,
            (None, Some(index)) => member(self.archive(id, file)?, index as usize, role)?,
            (None, None) => match content(file, role)? {
                Either::Content(content) => content,
                Either::Archive(_) => return Err(ReadError::Archive),
            },
        };
        Ok(self.parts.put(key, opened))
    }

    fn archive(&mut self, id: JobId, file: &File) -> Result<&mut Archive, ReadError> {
        let archive = match self.archives.take(&id) {
            Some(archive) => archive,
            None => match content(file, Role::Images)? {
                Either::Archive(archive) => archive,
                Either::Content(_) => return Err(ReadError::NoSuchSlice),
            },
        };
        Ok(self.archives.put(id, archive))
    }
}

fn refusal(error: &ReadError) -> Refusal {
    Refusal { reason: error.to_string(), is_of_other_kind: error.is_of_other_kind() }
}

enum Either {
    Content(Content),
    Archive(Archive),
}

fn content(file: &File, role: Role) -> Result<Either, ReadError> {
    let source = || FileSource::new(file.clone()).map_err(|_| ReadError::Truncated);
    if role == Role::Masks {
        match open_mask(&file.name(), source()?) {
            Ok(stack) => return Ok(Either::Content(Content::Masks(stack))),
            Err(ReadError::Archive) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(match open(&file.name(), source()?)? {
        Opened::Stack(stack) => Either::Content(Content::Images(stack)),
        Opened::Archive(archive) => Either::Archive(archive),
    })
}

fn member(archive: &mut Archive, index: usize, role: Role) -> Result<Content, ReadError> {
    Ok(match role {
        Role::Masks => Content::Masks(archive.open_mask(index)?),
        Role::Images => match archive.open(index)? {
            Opened::Stack(stack) => Content::Images(stack),
            Opened::Archive(_) => return Err(ReadError::Archive),
        },
    })
}
