//! What file names say: the kind of file, the order of slices, the names of exports.

use std::{cmp::Ordering, collections::HashSet};

/// What a file is, as far as its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A CT image or a mask.
    Image,
    /// A Keras or Rachis model.
    Model,
    /// Something that systems leave in folders and discs.
    Clutter,
}

/// Judges a file by its path.
pub fn kind_of(path: &str) -> FileKind {
    let name = file_name(path).to_ascii_lowercase();
    if [".h5", ".hdf5", ".keras", ".safetensors"].iter().any(|ending| name.ends_with(ending)) {
        FileKind::Model
    } else if name.starts_with('.') || ["thumbs.db", "desktop.ini", "dicomdir"].contains(&name.as_str()) {
        FileKind::Clutter
    } else {
        FileKind::Image
    }
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The path of one of several slices in a file: `a/volume-012` for the twelfth of `a/volume.nii.gz`.
pub fn slice_path(path: &str, index: usize, count: usize) -> String {
    if count == 1 {
        return path.to_owned();
    }
    let name = file_name(path);
    let folder = path.strip_suffix(name).unwrap_or_default();
    let digits = count.to_string().len();
    format!("{folder}{}-{:0digits$}", stem(name), index + 1)
}

/// Extensions that come off a name. Others may be part of it: many scanners name files by dotted DICOM UIDs.
const EXTENSIONS: [&str; 14] = [
    ".nii.gz", ".nii", ".nrrd", ".mha", ".npy", ".npz", ".dcm", ".dicom", ".ima", ".png", ".tif", ".tiff",
    ".jpg", ".jpeg",
];

fn stem(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let extension = EXTENSIONS.iter().find(|extension| lower.ends_with(*extension));
    let stem = extension.and_then(|extension| name.get(..name.len() - extension.len()));
    stem.filter(|stem| !stem.is_empty()).unwrap_or(name)
}

/// Names of files made of these inputs: each input's name with another extension, and `-2`, `-3`... where names meet.
pub fn export_names<'a>(paths: impl IntoIterator<Item = &'a str>, extension: &str) -> Vec<String> {
    let mut taken = HashSet::new();
    paths
        .into_iter()
        .map(|path| {
            let stem = stem(file_name(path));
            let mut name = format!("{stem}.{extension}");
            let mut copy = 2;
            // Many file systems do not tell upper case from lower case.
            while !taken.insert(name.to_lowercase()) {
                name = format!("{stem}-{copy}.{extension}");
                copy += 1;
            }
            name
        })
        .collect()
}

/// The order in which people count: `slice2` before `slice10`.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut a_rest, mut b_rest) = (a, b);
    loop {
        let (Some(a_first), Some(b_first)) = (a_rest.chars().next(), b_rest.chars().next()) else {
            return a_rest.len().cmp(&b_rest.len()).then_with(|| a.cmp(b));
        };
        if a_first.is_ascii_digit() && b_first.is_ascii_digit() {
            let (a_digits, a_after) = split_digits(a_rest);
            let (b_digits, b_after) = split_digits(b_rest);
            match a_digits.len().cmp(&b_digits.len()).then_with(|| a_digits.cmp(b_digits)) {
                Ordering::Equal => (a_rest, b_rest) = (a_after, b_after),
                different => return different,
            }
        } else {
            match a_first.cmp(&b_first) {
                Ordering::Equal => {
                    a_rest = a_rest.get(a_first.len_utf8()..).unwrap_or("");
                    b_rest = b_rest.get(b_first.len_utf8()..).unwrap_or("");
                }
                different => return different,
            }
        }
    }
}

/// The digits that `text` begins with, without leading zeros, and what follows them.
fn split_digits(text: &str) -> (&str, &str) {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (digits.trim_start_matches('0'), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_and_clutter_are_told_from_images() {
        assert_eq!(kind_of("a/Model.H5"), FileKind::Model);
        assert_eq!(kind_of("b.keras"), FileKind::Model);
        assert_eq!(kind_of("disc/DICOMDIR"), FileKind::Clutter);
        assert_eq!(kind_of("x/.DS_Store"), FileKind::Clutter);
        assert_eq!(kind_of("1.2.840.10008.1"), FileKind::Image);
        assert_eq!(kind_of("notes.txt"), FileKind::Image);
    }

    #[test]
    fn exports_are_named_as_their_inputs_and_never_overwrite_each_other() {
        let names = export_names(["a/x.dcm", "b/X.png", "1.2.840.77", "1.2.840.78", "x.jpeg", ".png"], "png");
        assert_eq!(names, ["x.png", "X-2.png", "1.2.840.77.png", "1.2.840.78.png", "x-3.png", ".png.png"]);
    }

    #[test]
    fn slices_of_a_volume_are_numbered_from_one_and_sort_as_they_lie() {
        assert_eq!(slice_path("a/volume.nii.gz", 11, 133), "a/volume-012");
        assert_eq!(slice_path("stack.TIF", 0, 9), "stack-1");
        assert_eq!(slice_path("a/single.png", 0, 1), "a/single.png");
    }

    #[test]
    fn slices_are_ordered_as_people_count() {
        let mut names = ["s10", "s9", "s010b", "s1", "s10a", "", "é2", "é10"];
        names.sort_by(|a, b| natural_order(a, b));
        assert_eq!(names, ["", "s1", "s9", "s10", "s10a", "s010b", "é2", "é10"]);
    }

    #[test]
    fn numbers_of_any_length_are_ordered() {
        assert_eq!(natural_order("99999999999999999999998", "99999999999999999999999"), Ordering::Less);
        assert_eq!(natural_order("007", "7"), Ordering::Less);
    }
}
