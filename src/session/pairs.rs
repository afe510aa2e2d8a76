//! Which reference mask belongs to which image.

use std::collections::BTreeMap;

use rachis_protocol::JobId;

use super::{Case, Reference};

/// Images and masks that belong together by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Image to mask.
    reference_of: BTreeMap<JobId, JobId>,
    /// Masks that fit no image.
    pub unmatched: Vec<JobId>,
}

impl Pairs {
    /// Pairs by name.
    pub fn find(cases: &[Case], references: &[Reference]) -> Self {
        let images: Vec<&str> = cases.iter().map(|case| &*case.path).collect();
        let masks: Vec<&str> = references.iter().map(|reference| &*reference.path).collect();
        let pairing = rachis_ct::pairing::pair(&images, &masks);
        let id_of = |mask: usize| references.get(mask).map(|reference| reference.id);
        let reference_of = cases
            .iter()
            .zip(pairing.mask_of)
            .filter_map(|(case, mask)| Some((case.id, id_of(mask?)?)))
            .collect();
        let unmatched = pairing.unmatched.into_iter().filter_map(id_of).collect();
        Self { reference_of, unmatched }
    }

    /// The mask of an image.
    pub fn reference_of(&self, case: JobId) -> Option<JobId> {
        self.reference_of.get(&case).copied()
    }
}
