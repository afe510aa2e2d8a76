//! Files of pictures: one PNG or JPEG, or the pages of a TIFF.

use super::labels::Values;
use super::raster::Raster;
use super::stack::{SliceReader, Stack};
use super::{ReadError, meaning};
use crate::{Meaning, Slice, SliceInfo, Spacing, StackInfo, Turn};

/// Pages that are looked at to tell what the numbers of all mean.
const SAMPLED_PAGES: usize = 5;

/// Decodes the pictures of a file.
pub(super) trait Pages {
    /// The picture at this place.
    fn page(&mut self, index: usize) -> Result<Raster, ReadError>;

    /// What the pixels mean, where their type alone tells it.
    fn known_meaning(&mut self) -> Result<Option<Meaning>, ReadError>;
}

/// The size and number of pictures of a file, and the way to them.
pub(super) struct Album {
    pub pages: Box<dyn Pages>,
    pub count: usize,
    pub rows: u32,
    pub columns: u32,
    pub spacing: Option<Spacing>,
    pub thickness_mm: Option<f32>,
}

impl Album {
    /// The way to its pictures as slices.
    ///
    /// # Errors
    ///
    /// Where a picture that tells what the numbers mean cannot be read.
    pub fn into_stack(mut self) -> Result<Stack, ReadError> {
        let (meanings, warning) = match self.pages.known_meaning()? {
            Some(meaning) => (vec![meaning], None),
            None => self.sampled_meanings()?,
        };
        let info = StackInfo { meanings, warning, ..self.info() };
        Ok(Stack { info, reader: Box::new(Images { pages: self.pages, spacing: self.spacing }) })
    }

    /// The way to its pictures as masks.
    pub fn into_values(self) -> (StackInfo, Box<dyn Values>) {
        (self.info(), Box::new(Masks(self.pages)))
    }

    fn info(&self) -> StackInfo {
        let slice = SliceInfo {
            rows: self.rows,
            columns: self.columns,
            spacing: self.spacing,
            thickness_mm: self.thickness_mm,
            placement: None,
            turn: Turn::NONE,
            dicom: None,
        };
        StackInfo {
            series: None,
            description: String::new(),
            slices: vec![slice; self.count],
            grid: None,
            meanings: Vec::new(),
            warning: None,
        }
    }

    fn sampled_meanings(&mut self) -> Result<(Vec<Meaning>, Option<String>), ReadError> {
        let sampled = self.count.min(SAMPLED_PAGES);
        let mut range = meaning::Range::NOTHING;
        let mut kind = None;
        for sample in 0..sampled {
            let page = self.pages.page(meaning::evenly(sample, sampled, self.count))?;
            page.samples.add_to(&mut range);
            kind = Some(page.samples.kind());
        }
        let kind = kind.ok_or(ReadError::NoSuchSlice)?;
        Ok((meaning::guess(kind, range), meaning::doubt(kind, range).map(str::to_owned)))
    }
}

struct Images {
    pages: Box<dyn Pages>,
    spacing: Option<Spacing>,
}

impl SliceReader for Images {
    fn slice(&mut self, index: usize, meaning: Meaning) -> Result<Slice, ReadError> {
        let slice = self.pages.page(index)?.into_slice(meaning)?;
        Ok(Slice { spacing: self.spacing, ..slice })
    }
}

struct Masks(Box<dyn Pages>);

impl Values for Masks {
    fn values(&mut self, index: usize) -> Result<Vec<f32>, ReadError> {
        Ok(self.0.page(index)?.samples.into_values())
    }
}
