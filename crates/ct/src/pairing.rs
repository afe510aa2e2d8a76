//! Which mask belongs to which image, told by their file names.
//!
//! `x.png` (or `x.dcm`, any image extension) belongs with `x_mask.png`, `x-mask.png`, `x.mask.png`, `masks/x.png`, with a
//! segmentation `x.seg.nrrd` or `x_seg.nii.gz`, and with a mask of the same name. Folders count where they are known: `a/x.dcm` takes `a/masks/x.png` or
//! `masks/a/x.png`, not the mask of `b/x.dcm`. Stacks of slices are paired as wholes ([`pair_slices`]).

mod stacks;

use std::collections::BTreeMap;

pub use stacks::{Member, SlicePairing, pair_slices};

/// Extensions that images and masks carry, in lower case. DICOM files often have none.
pub(crate) const EXTENSIONS: [&str; 14] =
    ["dcm", "dic", "dicom", "ima", "jpeg", "jpg", "mha", "nii", "npy", "npz", "nrrd", "png", "tif", "tiff"];
/// An extension that may follow another.
const GZIP: &str = ".gz";

const MASK_SUFFIXES: [&str; 6] = ["_mask", "-mask", ".mask", "_seg", "-seg", ".seg"];
const MASK_FOLDERS: [&str; 2] = ["mask", "masks"];
const MASK_FOLDER_SUFFIXES: [&str; 4] = ["_mask", "-mask", "_masks", "-masks"];
const IMAGE_FOLDERS: [&str; 2] = ["image", "images"];

/// The outcome of [`pair`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pairing {
    /// For each image, the index of its mask.
    pub mask_of: Vec<Option<usize>>,
    /// Indices of the masks that fit no image, or whose place another mask took.
    pub unmatched: Vec<usize>,
}

/// Finds each image's mask by name.
///
/// Paths may use `/` or `\` and may come without folders. A mask in an unrelated folder is taken only where one image
/// and one mask bear the name. Of several masks for one image the first in alphabetical order is taken. The outcome does
/// not depend on the order of the paths.
pub fn pair<S: AsRef<str>>(images: &[S], masks: &[S]) -> Pairing {
    let image_keys: Vec<Key> = images.iter().map(|path| Key::of_image(path.as_ref())).collect();
    let mut by_name: Vec<usize> = (0..masks.len()).collect();
    by_name.sort_by_key(|&index| masks.get(index).map(AsRef::as_ref));
    let mut free: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for index in by_name {
        if let Some(path) = masks.get(index) {
            free.entry(Key::of_mask(path.as_ref())).or_default().push(index);
        }
    }

    let mut taken: BTreeMap<&Key, usize> = BTreeMap::new();
    for key in &image_keys {
        if let Some(&mask) = free.get(key).and_then(|masks| masks.first()) {
            taken.insert(key, mask);
        }
    }
    free.retain(|key, _| !taken.contains_key(key));
    for (key, mask) in only_bearers_of_their_name(&image_keys, &free) {
        taken.entry(key).or_insert(mask);
    }

    let mask_of: Vec<Option<usize>> = image_keys.iter().map(|key| taken.get(key).copied()).collect();
    let mut is_used = vec![false; masks.len()];
    for mask in mask_of.iter().flatten() {
        if let Some(used) = is_used.get_mut(*mask) {
            *used = true;
        }
    }
    let unmatched = is_used.iter().enumerate().filter(|(_, used)| !**used).map(|(index, _)| index).collect();
    Pairing { mask_of, unmatched }
}

/// Images and masks of the same stem in different folders, where neither name occurs in a second folder.
fn only_bearers_of_their_name<'a>(
    images: &'a [Key],
    masks: &BTreeMap<Key, Vec<usize>>,
) -> Vec<(&'a Key, usize)> {
    let mut images_of: BTreeMap<&str, Vec<&Key>> = BTreeMap::new();
    for key in images {
        let same_name = images_of.entry(&key.stem).or_default();
        if !same_name.contains(&key) {
            same_name.push(key);
        }
    }
    let mut masks_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (key, indices) in masks {
        masks_of.entry(&key.stem).or_default().extend(indices);
    }
    images_of
        .into_iter()
        .filter_map(|(stem, keys)| match (keys.as_slice(), masks_of.get(stem)?.as_slice()) {
            ([key], [mask]) => Some((*key, *mask)),
            _ => None,
        })
        .collect()
}

/// Whether a path looks like a mask's: its name ends in `mask` or `seg` after `_`, `-` or `.`, or a folder is named after
/// masks.
pub fn is_mask_name(path: &str) -> bool {
    let (folders, stem) = split(path);
    bare_stem(stem) != stem || folders.iter().any(|folder| mask_folder(folder).is_some())
}

