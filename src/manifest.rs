//! The site's own lists: the models that it ships and the sample slices.

use serde::Deserialize;

/// `weights/manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Models {
    /// The shipped models.
    pub models: Vec<ShippedModel>,
}

/// A model that the site ships.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShippedModel {
    /// A short name, as used for the file.
    pub name: String,
    /// A name for people.
    pub title: String,
    /// The file, relative to the manifest.
    pub file: String,
    /// The file's SHA-256 in lower-case hexadecimal, checked before use.
    pub sha256: String,
    /// The file's size.
    pub bytes: u64,
    /// The licence of the weights.
    pub licence: String,
    /// Chosen when the page opens.
    #[serde(default)]
    pub default: bool,
}

/// `samples/manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Samples {
    /// Who made the images, and their licence.
    pub credit: String,
    /// Who made the reference.
    pub reference: String,
    /// The volume of images, as a file relative to the manifest.
    pub image: String,
    /// The volume of reference labels, likewise.
    pub mask: String,
}

/// The name that a file had before the site added its content's hash (`-` and 16 hexadecimal digits).
pub fn name_without_hash(name: &str) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    match stem.rsplit_once('-') {
        Some((plain, hash)) if hash.len() == 16 && hash.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
            format!("{plain}.{extension}")
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_named_as_before_hashing() {
        assert_eq!(name_without_hash("a-060_mask.nii-0123456789abcdef.gz"), "a-060_mask.nii.gz");
        assert_eq!(name_without_hash("a-060.png"), "a-060.png");
        assert_eq!(name_without_hash("readme"), "readme");
    }

    #[test]
    fn manifests_are_read() {
        let models: Models = serde_json::from_str(
            r#"{"models":[{"name":"n","title":"T","file":"n.safetensors","sha256":"00","bytes":1,"licence":"MIT"}]}"#,
        )
        .unwrap();
        assert_eq!(models.models.len(), 1);
        assert!(!models.models[0].default);
        let samples: Samples = serde_json::from_str(
            r#"{"credit":"c","reference":"r","image":"a.nii.gz","mask":"a_mask.nii.gz"}"#,
        )
        .unwrap();
        assert_eq!(samples.mask, "a_mask.nii.gz");
    }
}
