//! Which slice's mask is which, where files hold stacks of slices.

use std::collections::BTreeMap;

use super::pair;
use crate::placement::dot;
use crate::series::{SAME_PLACE_MM, usual_distance_mm};
use crate::{SliceInfo, Vector};

/// A slice of an image or of a mask, with all that pairing asks of it.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The slice's path: its file's, or that with its number where the file has several.
    pub path: &'a str,
    /// The path of the file that it is in.
    pub file: &'a str,
    /// Which stack it belongs to; the caller's number, the lowest first.
    pub stack: u64,
    /// Number of slices in the stack.
    pub count: usize,
    /// What is known of it.
    pub info: &'a SliceInfo,
}

/// The outcome of [`pair_slices`]; masks and images are named by their places in the lists given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SlicePairing {
    /// For each image, its mask.
    pub mask_of: Vec<Option<usize>>,
    /// Single masks that fit no image by their name.
    pub unmatched: Vec<usize>,
    /// The first mask of each stack that fits no stack of images.
    pub unmatched_stacks: Vec<usize>,
}

/// Pairs single masks by name, and stacks of masks with stacks of as many images.
///
/// A stack of masks belongs to the images that it names (a DICOM segmentation does); else to the stack of as many images
/// that has its name; else to the first of as many that has no mask and lies where the masks do, as far as both say where
/// they lie.
pub fn pair_slices(images: &[Member], masks: &[Member]) -> SlicePairing {
    let mut pairing = SlicePairing { mask_of: vec![None; images.len()], ..SlicePairing::default() };
    let is_single = |mask: &Member| mask.count == 1 && mask.info.dicom.is_none();
    let (single, stacked): (Vec<_>, Vec<_>) = masks.iter().enumerate().partition(|(_, mask)| is_single(mask));
    pairing.pair_stacks(images, &stacked);
    pairing.pair_by_name(images, &single);
    pairing
}

/// A member with its place in the list that it comes from.
type Placed<'a, 'b> = (usize, &'b Member<'a>);

impl SlicePairing {
    fn give(&mut self, image: usize, mask: usize) {
        if let Some(place) = self.mask_of.get_mut(image) {
            *place = Some(mask);
        }
    }

    fn pair_by_name(&mut self, images: &[Member], masks: &[Placed]) {
        let image_paths: Vec<&str> = images.iter().map(|image| image.path).collect();
        let mask_paths: Vec<&str> = masks.iter().map(|(_, mask)| mask.path).collect();
        let pairing = pair(&image_paths, &mask_paths);
        let place_of = |mask: usize| masks.get(mask).map(|(place, _)| *place);
        for (image, mask) in pairing.mask_of.into_iter().enumerate() {
            if let Some(mask) = mask.and_then(place_of) {
                self.give(image, mask);
            }
        }
        self.unmatched.extend(pairing.unmatched.into_iter().filter_map(place_of));
    }

    fn pair_stacks(&mut self, images: &[Member], masks: &[Placed]) {
        let mut masks = stacks(masks.iter().copied());
        masks.retain(|masks| !self.pair_by_identity(images, masks));
        let images = stacks(images.iter().enumerate());
        let mut named = vec![None; masks.len()];
        for (image, mask) in pair(&files(&images), &files(&masks)).mask_of.into_iter().enumerate() {
            if let Some(place) = mask.and_then(|mask| named.get_mut(mask)) {
                *place = Some(image);
            }
        }
        let mut is_free = vec![true; images.len()];
        // Names go first, so that no other mask takes their images.
        let by_name = masks.iter().zip(&named).filter(|(_, named)| named.is_some());
        let others = masks.iter().zip(&named).filter(|(_, named)| named.is_none());
        for (masks, named) in by_name.chain(others) {
            let fits = |(index, stack): &(usize, &Vec<Placed>)| {
                stack.len() == masks.len() && is_free.get(*index) == Some(&true)
            };
            let candidates = || images.iter().enumerate().filter(fits);
            let chosen = candidates()
                .find(|(index, _)| Some(*index) == *named)
                .or_else(|| candidates().find(|(_, stack)| lie_together(stack, masks)));
            if let Some((index, stack)) = chosen {
                for ((image, _), (mask, _)) in stack.iter().zip(masks) {
                    self.give(*image, *mask);
                }
                if let Some(free) = is_free.get_mut(index) {
                    *free = false;
                }
            } else {
                self.unmatched_stacks.extend(masks.first().map(|(place, _)| *place));
            }
        }
    }

