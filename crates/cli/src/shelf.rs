//! Opening files, and files in archives. The last ones stay open, for the next slice is most likely theirs.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rachis_ct::pairing::is_mask_name;
use rachis_ct::{
    Archive, LabelChoice, Mask, MaskStack, Opened, ReadError, Slice, Stack, StackInfo, open, open_mask,
};

use crate::error::CliError;
use crate::inputs::InputFile;
use crate::labels::Labels;
use crate::slices::FoundSlice;

/// A file, or a file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file's path.
    pub path: PathBuf,
    /// The place in the archive.
    pub member: Option<usize>,
    /// The file's path inside the folder given, with the path inside the archive where that has several files.
    pub place: String,
    /// The file's path, with the path inside the archive: for messages.
    pub shown: PathBuf,
}

/// What a file was opened as.
pub trait Content: Sized {
    /// Opens a file.
    ///
    /// # Errors
    /// Why nothing can be read from it.
    fn open(place: &str, file: BufReader<File>) -> Result<Contents<Self>, ReadError>;

    /// Opens a member of an archive.
    ///
    /// # Errors
    /// Why nothing can be read from it.
    fn open_member(archive: &mut Archive, index: usize) -> Result<Self, ReadError>;

    /// Whether a member of an archive is of use, by its name.
    fn is_wanted(member: &str) -> bool;

    /// What the file holds.
    fn info(&self) -> &StackInfo;
}

/// A file's content, or the archive that it is.
pub enum Contents<C> {
    /// Slices.
    Stack(C),
    /// Files.
    Archive(Archive),
}

impl Content for Stack {
    fn open(place: &str, file: BufReader<File>) -> Result<Contents<Self>, ReadError> {
        Ok(match open(place, file)? {
            Opened::Stack(stack) => Contents::Stack(stack),
            Opened::Archive(archive) => Contents::Archive(archive),
        })
    }

    fn open_member(archive: &mut Archive, index: usize) -> Result<Self, ReadError> {
        match archive.open(index)? {
            Opened::Stack(stack) => Ok(stack),
            Opened::Archive(_) => Err(ReadError::Archive),
        }
    }

    fn is_wanted(member: &str) -> bool {
        !is_mask_name(member)
    }

    fn info(&self) -> &StackInfo {
        &self.info
    }
}

/// Masks, and which of their labels are spine, once that was needed.
pub struct Masks {
    stack: MaskStack,
    choice: Option<LabelChoice>,
}

impl Content for Masks {
    fn open(place: &str, file: BufReader<File>) -> Result<Contents<Self>, ReadError> {
        let archive = file.get_ref().try_clone();
        match (open_mask(place, file), archive) {
            (Ok(stack), _) => Ok(Contents::Stack(Self { stack, choice: None })),
            (Err(ReadError::Archive), Ok(file)) => match open(place, BufReader::new(file))? {
                Opened::Archive(archive) => Ok(Contents::Archive(archive)),
                Opened::Stack(_) => Err(ReadError::Archive),
            },
            (Err(error), _) => Err(error),
        }
    }

    fn open_member(archive: &mut Archive, index: usize) -> Result<Self, ReadError> {
        Ok(Self { stack: archive.open_mask(index)?, choice: None })
    }

    fn is_wanted(_: &str) -> bool {
        true
    }

    fn info(&self) -> &StackInfo {
        &self.stack.info
    }
}

/// The archive and the file that are open.
pub struct Shelf<C> {
    archive: Option<(PathBuf, Archive)>,
    content: Option<(Rc<Source>, C)>,
}

/// A file, or a file in an archive, and what it holds.
pub type Part = (Rc<Source>, Result<StackInfo, ReadError>);

impl<C: Content> Shelf<C> {
    /// Nothing is open.
    pub fn new() -> Self {
        Self { archive: None, content: None }
    }

