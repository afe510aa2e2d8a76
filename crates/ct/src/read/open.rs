//! From a file to what it holds.

use std::collections::BTreeMap;
use std::io::Cursor;

use super::archive::Archive;
use super::inflated::{Inflated, Wrapping};
use super::input::{Input, failure};
use super::kind::{self, Kind};
use super::labels::MaskStack;
use super::pages::Album;
use super::picture::PictureKind;
use super::stack::Stack;
use super::tiff::Contents;
use super::volume::Volume;
use super::{ReadError, Source, dicom, metaimage, nifti, npy, nrrd, picture, tiff};
use crate::error::MAX_INFLATED_BYTES;

/// What a file turned out to hold.
pub enum Opened {
    /// Slices.
    Stack(Stack),
    /// Files.
    Archive(Archive),
}

/// Finds out what a file holds by its content: headers, geometry and the number of slices, but no pixels, except where
/// only their range tells what they mean. `name` serves to word the reason where the content is no image.
///
/// # Errors
///
/// A [`ReadError`] for each reason that nothing can be read from the file.
pub fn open(name: &str, source: impl Source + 'static) -> Result<Opened, ReadError> {
    open_input(name, Input::of_file(Box::new(source))?)
}

/// Finds out what a file holds as [`open`] does, to read masks or labels from it.
///
/// # Errors
///
/// As [`open`]; [`ReadError::MaskKind`] for DICOM objects that are no segmentations and [`ReadError::Archive`] for archives.
pub fn open_mask(name: &str, source: impl Source + 'static) -> Result<MaskStack, ReadError> {
    open_mask_input(name, Input::of_file(Box::new(source))?)
}

pub(super) fn open_input(name: &str, input: Input) -> Result<Opened, ReadError> {
    Ok(Opened::Stack(match contents(name, input)? {
        File::Album(album) => album.into_stack()?,
        File::Volume(volume) => volume.into_stack()?,
        File::Dicom(input) => dicom::open(input)?,
        File::Archive(input) => return Ok(Opened::Archive(Archive::of(input.into_random_access()?)?)),
    }))
}

pub(super) fn open_mask_input(name: &str, input: Input) -> Result<MaskStack, ReadError> {
    Ok(match contents(name, input)? {
        File::Album(album) => {
            let is_stack = album.count > 1;
            let (info, values) = album.into_values();
            if is_stack {
                MaskStack::of_labels(info, values, BTreeMap::new())
            } else {
                MaskStack::of_shades(info, values)
            }
        }
        File::Volume(mut volume) => {
            let names = std::mem::take(&mut volume.label_names);
            let (info, values) = volume.into_values()?;
            MaskStack::of_labels(info, values, names)
        }
        File::Dicom(input) => MaskStack::of_segments(dicom::open_segmentation(input)?),
        File::Archive(_) => return Err(ReadError::Archive),
    })
}

/// A file whose kind is known and whose headers, but for those of DICOM, are read.
enum File {
    Album(Album),
    Volume(Box<Volume>),
    Dicom(Input),
    Archive(Input),
}

fn contents(name: &str, mut input: Input) -> Result<File, ReadError> {
    if input.length == Some(0) {
        return Err(ReadError::Empty);
    }
    let mut kind = kind::sniff(&mut input)?;
    if kind == Kind::Gzip {
        input = gunzipped(input)?;
        kind = kind::sniff(&mut input)?;
    }
    Ok(match kind {
        Kind::Png => File::Album(picture::open(PictureKind::Png, input.whole()?)?),
        Kind::Jpeg => File::Album(picture::open(PictureKind::Jpeg, input.whole()?)?),
        Kind::Tiff => match tiff::open(Input::of_file(input.into_random_access()?)?)? {
            Contents::Pages(album) => File::Album(album),
            Contents::Volume(volume) => File::Volume(volume),
        },
        Kind::Nifti => File::Volume(Box::new(nifti::read(input)?)),
        Kind::Nrrd => File::Volume(Box::new(nrrd::read(input)?)),
        Kind::MetaImage => File::Volume(Box::new(metaimage::read(input)?)),
        Kind::Npy => File::Volume(Box::new(npy::read(input)?)),
        Kind::Dicom => File::Dicom(input),
        Kind::Zip => File::Archive(input),
        Kind::Gzip | Kind::OtherArchive => return Err(ReadError::Archive),
        Kind::Text => return Err(ReadError::Text),
        Kind::Unknown => return Err(kind::unknown(name)),
    })
}

fn gunzipped(input: Input) -> Result<Input, ReadError> {
    let length = input.length.unwrap_or(u64::MAX);
    let inflated = Inflated::new(input.into_source()?, Wrapping::Gzip, 0, length, MAX_INFLATED_BYTES);
    Input::of_inflated(Box::new(inflated.map_err(|error| failure("gzip", &error))?), None)
}

impl Input {
    /// A source of which every place can be read at once: what has to be inflated is held in memory.
    fn into_random_access(mut self) -> Result<Box<dyn Source>, ReadError> {
        if self.is_inflated { Ok(Box::new(Cursor::new(self.whole()?))) } else { self.into_source() }
    }
}
