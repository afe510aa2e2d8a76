//! Which files the arguments name.

use std::path::{Path, PathBuf};

use rachis_ct::pairing::is_mask_name;

use crate::error::CliError;
use crate::files::list;

/// A file that may hold images or masks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its path inside the folder that was given, or its file name: what masks are paired by.
    pub place: String,
}

/// How files end that lie beside images and masks but are none, in lower case.
const OTHER_FILES: [&str; 8] = ["csv", "htm", "html", "json", "md", "pdf", "txt", "xml"];

/// The images that `inputs` name: files, and what folders hold except masks and hidden files.
///
/// # Errors
/// If a folder cannot be listed, or there is nothing.
pub fn images(inputs: &[PathBuf]) -> Result<Vec<InputFile>, CliError> {
    let mut files = Vec::new();
    for input in inputs {
        let is_image = |file: &InputFile| !input.is_dir() || !is_mask_name(&file.place);
        files.extend(inside(input)?.into_iter().filter(is_image));
    }
    if files.is_empty() { Err(CliError::NoInput) } else { Ok(files) }
}

/// The masks that `input` names: a file, or what a folder holds except hidden files, tables and texts.
///
/// # Errors
/// If a folder cannot be listed.
pub fn masks(input: &Path) -> Result<Vec<InputFile>, CliError> {
    let is_other = |file: &InputFile| {
        let extension = file.path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        input.is_dir() && OTHER_FILES.contains(&extension.as_str())
    };
    Ok(inside(input)?.into_iter().filter(|file| !is_other(file)).collect())
}

fn inside(input: &Path) -> Result<Vec<InputFile>, CliError> {
    let files = if input.is_dir() { list(input)? } else { vec![input.to_owned()] };
    let file = |path: PathBuf| InputFile { place: place(&path, input), path };
    Ok(files.into_iter().map(file).collect())
}

/// A file's path inside `folder`, with `/`; its name where it is `folder` itself.
fn place(path: &Path, folder: &Path) -> String {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    let name =
        if inside.as_os_str().is_empty() { path.file_name().unwrap_or_default() } else { inside.as_os_str() };
    name.to_string_lossy().replace('\\', "/")
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

    fn places(files: &[InputFile]) -> Vec<&str> {
        files.iter().map(|file| file.place.as_str()).collect()
    }

    #[test]
    fn a_folder_gives_its_images_but_not_its_masks_or_hidden_files() {
        let folder =
            folder_with(&["b.png", "a/c.dcm", "b_mask.png", "a/masks/c.png", ".DS_Store", "b.mask.png"]);
        assert_eq!(places(&images(&[folder.path().to_owned()]).unwrap()), ["a/c.dcm", "b.png"]);
    }

    #[test]
    fn a_folder_gives_its_masks_but_not_the_tables_beside_them() {
        let folder = folder_with(&["b.png", "a/c.nii.gz", "1.2.840.77", "results.csv", "README.txt", ".x"]);
        assert_eq!(places(&masks(folder.path()).unwrap()), ["1.2.840.77", "a/c.nii.gz", "b.png"]);
    }

    #[test]
    fn a_file_that_is_named_is_taken_whatever_it_is_called() {
        let folder = folder_with(&["b_mask.png"]);
        let file = folder.path().join("b_mask.png");
        assert_eq!(places(&images(&[file]).unwrap()), ["b_mask.png"]);
    }

    #[test]
    fn an_empty_folder_is_nothing_to_segment() {
        assert!(matches!(images(&[folder_with(&[]).path().to_owned()]), Err(CliError::NoInput)));
    }
}
