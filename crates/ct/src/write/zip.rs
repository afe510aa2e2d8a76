//! Several files in one ZIP.

use std::collections::BTreeSet;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::WriteError;

/// How names of files end that a ZIP does not make smaller.
const COMPRESSED: [&str; 4] = [".png", ".jpg", ".gz", ".nrrd"];

/// Packs files, each a name and its content, into one ZIP.
///
/// Names may be a user's paths: folders are kept, but nothing that leads out of the ZIP. Equal names are numbered.
///
/// # Errors
///
/// [`WriteError::Zip`] where the ZIP outgrows its format or the memory.
pub fn zip<N: AsRef<str>, C: AsRef<[u8]>>(
    files: impl IntoIterator<Item = (N, C)>,
) -> Result<Vec<u8>, WriteError> {
    let mut names = Names::default();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let name = names.unique(sanitised(name.as_ref()));
        let is_compressed = COMPRESSED.iter().any(|ending| name.to_ascii_lowercase().ends_with(ending));
        let method = if is_compressed { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        writer.start_file(name, SimpleFileOptions::default().compression_method(method))?;
        writer.write_all(content.as_ref()).map_err(zip::result::ZipError::from)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// A relative path that every operating system accepts.
fn sanitised(path: &str) -> String {
    let parts: Vec<String> = path
        .split(['/', '\\'])
        .map(|part| part.replace(|c: char| c.is_control() || r#"<>:"|?*"#.contains(c), "_"))
        .map(|part| part.trim_start_matches(' ').trim_end_matches([' ', '.']).to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() { "file".to_owned() } else { parts.join("/") }
}

/// The names given so far, in lower case: Windows and macOS do not tell cases apart.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// `name`, or `name (2)` and so on where it is taken.
    fn unique(&mut self, name: String) -> String {
        if self.0.insert(name.to_lowercase()) {
            return name;
        }
        let (stem, extension) = match name.rsplit_once('.') {
            Some((stem, extension)) if !extension.contains('/') => (stem, format!(".{extension}")),
            _ => (name.as_str(), String::new()),
        };
        let mut number = 2_u64;
        loop {
            let candidate = format!("{stem} ({number}){extension}");
            if self.0.insert(candidate.to_lowercase()) {
                return candidate;
            }
            number += 1;
        }
    }
}
