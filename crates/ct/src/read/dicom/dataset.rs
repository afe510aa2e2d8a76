//! A DICOM file: its transfer syntax, its elements and its frames' bytes.

use std::borrow::Cow;
use std::io::Read;

use dicom_dictionary_std::uids;
use dicom_encoding::transfer_syntax::{Endianness, TransferSyntax};

use super::attributes::{Attributes, Elements};
use super::file_meta::FileMeta;
use super::walk::{PixelData, walk};
use super::{KIND, damaged};
use crate::error::{MAX_SIDE, ReadError};
use crate::read::damage;

/// What a deflated data set may always unpack to: the largest slice and as much again for everything else.
const MIN_INFLATED: u64 = 4 * (MAX_SIDE as u64) * (MAX_SIDE as u64);
/// What it may unpack to, as a multiple of its size. CT images have 2, masks of many frames some 30.
const MAX_INFLATION: u64 = 64;
/// What it may never go past.
const MAX_INFLATED: u64 = 1 << 30;

/// A parsed file.
pub(super) struct DataSet<'a> {
    /// The file, or what its deflated part unpacks to.
    pub file: Cow<'a, [u8]>,
    pub syntax: &'static TransferSyntax,
    attributes: Attributes,
    pub pixels: Option<PixelData>,
}

impl<'a> DataSet<'a> {
    pub fn parse(file: impl Into<Cow<'a, [u8]>>) -> Result<Self, ReadError> {
        let mut file = file.into();
        let FileMeta { syntax, end } = FileMeta::parse(&file)?;
        let start = if syntax.uid() == uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN {
            file = Cow::Owned(inflate(file.get(end..).unwrap_or_default())?);
            0
        } else {
            end
        };
        let (attributes, pixels) = walk(&file, start, syntax)?;
        Ok(Self { file, syntax, attributes, pixels })
    }

    /// The elements of the top level.
    pub fn top(&self) -> Elements<'_> {
        Elements { file: &self.file, order: self.syntax.endianness(), attributes: &self.attributes }
    }

    pub fn is_big_endian(&self) -> bool {
        self.syntax.endianness() == Endianness::Big
    }

    /// Why pixels in this transfer syntax cannot be read.
    pub fn unsupported(&self) -> ReadError {
        ReadError::TransferSyntax { name: self.syntax.name().to_owned(), uid: self.syntax.uid().to_owned() }
    }
}

fn inflate(deflated: &[u8]) -> Result<Vec<u8>, ReadError> {
    let most = (MAX_INFLATION * deflated.len() as u64).clamp(MIN_INFLATED, MAX_INFLATED);
    let mut inflated = Vec::new();
    let mut decoder = flate2::read::DeflateDecoder::new(deflated).take(most + 1);
    decoder.read_to_end(&mut inflated).map_err(|error| damage(KIND, &error))?;
    if inflated.len() as u64 > most { Err(damaged()) } else { Ok(inflated) }
}
