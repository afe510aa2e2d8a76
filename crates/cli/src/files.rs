//! Reading and writing whole files, and listing folders.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::CliError;

/// Reads a file.
///
/// # Errors
/// What the system says.
pub fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    fs::read(path).map_err(|source| CliError::Read { path: path.to_owned(), source })
}

/// Writes a file, making its folder where there is none.
///
/// # Errors
/// What the system says.
pub fn write(path: &Path, content: &[u8]) -> Result<(), CliError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .map_err(|source| CliError::Write { path: path.to_owned(), source })
}

/// The files in a folder and the folders in it, hidden ones left out, sorted.
///
/// # Errors
/// If a folder cannot be listed.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let unreadable = |source| CliError::Read { path: folder.to_owned(), source };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            entries.push(entry.path());
        }
    }
    entries.sort();

    let mut files = Vec::new();
    for entry in entries {
        if entry.is_dir() {
            files.extend(list(&entry)?);
        } else {
            files.push(entry);
        }
    }
    Ok(files)
}
