//! Which reference mask belongs to which case.

use std::path::{Path, PathBuf};

use rachis_ct::pairing::pair;

use crate::cases::{Case, place};
use crate::error::CliError;
use crate::files::list;

/// The reference masks of a folder.
#[derive(Debug, Default)]
pub struct References {
    /// For each case, its mask's file.
    of_case: Vec<Option<PathBuf>>,
    /// The masks that fit no case.
    pub unmatched: Vec<PathBuf>,
}

impl References {
    /// Pairs the masks in `folder` with cases, by file name.
    ///
    /// # Errors
    /// If the folder cannot be listed.
    pub fn find(folder: &Path, cases: &[Case]) -> Result<Self, CliError> {
        let is_picture = |path: &PathBuf| {
            let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
            ["png", "tif", "tiff", "jpg", "jpeg"].contains(&extension.as_str())
        };
        let masks: Vec<PathBuf> = list(folder)?.into_iter().filter(is_picture).collect();
        let images: Vec<String> = cases.iter().map(|case| case.place.clone()).collect();
        let places: Vec<String> = masks.iter().map(|mask| place(mask, folder)).collect();
        let pairing = pair(&images, &places);
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
