//! A DICOM file: its transfer syntax, its elements and its frames' bytes.

use std::io::Read;

use dicom_dictionary_std::uids;
use dicom_encoding::transfer_syntax::{Endianness, TransferSyntax};

use super::attributes::{Attributes, Elements};
use super::content::Content;
use super::file_meta::FileMeta;
use super::walk::{PixelData, walk};
use super::{KIND, damaged};
use crate::error::{MAX_FILE_BYTES, MAX_SIDE, ReadError};
use crate::read::damage;
use crate::read::input::Input;

/// What a deflated data set may always unpack to: the largest slice and as much again for everything else.
const MIN_INFLATED: u64 = 4 * (MAX_SIDE as u64) * (MAX_SIDE as u64);
/// What it may unpack to, as a multiple of its size. CT images have 2, masks of many frames some 30.
const MAX_INFLATION: u64 = 64;
/// What it may never go past.
const MAX_INFLATED: u64 = 1 << 30;

/// What is read of a file at first; files that have more before their pixel data are read further, each time twice as far.
const HEAD: u64 = 4 << 20;

/// A parsed file.
pub(super) struct DataSet {
    pub content: Content,
    pub syntax: &'static TransferSyntax,
    attributes: Attributes,
    pub pixels: Option<PixelData>,
}

impl DataSet {
    /// Reads the file up to its pixel data.
    ///
    /// # Errors
    ///
    /// [`ReadError::FileTooLarge`] where more than [`MAX_FILE_BYTES`] come before the pixel data, or of a file that can only
    /// be read as a whole.
    pub fn parse(mut file: Input) -> Result<Self, ReadError> {
        let length = match file.length {
            Some(length) if !file.is_inflated => length,
            _ => return Self::of_whole(file.whole()?),
        };
        let mut size = HEAD.min(length);
        loop {
            let head = file.head(size as usize)?;
            if size == length {
                return Self::of_whole(head);
            }
            match Parsed::of_head(&head) {
                Ok(Parsed { is_deflated: true, .. }) => return Self::of_whole(file.whole()?),
                Ok(Parsed { syntax, attributes, pixels: pixels @ Some(_), .. }) => {
                    let content = Content::of_file(head, file, length);
                    return Ok(Self { content, syntax, attributes, pixels });
                }
                // What comes next may lie beyond the head.
                Ok(_) | Err(ReadError::Truncated) if size == MAX_FILE_BYTES => {
                    return Err(ReadError::FileTooLarge { megabytes: length.div_ceil(1 << 20) });
                }
                Ok(_) | Err(ReadError::Truncated) => size = (2 * size).min(MAX_FILE_BYTES).min(length),
                Err(error) => return Err(error),
            }
        }
    }

    fn of_whole(file: Vec<u8>) -> Result<Self, ReadError> {
        let Parsed { syntax, attributes, pixels, is_deflated, start } = Parsed::of_head(&file)?;
        if !is_deflated {
            return Ok(Self { content: Content::whole(file), syntax, attributes, pixels });
        }
        let inflated = inflate(file.get(start..).unwrap_or_default())?;
        let (attributes, pixels) = walk(&inflated, 0, syntax)?;
        Ok(Self { content: Content::whole(inflated), syntax, attributes, pixels })
    }

    /// The elements of the top level.
    pub fn top(&self) -> Elements<'_> {
        Elements { file: &self.content.head, order: self.syntax.endianness(), attributes: &self.attributes }
    }

    pub fn is_big_endian(&self) -> bool {
        self.syntax.endianness() == Endianness::Big
    }

    /// Why pixels in this transfer syntax cannot be read.
    pub fn unsupported(&self) -> ReadError {
        ReadError::TransferSyntax { name: self.syntax.name().to_owned(), uid: self.syntax.uid().to_owned() }
    }
}

/// What the beginning of a file tells.
struct Parsed {
    syntax: &'static TransferSyntax,
    attributes: Attributes,
    pixels: Option<PixelData>,
    /// The data set is deflated and was not looked at.
    is_deflated: bool,
    /// Where the data set begins.
    start: usize,
}

impl Parsed {
    /// Of a file that begins with `head`.
    fn of_head(head: &[u8]) -> Result<Self, ReadError> {
        let FileMeta { syntax, end: start } = FileMeta::parse(head)?;
        let is_deflated = syntax.uid() == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;
        let (attributes, pixels) = if is_deflated { Default::default() } else { walk(head, start, syntax)? };
        Ok(Self { syntax, attributes, pixels, is_deflated, start })
    }
}

fn inflate(deflated: &[u8]) -> Result<Vec<u8>, ReadError> {
    let most = (MAX_INFLATION * deflated.len() as u64).clamp(MIN_INFLATED, MAX_INFLATED);
    let mut inflated = Vec::new();
    let mut decoder = flate2::read::DeflateDecoder::new(deflated).take(most + 1);
    decoder.read_to_end(&mut inflated).map_err(|error| damage(KIND, &error))?;
    if inflated.len() as u64 > most { Err(damaged()) } else { Ok(inflated) }
}
