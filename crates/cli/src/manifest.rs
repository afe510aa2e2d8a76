//! The list of models that a site offers, `weights/manifest.json`.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::CliError;
use crate::files::{read, write};

/// The list.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The models, in the order in which the page shows them.
    pub models: Vec<Entry>,
}

/// One model of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The model's name, which no other entry has.
    pub name: String,
    /// What the page calls it.
    pub title: String,
    /// Its file, relative to the list.
    pub file: String,
    /// The file's SHA-256, in lower-case hexadecimal.
    pub sha256: String,
    /// The file's size, bytes.
    pub bytes: u64,
    /// The licence of the weights.
    pub licence: String,
    /// Whether the page starts with it.
    #[serde(default)]
    pub default: bool,
}

impl Manifest {
    /// Reads a list; where there is no file, an empty one.
    ///
    /// # Errors
    /// If the file cannot be read or is no list.
    pub fn open(path: &Path) -> Result<Self, CliError> {
        if !path.exists() {
            return Ok(Self::default());
        }
        serde_json::from_slice(&read(path)?)
            .map_err(|source| CliError::Manifest { path: path.to_owned(), source })
    }

    /// Puts an entry in the place of the one with its name, or at the end. The first of a list becomes its default;
    /// later ones leave the default alone.
    pub fn put(&mut self, entry: Entry) {
        match self.models.iter_mut().find(|old| old.name == entry.name) {
            Some(old) => *old = Entry { default: old.default, ..entry },
            None => {
                let default = self.models.is_empty();
                self.models.push(Entry { default, ..entry });
            }
        }
    }

    /// Writes the list.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), CliError> {
        let json = serde_json::to_string_pretty(self)
            .map_err(|source| CliError::Manifest { path: path.to_owned(), source })?;
        write(path, format!("{json}\n").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, bytes: u64) -> Entry {
        Entry {
            name: name.into(),
            title: name.to_uppercase(),
            file: format!("{name}.safetensors"),
            sha256: String::new(),
            bytes,
            licence: String::new(),
            default: false,
        }
    }

    #[test]
    fn the_first_entry_is_the_default_and_stays_it_when_replaced() {
        let mut manifest = Manifest::default();
        manifest.put(entry("a", 1));
        manifest.put(entry("b", 2));
        manifest.put(entry("a", 3));
        assert_eq!(manifest.models, [Entry { default: true, ..entry("a", 3) }, entry("b", 2)]);
    }

    #[test]
    fn a_saved_list_opens_as_it_was_and_a_missing_one_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest.json");
        assert_eq!(Manifest::open(&path).unwrap(), Manifest::default());

        let mut manifest = Manifest::default();
        manifest.put(entry("a", 1));
        manifest.save(&path).unwrap();
        assert_eq!(Manifest::open(&path).unwrap(), manifest);

        std::fs::write(&path, "[]").unwrap();
        assert!(matches!(Manifest::open(&path), Err(CliError::Manifest { .. })));
    }
}