    /// Whether any of the images that a DICOM segmentation names as its sources is there.
    fn pair_by_identity(&mut self, images: &[Member], masks: &[Placed]) -> bool {
        fn identity(info: &SliceInfo) -> Option<(&str, u32)> {
            let dicom = info.dicom.as_ref().filter(|dicom| !dicom.sop_instance_uid.is_empty())?;
            Some((&dicom.sop_instance_uid, dicom.frame))
        }
        let by_identity: BTreeMap<_, usize> = images
            .iter()
            .enumerate()
            .filter_map(|(place, image)| Some((identity(image.info)?, place)))
            .collect();
        let mut is_any = false;
        for (mask, member) in masks {
            if let Some(image) = identity(member.info).and_then(|source| by_identity.get(&source)) {
                self.give(*image, *mask);
                is_any = true;
            }
        }
        is_any
    }
}

/// The members of each stack in order, the stacks in the order of their numbers.
fn stacks<'a: 'b, 'b>(members: impl Iterator<Item = Placed<'a, 'b>>) -> Vec<Vec<Placed<'a, 'b>>> {
    let mut stacks: BTreeMap<u64, Vec<Placed>> = BTreeMap::new();
    for member in members {
        stacks.entry(member.1.stack).or_default().push(member);
    }
    stacks.into_values().collect()
}

/// The cosine of the angle that slices and masks of one place may differ by: 2.5 degrees.
const MIN_COSINE: f64 = 0.999;

/// Whether slices lie where their masks do, though perhaps flipped: less than half a slice and a pixel away. Also where
/// either do not say where they lie.
fn lie_together(images: &[Placed], masks: &[Placed]) -> bool {
    let slice_mm = distance_mm(images);
    let is_together =
        |((_, image), (_, mask)): (&Placed, &Placed)| is_at(image.info, mask.info, slice_mm).unwrap_or(true);
    images.iter().zip(masks).all(is_together)
}

fn is_at(image: &SliceInfo, mask: &SliceInfo, slice_mm: f64) -> Option<bool> {
    let (placement, of_mask, spacing) = (image.placement?, mask.placement?, image.spacing?);
    let ([a, b, c], [x, y, z]) = (image.middle_mm()?, mask.middle_mm()?);
    let way = [x - a, y - b, z - c];
    let along_mm = dot(way, placement.normal()).abs();
    let across_mm = dot(way, placement.right).hypot(dot(way, placement.down));
    let pixel_mm = f64::from(spacing.row_mm.max(spacing.column_mm));
    let is_parallel = |a: Vector, b: Vector| dot(a, b).abs() > MIN_COSINE;
    let is_near = along_mm < slice_mm / 2.0 + SAME_PLACE_MM && across_mm < pixel_mm;
    Some(is_near && is_parallel(placement.right, of_mask.right) && is_parallel(placement.down, of_mask.down))
}

/// From one slice of a stack to the next; the thickness of a single one.
fn distance_mm(stack: &[Placed]) -> f64 {
    let position = |(_, member): &Placed| Some(member.info.placement?.position_mm());
    let positions: Vec<f64> = stack.iter().filter_map(position).collect();
    let distances: Vec<f64> =
        positions.windows(2).filter_map(|pair| Some((pair.last()? - pair.first()?).abs())).collect();
    let thickness = || stack.first().and_then(|(_, member)| member.info.thickness_mm).map(f64::from);
    usual_distance_mm(&distances).or_else(thickness).unwrap_or(f64::INFINITY)
}