/// The path, without extension, of the image that a mask belongs to: `a/x` for `a/masks/x_mask.png`.
pub fn image_of_mask(path: &str) -> String {
    let Key { folders, stem } = Key::of_mask(path);
    folders.into_iter().chain([stem]).collect::<Vec<_>>().join("/")
}

/// What an image and its mask have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    folders: Vec<String>,
    stem: String,
}

impl Key {
    fn of_image(path: &str) -> Self {
        let (folders, stem) = split(path);
        let is_plain = |folder: &&&str| !is_one_of(folder, &IMAGE_FOLDERS);
        let folders = folders.iter().filter(is_plain).map(ToString::to_string).collect();
        Self { folders, stem: stem.to_owned() }
    }

    fn of_mask(path: &str) -> Self {
        let (folders, stem) = split(path);
        let folders = folders
            .iter()
            .map(|folder| mask_folder(folder).unwrap_or(folder))
            .filter(|folder| !folder.is_empty() && !is_one_of(folder, &IMAGE_FOLDERS))
            .map(str::to_owned)
            .collect();
        Self { folders, stem: bare_stem(stem).to_owned() }
    }
}

/// A path's folders and its file name without an image extension.
fn split(path: &str) -> (Vec<&str>, &str) {
    let mut folders: Vec<&str> =
        path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    let name = folders.pop().unwrap_or_default();
    let packed = strip_suffix(name, GZIP);
    let stem = match packed.unwrap_or(name).rsplit_once('.') {
        Some((stem, extension)) if is_one_of(extension, &EXTENSIONS) => stem,
        _ => name,
    };
    (folders, stem)
}

/// The stem without what marks it as a mask's.
fn bare_stem(stem: &str) -> &str {
    MASK_SUFFIXES
        .iter()
        .find_map(|suffix| strip_suffix(stem, suffix).filter(|rest| !rest.is_empty()))
        .unwrap_or(stem)
}

/// What a folder of masks is named after: nothing for `masks`, `a` for `a-masks`; `None` for other folders.
fn mask_folder(folder: &str) -> Option<&str> {
    if is_one_of(folder, &MASK_FOLDERS) {
        return Some("");
    }
    MASK_FOLDER_SUFFIXES.iter().find_map(|suffix| strip_suffix(folder, suffix))
}

/// `text` without `suffix`, whose case does not matter.
fn strip_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (rest, end) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    end.eq_ignore_ascii_case(suffix).then_some(rest)
}

