//! What file names say: the kind of file, the order of slices, the names of exports.

use std::collections::HashSet;

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
        let names =
            export_names(["a/x.dcm", "b/X.png", "1.2.840.77", "1.2.840.78", "x.jpeg", ".png"], "mask.png");
        let expected =
            ["x", "X-2", "1.2.840.77", "1.2.840.78", "x-3", ".png"].map(|name| format!("{name}.mask.png"));
        assert_eq!(names, expected);
    }

    #[test]
    fn slices_of_a_volume_are_numbered_from_one_and_sort_as_they_lie() {
        assert_eq!(slice_path("a/volume.nii.gz", 11, 133), "a/volume-012");
        assert_eq!(slice_path("stack.TIF", 0, 9), "stack-1");
        assert_eq!(slice_path("a/single.png", 0, 1), "a/single.png");
    }
}
