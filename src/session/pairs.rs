//! Which reference mask belongs to which image.

use std::collections::BTreeMap;

use rachis_ct::pairing::{Member, pair_slices};
use rachis_protocol::JobId;

use super::{Case, Reference};

/// Images and masks that belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Image to mask.
    reference_of: BTreeMap<JobId, JobId>,
    /// Masks that fit no image by their name.
    pub unmatched: Vec<JobId>,
    /// The first mask of each stack that fits no stack of images.
    pub unmatched_stacks: Vec<JobId>,
}

impl Pairs {
    /// Pairs single masks by name, and stacks of masks with stacks of as many images that have their name or place.
    pub fn find(cases: &[Case], references: &[Reference]) -> Self {
        let images: Vec<Member> = cases
            .iter()
            .map(|case| Member {
                path: &case.path,
                file: &case.origin.source.path,
                stack: case.in_stack.stack.0,
                count: case.in_stack.count,
                info: &case.info,
            })
            .collect();
        let masks: Vec<Member> = references
            .iter()
            .map(|reference| Member {
                path: &reference.path,
                file: &reference.origin.source.path,
                stack: reference.in_stack.stack.0,
                count: reference.in_stack.count,
                info: &reference.info,
            })
            .collect();
        let pairing = pair_slices(&images, &masks);
        let id_of = |mask: usize| references.get(mask).map(|reference| reference.id);
        let ids = |masks: Vec<usize>| masks.into_iter().filter_map(id_of).collect();
        let pairs = cases.iter().zip(pairing.mask_of);
        Self {
            reference_of: pairs.filter_map(|(case, mask)| Some((case.id, id_of(mask?)?))).collect(),
            unmatched: ids(pairing.unmatched),
            unmatched_stacks: ids(pairing.unmatched_stacks),
        }
    }

    /// The mask of an image.
    pub fn reference_of(&self, case: JobId) -> Option<JobId> {
        self.reference_of.get(&case).copied()
    }
}