    /// What a file holds: one part, or one for each member of an archive.
    ///
    /// # Errors
    /// If the file cannot be read at all.
    pub fn parts(&mut self, file: &InputFile) -> Result<Vec<Part>, CliError> {
        let InputFile { path, place } = file;
        let mut archive = match C::open(place, opened(path)?).map_err(|source| image(path, source))? {
            Contents::Stack(content) => {
                let (path, place, info) = (path.clone(), place.clone(), content.info().clone());
                let source = Rc::new(Source { shown: path.clone(), path, member: None, place });
                self.content = Some((Rc::clone(&source), content));
                return Ok(vec![(source, Ok(info))]);
            }
            Contents::Archive(archive) => archive,
        };
        let wanted: Vec<(usize, String)> = archive
            .members
            .iter()
            .enumerate()
            .filter(|(_, member)| C::is_wanted(&member.name))
            .map(|(index, member)| (index, member.name.clone()))
            .collect();
        let count = wanted.len() + archive.skipped.len();
        let source = |index, name: &str| {
            let place = if count == 1 { place.clone() } else { format!("{place}/{name}") };
            Rc::new(Source { path: path.clone(), member: Some(index), place, shown: path.join(name) })
        };
        let mut parts = Vec::new();
        for (index, name) in wanted {
            let info = C::open_member(&mut archive, index).map(|content| content.info().clone());
            parts.push((source(index, &name), info));
        }
        let skipped = archive.skipped.iter().zip(archive.members.len()..);
        parts.extend(skipped.map(|(name, index)| (source(index, name), Err(ReadError::Archive))));
        self.archive = Some((path.clone(), archive));
        Ok(parts)
    }

    fn content(&mut self, source: &Rc<Source>) -> Result<&mut C, CliError> {
        let content = match self.content.take() {
            Some((at_hand, content)) if at_hand == *source => content,
            _ => self.open(source)?,
        };
        Ok(&mut self.content.insert((Rc::clone(source), content)).1)
    }

    fn open(&mut self, source: &Source) -> Result<C, CliError> {
        let image = |error| image(&source.shown, error);
        let Some(member) = source.member else {
            return match C::open(&source.place, opened(&source.path)?).map_err(image)? {
                Contents::Stack(content) => Ok(content),
                Contents::Archive(_) => Err(image(ReadError::Archive)),
            };
        };
        let mut archive = match self.archive.take() {
            Some((at_hand, archive)) if at_hand == source.path => archive,
            _ => match C::open(&source.place, opened(&source.path)?).map_err(image)? {
                Contents::Archive(archive) => archive,
                Contents::Stack(_) => return Err(image(ReadError::NoSuchSlice)),
            },
        };
        let content = C::open_member(&mut archive, member).map_err(image);
        self.archive = Some((source.path.clone(), archive));
        content
    }
}

impl Shelf<Stack> {
    /// A slice's pixels, as shown.
    ///
    /// # Errors
    /// Why they cannot be read.
    pub fn slice(&mut self, slice: &FoundSlice) -> Result<Slice, CliError> {
        let stack = self.content(&slice.source)?;
        let read = stack.reader.slice(slice.index, slice.meaning);
        read.map_err(|error| image(&slice.source.shown, error))
    }
}

impl Shelf<Masks> {
    /// A slice's mask, as shown. `labels` are those of the spine in files of labels; without them, the file's likeliest.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn mask(&mut self, slice: &FoundSlice, labels: Option<&Labels>) -> Result<Mask, CliError> {
        let path = &slice.source.shown;
        let unreadable = |source| CliError::Reference { path: path.clone(), source };
        let Masks { stack, choice } = self.content(&slice.source)?;
        let choice = match choice {
            Some(choice) => choice,
            None => choice.insert(match (stack.labels().map_err(unreadable)?.choice, labels) {
                (LabelChoice::Values(_), Some(Labels(labels))) => LabelChoice::Values(labels.clone()),
                (choice, _) => choice,
            }),
        };
        stack.mask(slice.index, choice).map_err(unreadable)
    }
}

fn opened(path: &Path) -> Result<BufReader<File>, CliError> {
    let file = File::open(path).map_err(|source| CliError::Read { path: path.to_owned(), source })?;
    Ok(BufReader::new(file))
}

fn image(path: &Path, source: ReadError) -> CliError {
    CliError::Image { path: path.to_owned(), source }
}
