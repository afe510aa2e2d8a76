//! What slices and their masks are called.

use std::collections::BTreeSet;

/// A file's path without its extension. The end of a DICOM UID (`1.2.840.1`) is none.
pub fn without_extension(place: &str) -> &str {
    let (folders, name) = place.rsplit_once('/').map_or(("", place), |(folders, name)| (folders, name));
    let unpacked = name.strip_suffix(".gz").unwrap_or(name);
    let length = match unpacked.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.chars().all(char::is_alphabetic) => {
            stem.len()
        }
        _ => unpacked.len(),
    };
    let folders = if folders.is_empty() { 0 } else { folders.len() + 1 };
    place.get(..folders + length).unwrap_or(place)
}

/// The last part of a path.
pub fn file_name(place: &str) -> &str {
    place.rsplit('/').next().unwrap_or(place)
}

/// What a slice of a stack is called: `volume-012` for the twelfth, the stack's own name where it is the only one.
pub fn numbered(name: &str, index: usize, count: usize) -> String {
    let digits = count.to_string().len();
    if count == 1 { name.to_owned() } else { format!("{name}-{:0digits$}", index + 1) }
}

/// Names that are taken, in lower case: some file systems do not tell `A` from `a`.
#[derive(Debug, Default)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// `wanted`, or where it is taken `wanted-2`, `wanted-3`, ...
    pub fn unused(&mut self, wanted: &str) -> String {
        let candidates = (2_u64..).map(|number| format!("{wanted}-{number}"));
        std::iter::once(wanted.to_owned())
            .chain(candidates)
            .find(|name| self.0.insert(name.to_lowercase()))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_uid_is_no_extension() {
        for (file, name) in [
            ("1.2.840.113", "1.2.840.113"),
            ("1.2.dcm", "1.2"),
            ("IM0001", "IM0001"),
            ("x.tiff", "x"),
            ("a.b/x.nii.gz", "a.b/x"),
            ("a.b/.png", "a.b/.png"),
        ] {
            assert_eq!(without_extension(file), name);
        }
    }

    #[test]
    fn names_that_meet_are_told_apart() {
        let mut names = Names::default();
        let given = ["1", "1", "1-2", "1"].map(|name| names.unused(name));
        assert_eq!(given, ["1", "1-2", "1-2-2", "1-3"]);
    }

    #[test]
    fn slices_are_numbered_from_one_with_as_many_digits_as_there_are() {
        assert_eq!([numbered("v", 11, 133), numbered("v", 0, 9), numbered("v", 0, 1)], ["v-012", "v-1", "v"]);
    }
}
