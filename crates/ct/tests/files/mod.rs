//! Files of the tests, natively and, in the browser's instruction set, through Node.

use std::path::{Path, PathBuf};

/// The entries of a folder, in order.
pub fn list(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = system::names(folder).iter().map(|name| folder.join(name)).collect();
    entries.sort();
    entries
}

pub use system::read;

#[cfg(not(target_arch = "wasm32"))]
mod system {
    use std::{fs, path::Path};

    /// A file's content.
    pub fn read(file: &Path) -> Vec<u8> {
        fs::read(file).unwrap()
    }

    pub fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

#[cfg(target_arch = "wasm32")]
mod system {
    use std::path::Path;

    use wasm_bindgen::prelude::*;

    #[wasm_bindgen(module = "fs")]
    extern "C" {
        #[wasm_bindgen(js_name = readFileSync)]
        fn read_file(path: &str) -> Vec<u8>;
        #[wasm_bindgen(js_name = readdirSync)]
        fn read_folder(path: &str) -> Vec<String>;
    }

    /// A file's content.
    pub fn read(file: &Path) -> Vec<u8> {
        read_file(file.to_str().unwrap())
    }

    pub fn names(folder: &Path) -> Vec<String> {
        read_folder(folder.to_str().unwrap())
    }
}
