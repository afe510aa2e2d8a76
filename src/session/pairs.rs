//! Which reference mask belongs to which image.

use std::collections::BTreeMap;

use rachis_ct::SliceInfo;
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
    /// Pairs single masks by name, and stacks of masks with stacks of as many images.
    pub fn find(cases: &[Case], references: &[Reference]) -> Self {
        let (single, stacked): (Vec<_>, Vec<_>) = references
            .iter()
            .partition(|reference| reference.in_stack.count == 1 && reference.info.dicom.is_none());
        let mut pairs = Self::default();
        pairs.pair_stacks(cases, &stacked);
        pairs.pair_by_name(cases, &single);
        pairs
    }

    fn pair_by_name(&mut self, cases: &[Case], references: &[&Reference]) {
        let images: Vec<&str> = cases.iter().map(|case| &*case.path).collect();
        let masks: Vec<&str> = references.iter().map(|reference| &*reference.path).collect();
        let pairing = rachis_ct::pairing::pair(&images, &masks);
        let id_of = |mask: usize| references.get(mask).map(|reference| reference.id);
        let pairs = cases.iter().zip(pairing.mask_of);
        self.reference_of.extend(pairs.filter_map(|(case, mask)| Some((case.id, id_of(mask?)?))));
        self.unmatched.extend(pairing.unmatched.into_iter().filter_map(id_of));
    }

    /// A stack of masks belongs to the images that it names; else to the stack of as many images that has its name; else
    /// to the first that has no mask.
    fn pair_stacks(&mut self, cases: &[Case], references: &[&Reference]) {
        let images = stacks(cases.iter().map(|case| (case.in_stack.stack, case)));
        let mut masks = stacks(references.iter().map(|reference| (reference.in_stack.stack, *reference)));
        masks.retain(|masks| !self.pair_by_identity(cases, masks));
        let path_of = |case: &Case| case.origin.source.path.to_string();
        let image_paths: Vec<String> =
            images.iter().filter_map(|stack| stack.first()).map(|case| path_of(case)).collect();
        let mask_paths: Vec<String> = masks
            .iter()
            .filter_map(|stack| stack.first())
            .map(|reference| reference.origin.source.path.to_string())
            .collect();
        let mut named = vec![None; masks.len()];
        for (image, mask) in rachis_ct::pairing::pair(&image_paths, &mask_paths).mask_of.iter().enumerate() {
            if let Some(place) = mask.and_then(|mask| named.get_mut(mask)) {
                *place = Some(image);
            }
        }
        let mut is_free = vec![true; images.len()];
        // Names go first, so that no other mask takes their images.
        let by_name = masks.iter().zip(&named).filter(|(_, named)| named.is_some());
        let others = masks.iter().zip(&named).filter(|(_, named)| named.is_none());
        for (masks, named) in by_name.chain(others) {
            let fits = |(index, stack): &(usize, &Vec<&Case>)| {
                stack.len() == masks.len() && is_free.get(*index) == Some(&true)
            };
            let candidates = || images.iter().enumerate().filter(fits);
            let chosen =
                candidates().find(|(index, _)| Some(*index) == *named).or_else(|| candidates().next());
            if let Some((index, stack)) = chosen {
                self.reference_of.extend(stack.iter().zip(masks).map(|(case, mask)| (case.id, mask.id)));
                if let Some(free) = is_free.get_mut(index) {
                    *free = false;
                }
            } else {
                self.unmatched_stacks.extend(masks.first().map(|mask| mask.id));
            }
        }
    }

    /// A DICOM segmentation names the images that it was drawn on. Whether any of them is there.
    fn pair_by_identity(&mut self, cases: &[Case], masks: &[&Reference]) -> bool {
        fn identity(info: &SliceInfo) -> Option<(&str, u32)> {
            let dicom = info.dicom.as_ref().filter(|dicom| !dicom.sop_instance_uid.is_empty())?;
            Some((&dicom.sop_instance_uid, dicom.frame))
        }
        let images: BTreeMap<_, JobId> =
            cases.iter().filter_map(|case| Some((identity(&case.info)?, case.id))).collect();
        let before = self.reference_of.len();
        let pair = |mask: &&Reference| Some((*images.get(&identity(&mask.info)?)?, mask.id));
        self.reference_of.extend(masks.iter().filter_map(pair));
        self.reference_of.len() > before
    }

    /// The mask of an image.
    pub fn reference_of(&self, case: JobId) -> Option<JobId> {
        self.reference_of.get(&case).copied()
    }
}

/// The members of each stack in order, the stacks in the order of their first member.
fn stacks<T>(members: impl Iterator<Item = (JobId, T)>) -> Vec<Vec<T>> {
    let mut stacks: BTreeMap<JobId, Vec<T>> = BTreeMap::new();
    for (stack, member) in members {
        stacks.entry(stack).or_default().push(member);
    }
    stacks.into_values().collect()
}
