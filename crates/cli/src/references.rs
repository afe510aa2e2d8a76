//! Which reference mask belongs to which case.

use std::path::{Path, PathBuf};

use rachis_ct::pairing::pair;
use rachis_ct::{Mask, check_file_size, read_mask};

use crate::cases::place;
use crate::error::CliError;
use crate::files::{list, read, size};

/// The pictures in a folder and the folders in it.
///
/// # Errors
/// If a folder cannot be listed.
pub fn masks(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let is_picture = |path: &PathBuf| {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        ["png", "tif", "tiff", "jpg", "jpeg"].contains(&extension.as_str())
    };
    Ok(list(folder)?.into_iter().filter(is_picture).collect())
}

/// Reads one reference mask of a given size.
///
/// # Errors
/// If it cannot be read or has another size.
pub fn read_sized(path: &Path, rows: u32, columns: u32) -> Result<Mask, CliError> {
    let mask = read_mask_file(path)?;
    if (mask.rows, mask.columns) == (rows, columns) {
        return Ok(mask);
    }
    let (found, wanted) = ((mask.columns, mask.rows), (columns, rows));
    Err(CliError::ReferenceSize { path: path.to_owned(), found, wanted })
}

/// Reads one mask.
///
/// # Errors
/// If it cannot be read.
pub fn read_mask_file(path: &Path) -> Result<Mask, CliError> {
    let unreadable = |source| CliError::Reference { path: path.to_owned(), source };
    check_file_size(size(path)?).map_err(unreadable)?;
    read_mask(&read(path)?).map_err(unreadable)
}

/// The reference masks of a folder.
#[derive(Debug, Default)]
pub struct References {
    /// For each case, its mask's file.
    of_case: Vec<Option<PathBuf>>,
    /// The masks that fit no case.
    pub unmatched: Vec<PathBuf>,
}

impl References {
    /// Pairs the masks in `folder` with images, by file name; `images` are their paths inside the folders given.
    ///
    /// # Errors
    /// If the folder cannot be listed.
    pub fn find(folder: &Path, images: &[String]) -> Result<Self, CliError> {
        let masks = masks(folder)?;
        let places: Vec<String> = masks.iter().map(|mask| place(mask, folder)).collect();
        let pairing = pair(images, &places);
        let mask = |index: usize| masks.get(index).cloned();
        Ok(Self {
            of_case: pairing.mask_of.into_iter().map(|index| index.and_then(mask)).collect(),
            unmatched: pairing.unmatched.into_iter().filter_map(mask).collect(),
        })
    }

    /// The mask of the case at this position.
    pub fn of(&self, case: usize) -> Option<&Path> {
        self.of_case.get(case)?.as_deref()
    }
}
