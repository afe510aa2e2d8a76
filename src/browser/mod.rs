//! What the page needs of the browser, without any knowledge of slices or models.

pub mod assets;
pub mod canvas;
pub mod download;
pub mod fetch;
pub mod files;
pub mod gpu;
pub mod in_view;
pub mod locks;
mod timer;

pub use timer::{Spell, now_ms, sleep};
