//! Masks compared with the references that belong to them.

use std::collections::BTreeSet;
use std::path::Path;

use rachis_ct::pairing::{Member, pair_slices};
use rachis_ct::{Mask, Spacing, Turn};
use rachis_eval::{Case, Grid};

use crate::error::{CliError, Problems};
use crate::inputs;
use crate::labels::Labels;
use crate::shelf::{Masks, Shelf};
use crate::slices::{self, FoundSlice, SliceStack, members};

/// References, and which of them belongs to which image.
pub struct References {
    shelf: Shelf<Masks>,
    stacks: Vec<SliceStack>,
    /// For each image, its mask's place among all of them.
    mask_of: Vec<Option<usize>>,
    labels: Option<Labels>,
}

impl References {
    /// No references.
    pub fn none() -> Self {
        Self { shelf: Shelf::new(), stacks: Vec::new(), mask_of: Vec::new(), labels: None }
    }

    /// Pairs the masks in a file or folder with images as the page does. Those that fit none are told of, but are no
    /// problem. `labels` are those of the spine in files of labels; without them, the file's likeliest.
    ///
    /// # Errors
    /// If a folder cannot be listed.
    pub fn find(
        path: &Path,
        images: &[Member],
        labels: Option<Labels>,
        problems: &mut Problems,
    ) -> Result<Self, CliError> {
        let mut shelf = Shelf::new();
        let stacks = slices::masks(&inputs::masks(path)?, &mut shelf, problems);
        let pairing = pair_slices(images, &members(&stacks));
        let references = Self { shelf, stacks, mask_of: pairing.mask_of, labels };
        for mask in pairing.unmatched {
            if let Some(mask) = references.mask(mask) {
                eprintln!("{}: fits nothing by its name, so it is left out.", mask.source.shown.display());
            }
        }
        for mask in pairing.unmatched_stacks {
            if let Some(mask) = references.mask(mask) {
                eprintln!(
                    "{}: nothing has as many slices at its place, so it is left out.",
                    mask.source.shown.display()
                );
            }
        }
        references.tell_of_missing(problems);
        Ok(references)
    }

    /// Stacks of which only a part belongs to images: what is left out would flatter the rest.
    fn tell_of_missing(&self, problems: &mut Problems) {
        let used: BTreeSet<usize> = self.mask_of.iter().copied().flatten().collect();
        let mut first = 0;
        for stack in &self.stacks {
            let (count, place) = (stack.len(), first);
            first += count;
            let paired = used.range(place..place + count).count();
            if let Some(slice) = stack.first().filter(|_| (1..count).contains(&paired)) {
                let path = slice.source.shown.clone();
                problems.tell(&CliError::NoPrediction { path, missing: count - paired, count });
            }
        }
    }

    fn mask(&self, place: usize) -> Option<&FoundSlice> {
        self.stacks.iter().flatten().nth(place)
    }

    /// Whether the image at this place has one.
    pub fn has(&self, image: usize) -> bool {
        self.mask_of.get(image).is_some_and(Option::is_some)
    }

    /// Compares a mask, as shown, with the reference of the image at this place; `None` where that has none.
    ///
    /// Without a spacing in the files, that of `pictures` counts, as the files store their pixels.
    ///
    /// # Errors
    /// If the reference cannot be read or has another size.
    pub fn compare(
        &mut self,
        image: usize,
        slice: &FoundSlice,
        mask: &Mask,
        pictures: Option<Spacing>,
        name: &str,
    ) -> Result<Option<Case>, CliError> {
        let place = self.mask_of.get(image).copied().flatten();
        let Some(reference) = place.and_then(|place| self.mask(place)).cloned() else { return Ok(None) };
        let turn = slice.info.turn_of_mask(&reference.info, Turn::NONE);
        let truth = self.shelf.mask(&reference, self.labels.as_ref())?.turned(turn);
        if (mask.rows, mask.columns) != (truth.rows, truth.columns) {
            return Err(CliError::MaskSize {
                path: reference.source.shown.clone(),
                found: (truth.columns, truth.rows),
                other: slice.source.shown.clone(),
                wanted: (mask.columns, mask.rows),
            });
        }
        let of_reference = || reference.info.spacing.map(|spacing| spacing.turned(turn));
        let of_picture = || pictures.map(|spacing| spacing.turned(slice.info.turn));
        let spacing = slice.info.spacing.or_else(of_reference).or_else(of_picture);
        let grid = spacing.map(|spacing| Grid {
            shape: [mask.rows as usize, mask.columns as usize],
            spacing_mm: [f64::from(spacing.row_mm), f64::from(spacing.column_mm)],
        });
        Ok(Some(Case::of(name.to_owned(), None, &mask.pixels(), &truth.pixels(), grid.as_ref())?))
    }
}
