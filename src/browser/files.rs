//! Files that the user chooses or drops, folders included.

use futures::channel::oneshot;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry,
};

use crate::session::Incoming;

/// The files of a file input, with their paths where a folder was chosen.
pub fn chosen(files: &FileList) -> Vec<Incoming> {
    (0..files.length()).filter_map(|index| files.get(index)).map(with_path).collect()
}

fn with_path(file: File) -> Incoming {
    let path = Reflect::get(&file, &JsValue::from_str("webkitRelativePath"));
    let path = path.ok().and_then(|path| path.as_string()).filter(|path| !path.is_empty());
    Incoming { path: path.unwrap_or_else(|| file.name()), file }
}

/// What was dropped. It must be taken out while the drop event is handled; the folders can be walked later.
pub struct Dropped {
    folders: Vec<FileSystemEntry>,
    files: Vec<File>,
}

impl Dropped {
    /// Takes everything out of a drop event's transfer.
    pub fn take(transfer: &DataTransfer) -> Self {
        let items = transfer.items();
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        for item in (0..items.length()).filter_map(|index| items.get(index)) {
            match item.webkit_get_as_entry() {
                Ok(Some(entry)) if entry.is_directory() => folders.push(entry),
                // WebKit gives entries of files, too, that cannot be opened.
                _ => files.extend(item.get_as_file().ok().flatten()),
            }
        }
        Self { folders, files }
    }

    /// All files, those in folders too. What cannot be opened is left out.
    pub async fn files(self) -> Vec<Incoming> {
        let mut found: Vec<Incoming> = self.files.into_iter().map(with_path).collect();
        let mut entries = self.folders;
        while let Some(entry) = entries.pop() {
            if entry.is_directory() {
                entries.append(&mut children(entry.unchecked_into()).await);
            } else if let Some(file) = file(entry.clone().unchecked_into()).await {
                let path = entry.full_path().trim_start_matches('/').to_owned();
                found.push(Incoming { path, file });
            }
        }
        found
    }
}

async fn file(entry: FileSystemFileEntry) -> Option<File> {
    answer(|resolve, reject| entry.file_with_callback_and_callback(resolve, reject)).await?.dyn_into().ok()
}

/// A directory is read in parts (of 100 in Chromium) until an empty one comes.
async fn children(folder: FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader: FileSystemDirectoryReader = folder.create_reader();
    let mut children = Vec::new();
    loop {
        let read = answer(|resolve, reject| {
            let _ = reader.read_entries_with_callback_and_callback(resolve, reject);
        });
        let part: Array = read.await.map_or_else(Array::new, JsCast::unchecked_into);
        if part.length() == 0 {
            return children;
        }
        children.extend(part.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

/// The value that a pair of callbacks brings; `None` for the second one.
async fn answer(ask: impl FnOnce(&js_sys::Function, &js_sys::Function)) -> Option<JsValue> {
    let (sender, receiver) = oneshot::channel();
    let sender = std::rc::Rc::new(std::cell::Cell::new(Some(sender)));
    let reply = |value: fn(JsValue) -> Option<JsValue>| {
        let sender = sender.clone();
        Closure::<dyn FnMut(JsValue)>::new(move |answer| {
            if let Some(sender) = sender.take() {
                let _ = sender.send(value(answer));
            }
        })
    };
    let (resolve, reject) = (reply(Some), reply(|_| None));
    ask(resolve.as_ref().unchecked_ref(), reject.as_ref().unchecked_ref());
    receiver.await.ok().flatten()
}