fn is_one_of(text: &str, names: &[&str]) -> bool {
    names.iter().any(|name| text.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The mask path of each image path, and the masks left over.
    fn by_name<'a>(
        images: &[&'a str],
        masks: &[&'a str],
    ) -> (BTreeMap<&'a str, Option<&'a str>>, Vec<&'a str>) {
        let pairing = pair(images, masks);
        let of_image =
            images.iter().zip(&pairing.mask_of).map(|(image, mask)| (*image, mask.map(|mask| masks[mask])));
        let mut unmatched: Vec<&str> = pairing.unmatched.iter().map(|&mask| masks[mask]).collect();
        unmatched.sort_unstable();
        (of_image.collect(), unmatched)
    }

    #[test]
    fn a_mask_tells_the_path_of_its_image() {
        for (mask, image) in [
            ("a/masks/x_mask.png", "a/x"),
            ("x.mask.png", "x"),
            ("a/x.seg.nrrd", "a/x"),
            ("x.png", "x"),
            ("1.2.840.mask.png", "1.2.840"),
        ] {
            assert_eq!(image_of_mask(mask), image);
        }
    }

    fn assert_pairs(image: &str, mask: &str) {
        assert_eq!(
            by_name(&[image], &[mask]),
            (BTreeMap::from([(image, Some(mask))]), vec![]),
            "{image} {mask}"
        );
    }

    fn assert_strangers(image: &str, mask: &str) {
        assert_eq!(
            by_name(&[image], &[mask]),
            (BTreeMap::from([(image, None)]), vec![mask]),
            "{image} {mask}"
        );
    }

    #[test]
    fn an_image_finds_its_mask() {
        for mask in [
            "x_mask.png",
            "x-mask.tif",
            "x.mask.png",
            "x.seg.nrrd",
            "masks/x.png",
            "x.png",
            "X/masks/x.PNG",
            "mask\\x.jpg",
        ] {
            for image in ["x.png", "x.dcm", "x.DCM", "x"] {
                assert_pairs(image, mask);
            }
        }
        assert_pairs("images/x.png", "masks/x.png");
        assert_pairs("study/images/x.png", "study/masks/x_mask.png");
        assert_pairs("tcga/x.dcm", "tcga-masks/x.png");
        assert_pairs("./a/x.dcm", "masks/a/x.png");
        assert_pairs("CT.1.3.12.2.1107", "CT.1.3.12.2.1107_mask.png");
        assert_pairs("Wirbelsäule.dcm", "Wirbelsäule_MASK.png");
    }

    #[test]
    fn other_names_stay_apart() {
        assert_strangers("x.png", "y_mask.png");
        assert_strangers("x.png", "xx.png");
        assert_strangers("X.png", "x.png");
        assert_strangers("CT.1.3.12.2.1107", "CT.1.3.12.2.1108_mask.png");
        assert_strangers("x.png", "_mask.png");
    }

    #[test]
    fn equal_names_pair_within_their_folders() {
        let images = ["a/x.dcm", "b/x.dcm", "c/x.dcm"];
        let masks = ["a/masks/x.png", "masks/b/x.png", "d/x_mask.png"];
        let (of_image, unmatched) = by_name(&images, &masks);
        assert_eq!(of_image["a/x.dcm"], Some("a/masks/x.png"));
        assert_eq!(of_image["b/x.dcm"], Some("masks/b/x.png"));
        assert_eq!(of_image["c/x.dcm"], None);
        assert_eq!(unmatched, ["d/x_mask.png"]);
    }

    #[test]
    fn of_two_masks_for_one_image_the_first_by_name_is_taken() {
        let (of_image, unmatched) = by_name(&["x.dcm"], &["x_mask.png", "masks/x.png"]);
        assert_eq!(of_image["x.dcm"], Some("masks/x.png"));
        assert_eq!(unmatched, ["x_mask.png"]);
    }

    #[test]
    fn one_mask_serves_the_same_slice_in_two_formats() {
        let (of_image, unmatched) = by_name(&["x.dcm", "x.png"], &["x_mask.png"]);
        assert!(of_image.values().all(|mask| *mask == Some("x_mask.png")));
        assert!(unmatched.is_empty());
    }

    #[test]
    fn volumes_find_their_masks_whatever_the_format() {
        assert_pairs("ct.nii.gz", "ct_mask.nii.gz");
        assert_pairs("ct.nii.gz", "masks/ct.nrrd");
        assert_pairs("scan/1.2.3", "scan/1.2.3_mask.NII.GZ");
        assert_strangers("ct.nii.gz", "ct.other_mask.nii");
    }

    #[test]
    fn masks_are_told_from_images_by_name() {
        for mask in [
            "x_mask.png",
            "x.mask.png",
            "x-Mask.tif",
            "x.seg.nrrd",
            "x.seg.dcm",
            "x_seg.nii.gz",
            "masks/x.png",
            "Masks\\x.png",
            "a/tcga-masks/b/x.png",
        ] {
            assert!(is_mask_name(mask), "{mask}");
        }
        for image in ["x.png", "mask.png", "masked.png", "seg.dcm", "unmasked/x.dcm", "x_mask.txt.png", ""] {
            assert!(!is_mask_name(image), "{image}");
        }
    }

    fn paths(names: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
        prop::collection::hash_set(prop::sample::select(names), 0..names.len())
            .prop_map(|names| names.into_iter().collect::<Vec<_>>())
            .prop_shuffle()
    }

    const IMAGES: [&str; 8] =
        ["x.png", "x.dcm", "y.png", "a/x.png", "b/x.dcm", "b/y.tif", "images/x.png", "z"];
    const MASKS: [&str; 9] = [
        "x_mask.png",
        "x.mask.png",
        "masks/x.png",
        "masks/a/x.png",
        "b/masks/x.png",
        "c/x.png",
        "y.png",
        "c/z.png",
        "w.png",
    ];

    proptest! {
        #[test]
        fn the_order_of_files_does_not_matter(images in paths(&IMAGES), masks in paths(&MASKS)) {
            let pairs = by_name(&images, &masks);
            let mut sorted = (images.clone(), masks.clone());
            sorted.0.sort_unstable();
            sorted.1.sort_unstable();
            prop_assert_eq!(pairs, by_name(&sorted.0, &sorted.1));
        }

        #[test]
        fn every_mask_is_used_or_reported(images in paths(&IMAGES), masks in paths(&MASKS)) {
            let pairing = pair(&images, &masks);
            prop_assert_eq!(pairing.mask_of.len(), images.len());
            for mask in 0..masks.len() {
                let used = pairing.mask_of.contains(&Some(mask));
                prop_assert_eq!(used, !pairing.unmatched.contains(&mask));
            }
        }

        #[test]
        fn any_text_is_a_path(images: Vec<String>, masks: Vec<String>) {
            prop_assert_eq!(pair(&images, &masks).mask_of.len(), images.len());
            for mask in masks {
                is_mask_name(&mask);
            }
        }
    }
}
