//! The Rachis page: spine segmentation of CT slices inside the browser.
//!
//! What a person sees and does, and nothing else: files are parsed by the reader worker, the network runs in an engine
//! worker, and both talk to this page through `rachis-protocol`. The modules that need no browser are compiled and
//! tested natively; the rest exists on wasm32 only.

pub mod bench;
pub mod chart;
pub mod engine_choice;
pub mod fallback;
pub mod manifest;
pub mod names;
pub mod overlay;
pub mod pace;
pub mod patients;
pub mod picture;
pub mod recent;
pub mod reformat;
pub mod viewport;
pub mod windowing;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
mod scores;
#[cfg(target_arch = "wasm32")]
mod session;
#[cfg(target_arch = "wasm32")]
mod ui;
#[cfg(target_arch = "wasm32")]
mod workers;

/// Shows the page.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn start() {
    leptos::mount::mount_to_body(ui::App);
}
