//! What there is to segment, and under which names.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rachis_ct::pairing::is_mask_name;

use crate::error::CliError;
use crate::files::list;

/// One image to segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its file.
    pub path: PathBuf,
    /// Its path inside the folder that was given, or its file name: what masks are paired by.
    pub place: String,
    /// What its mask and its line in the results are called; no two cases share it.
    pub name: String,
}

/// The images that `inputs` name: files, and what folders hold except masks and hidden files.
///
/// # Errors
/// If a folder cannot be listed, or there is nothing.
pub fn find(inputs: &[PathBuf]) -> Result<Vec<Case>, CliError> {
    let mut cases = Vec::new();
    let mut names = Names::default();
    for input in inputs {
        let files = if input.is_dir() { list(input)? } else { vec![input.clone()] };
        for path in files {
            let place = place(&path, input);
            if input.is_dir() && is_mask_name(&place) {
                continue;
            }
            let name = names.unused(&stem(&path));
            cases.push(Case { path, place, name });
        }
    }
    if cases.is_empty() { Err(CliError::NoInput) } else { Ok(cases) }
}

/// A file's path inside `folder`, with `/`; its name where it is `folder` itself.
pub fn place(path: &Path, folder: &Path) -> String {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    let name =
        if inside.as_os_str().is_empty() { path.file_name().unwrap_or_default() } else { inside.as_os_str() };
    name.to_string_lossy().replace('\\', "/")
}

/// A file's name without its extension. The end of a DICOM UID (`1.2.840.1`) is none.
fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.chars().all(char::is_alphabetic) => {
            stem.to_owned()
        }
        _ => name.to_owned(),
    }
}

/// Names that are taken, in lower case: some file systems do not tell `A` from `a`.
#[derive(Debug, Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// `wanted`, or where it is taken `wanted-2`, `wanted-3`, ...
    fn unused(&mut self, wanted: &str) -> String {
        let candidates = (2_u64..).map(|number| format!("{wanted}-{number}"));
        std::iter::once(wanted.to_owned())
            .chain(candidates)
            .find(|name| self.0.insert(name.to_lowercase()))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder_with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_gives_its_images_but_not_its_masks_or_hidden_files() {
        let folder =
            folder_with(&["b.png", "a/c.dcm", "b_mask.png", "a/masks/c.png", ".DS_Store", "b.mask.png"]);
        let cases = find(&[folder.path().to_owned()]).unwrap();
        let places: Vec<_> = cases.iter().map(|case| case.place.as_str()).collect();
        assert_eq!(places, ["a/c.dcm", "b.png"]);
    }

    #[test]
    fn cases_of_the_same_name_are_told_apart() {
        let folder = folder_with(&["a/1.dcm", "b/1.dcm", "c/1-2.dcm", "d/1.PNG"]);
        let cases = find(&[folder.path().to_owned()]).unwrap();
        let names: Vec<_> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names, ["1", "1-2", "1-2-2", "1-3"]);
    }

    #[test]
    fn the_end_of_a_uid_is_no_extension() {
        for (file, name) in [
            ("1.2.840.113", "1.2.840.113"),
            ("1.2.dcm", "1.2"),
            ("IM0001", "IM0001"),
            ("x.tiff", "x"),
            ("x.nii.gz", "x"),
        ] {
            assert_eq!(stem(Path::new(file)), name);
        }
    }

    #[test]
    fn an_empty_folder_is_nothing_to_segment() {
        assert!(matches!(find(&[folder_with(&[]).path().to_owned()]), Err(CliError::NoInput)));
    }
}