/// The file that each stack begins in.
fn files<'a>(stacks: &[Vec<Placed<'a, '_>>]) -> Vec<&'a str> {
    stacks.iter().filter_map(|stack| stack.first()).map(|(_, member)| member.file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DicomIdentity, Placement, Spacing, Turn};

    fn info(uid: Option<&str>) -> SliceInfo {
        let identity =
            |uid: &str| DicomIdentity { sop_instance_uid: uid.into(), frame: 1, ..Default::default() };
        SliceInfo {
            rows: 2,
            columns: 2,
            spacing: None,
            thickness_mm: None,
            placement: None,
            turn: Turn::NONE,
            dicom: uid.map(|uid| Box::new(identity(uid))),
        }
    }

    /// The slices of files, each of so many; a file's path serves for its slices.
    fn members<'a>(files: &[(&'a str, usize)], info: &'a SliceInfo) -> Vec<Member<'a>> {
        let of_file = |(stack, &(file, count)): (usize, &(&'a str, usize))| {
            let member = Member { path: file, file, stack: stack as u64, count, info };
            std::iter::repeat_n(member, count)
        };
        files.iter().enumerate().flat_map(of_file).collect()
    }

    #[test]
    fn a_stack_of_masks_takes_the_images_of_its_name_before_any_others_of_as_many() {
        let info = info(None);
        let images = members(&[("a.nii", 2), ("b.nii", 2), ("c.png", 1)], &info);
        let masks = members(&[("labels.nii", 2), ("a_mask.nii.gz", 2), ("c_mask.png", 1)], &info);
        let pairing = pair_slices(&images, &masks);
        assert_eq!(pairing.mask_of, [Some(2), Some(3), Some(0), Some(1), Some(4)]);
        assert_eq!((pairing.unmatched, pairing.unmatched_stacks), (vec![], vec![]));
    }

    /// Three axial slices of 4 x 6 pixels of 1 mm, 2 mm apart, the first one's corner here.
    fn placed(origin_mm: Vector) -> Vec<SliceInfo> {
        let [x, y, z] = origin_mm;
        let slice = |height_mm: f64| SliceInfo {
            rows: 4,
            columns: 6,
            spacing: Some(Spacing { row_mm: 1.0, column_mm: 1.0 }),
            placement: Some(Placement {
                origin_mm: [x, y, z + height_mm],
                right: [1.0, 0.0, 0.0],
                down: [0.0, 1.0, 0.0],
            }),
            ..info(None)
        };
        [0.0, 2.0, 4.0].map(slice).to_vec()
    }

    fn stack<'a>(file: &'a str, stack: u64, slices: &'a [SliceInfo]) -> Vec<Member<'a>> {
        slices.iter().map(|info| Member { path: file, file, stack, count: slices.len(), info }).collect()
    }

    #[test]
    fn masks_without_a_name_take_the_images_where_they_lie_whatever_way_they_are_stored() {
        let (elsewhere, here) = (placed([0.0, 0.0, 100.0]), placed([10.0, -20.0, 30.0]));
        let images = [stack("a.nii", 0, &elsewhere), stack("b.nii", 1, &here)].concat();
        for turn in Turn::all().filter(|turn| !turn.transposed) {
            let masks: Vec<SliceInfo> = here.iter().map(|slice| slice.turned(turn)).collect();
            let pairing = pair_slices(&images, &stack("labels.nii", 0, &masks));
            assert_eq!(pairing.mask_of, [None, None, None, Some(0), Some(1), Some(2)], "{turn:?}");
        }
    }

    #[test]
    fn masks_that_lie_elsewhere_are_paired_by_name_alone() {
        let here = placed([0.0; 3]);
        let images = stack("a.nii", 0, &here);
        let is_paired = |file: &str, masks: &[SliceInfo]| {
            let pairing = pair_slices(&images, &stack(file, 0, masks));
            assert_eq!(pairing.unmatched_stacks.is_empty(), pairing.mask_of.iter().all(Option::is_some));
            pairing.unmatched_stacks.is_empty()
        };
        // Half a pixel and less than half a slice away.
        assert!(is_paired("labels.nii", &placed([0.5, 0.5, 0.9])));
        for away in [[0.0, 0.0, 1.1], [0.0, 0.0, -2.0], [1.5, 0.0, 0.0], [0.0, -1.5, 0.0]] {
            assert!(!is_paired("labels.nii", &placed(away)), "{away:?}");
            assert!(is_paired("a_mask.nii", &placed(away)), "{away:?}");
        }
        let upside_down: Vec<SliceInfo> = here.iter().rev().cloned().collect();
        assert!(!is_paired("labels.nii", &upside_down));
        let without_place = here.iter().map(|slice| SliceInfo { placement: None, ..slice.clone() });
        assert!(is_paired("labels.nii", &without_place.collect::<Vec<_>>()));
        let mut across = here.clone();
        for placement in across.iter_mut().filter_map(|slice| slice.placement.as_mut()) {
            placement.down = [0.0, 0.0, -1.0];
        }
        assert!(!is_paired("labels.nii", &across));
    }

    #[test]
    fn masks_that_fit_nothing_are_named_once() {
        let info = info(None);
        let images = members(&[("a.nii", 2), ("c.png", 1)], &info);
        let masks = members(&[("a_mask.nii", 3), ("d_mask.png", 1)], &info);
        let pairing = pair_slices(&images, &masks);
        assert_eq!(pairing.mask_of, [None; 3]);
        assert_eq!((pairing.unmatched, pairing.unmatched_stacks), (vec![3], vec![0]));
    }

    #[test]
    fn a_segmentation_of_one_slice_belongs_to_the_image_that_it_names() {
        let (first, second) = (info(Some("1.2")), info(Some("1.3")));
        let image = |info| Member { path: "x.dcm", file: "x.dcm", stack: 0, count: 2, info };
        let mask = Member { path: "other.dcm", file: "other.dcm", stack: 0, count: 1, info: &second };
        assert_eq!(pair_slices(&[image(&first), image(&second)], &[mask]).mask_of, [None, Some(0)]);
    }
}
