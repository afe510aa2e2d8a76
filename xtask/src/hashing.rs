//! Content-hashed file names: a file that changed has another name, so that a host may cache for ever.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// The files of a site: path in the site, before hashing, to content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Files whose names visitors and browsers rely on.
const KEEP: [&str; 2] = ["index.html", "service-worker.js"];

/// Gives each file a name with its content's hash and rewrites every quoted mention of it in the others.
///
/// A text file may only mention files of an earlier kind: binaries, then styles and lists, scripts, pages, the page itself.
pub fn hash_names(files: Files) -> Files {
    let mut ordered: Vec<_> = files.into_iter().collect();
    ordered.sort_by_key(|(path, _)| rank(path));
    let mut renamed: Vec<(String, String)> = Vec::new();
    let mut hashed = Files::new();
    for (path, content) in ordered {
        let content = if rank(&path) == 0 { content } else { rewrite(&path, content, &renamed) };
        let new_path = if KEEP.contains(&path.as_str()) { path.clone() } else { with_hash(&path, &content) };
        renamed.push((path, new_path.clone()));
        hashed.insert(new_path, content);
    }
    hashed
}

/// The first 16 hexadecimal digits of the content's SHA-256.
pub fn digest(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Writes `files` below `folder`, which holds nothing else afterwards.
pub fn write(folder: &Path, files: &Files) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    for (path, content) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap_or(folder))?;
        fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// The order of hashing: a file comes after those it may mention.
fn rank(path: &str) -> u8 {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        _ if path == "index.html" => 4,
        Some("css" | "json") => 1,
        Some("js") => 2,
        Some("html") => 3,
        _ => 0,
    }
}

fn with_hash(path: &str, content: &[u8]) -> String {
    let (stem, extension) = path.rsplit_once('.').unwrap_or((path, ""));
    format!("{stem}-{}.{extension}", digest(content))
}

/// Replaces every `"name"` or `'name'` that means a renamed file, as seen from the folder of `path`.
fn rewrite(path: &str, content: Vec<u8>, renamed: &[(String, String)]) -> Vec<u8> {
    let Ok(mut text) = String::from_utf8(content.clone()) else { return content };
    let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    for (old, new) in renamed {
        let (Some(old), Some(new)) = (old.strip_prefix(&folder), new.strip_prefix(&folder)) else { continue };
        for quote in ['"', '\''] {
            text = text.replace(&format!("{quote}{old}{quote}"), &format!("{quote}{new}{quote}"));
        }
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> Files {
        files.iter().map(|(path, content)| ((*path).to_owned(), content.as_bytes().to_vec())).collect()
    }

    #[test]
    fn a_mention_follows_the_file_that_was_renamed() {
        let hashed = hash_names(site(&[
            ("index.html", r#"<script src="page.js">"#),
            ("page.js", "load('page_bg.wasm')"),
            ("page_bg.wasm", "\0asm"),
        ]));
        let wasm = format!("page_bg-{}.wasm", digest(b"\0asm"));
        let script = format!("load('{wasm}')");
        let script_name = format!("page-{}.js", digest(script.as_bytes()));
        let html = format!(r#"<script src="{script_name}">"#);
        assert_eq!(hashed, site(&[("index.html", &html), (&script_name, &script), (&wasm, "\0asm")]));
    }

    #[test]
    fn a_list_names_its_neighbours_from_its_own_folder() {
        let hashed = hash_names(site(&[
            ("weights/manifest.json", r#"{"file":"a.safetensors"}"#),
            ("weights/a.safetensors", "w"),
        ]));
        let list = hashed
            .iter()
            .find(|(path, _)| path.starts_with("weights/manifest-"))
            .map(|(_, content)| content.clone());
        assert_eq!(list, Some(format!(r#"{{"file":"a-{}.safetensors"}}"#, digest(b"w")).into_bytes()));
    }

    #[test]
    fn another_content_is_another_name() {
        let name = |content| hash_names(site(&[("a.png", content)])).into_keys().next();
        assert_ne!(name("one"), name("two"));
    }
}
