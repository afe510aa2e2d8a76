//! Files for the user to keep.

use gloo::{
    file::{Blob, ObjectUrl},
    timers::callback::Timeout,
    utils::document,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlAnchorElement;

/// How long the browser may take to begin saving.
const KEEP_MS: u32 = 60_000;

/// Saves `content` as a file in the user's downloads.
pub fn save(name: &str, mime: &str, content: &[u8]) {
    let url = ObjectUrl::from(Blob::new_with_options(content, Some(mime)));
    let Ok(element) = document().create_element("a") else { return };
    let Ok(link) = element.dyn_into::<HtmlAnchorElement>() else { return };
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Timeout::new(KEEP_MS, move || drop(url)).forget();
}
