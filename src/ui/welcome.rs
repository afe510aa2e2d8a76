//! The empty page.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{
    pickers::{OpenButton, Picker},
    samples,
};
use crate::session::Session;

/// One large area to drop files on, and the ways in.
#[component]
pub fn Welcome() -> impl IntoView {
    let session = Session::expect();
    let (loading, set_loading) = signal(false);
    let try_samples = move |_| {
        if loading.get_untracked() {
            return;
        }
        set_loading.set(true);
        spawn_local(async move {
            samples::open(session).await;
            // Opening samples takes this component off the page, and its signals with it.
            let _ = set_loading.try_set(false);
        });
    };
    view! {
        <main class="welcome">
            <div class="welcome-card">
                <svg class="welcome-mark" viewBox="0 0 64 64" aria-hidden="true">
                    <circle cx="32" cy="32" r="29"/>
                    <path d="M32 14c6 0 9 4 9 9s-3 9-9 9-9-4-9-9 3-9 9-9z"/>
                    <path d="M27 35 12 41M37 35l15 6M32 37v14"/>
                    <circle cx="32" cy="36" r="3"/>
                </svg>
                <h1>"Drop CT slices here"</h1>
                <p class="welcome-lead">
                    "The spine is outlined on this computer. No image leaves it: nothing is uploaded, "
                    "and it works without a network."
                </p>
                <div class="welcome-actions">
                    <OpenButton picker=Picker::Images label="Open CT images" class="button primary large"/>
                    <OpenButton picker=Picker::Folder label="Open folder" class="button large"/>
                    <button type="button" class="button large" on:click=try_samples
                        aria-busy=move || loading.get().to_string()>
                        {move || if loading.get() { "Loading sample slices…" } else { "Try sample slices" }}
                    </button>
                </div>
                <p class="welcome-hint">
                    "DICOM, PNG, TIFF or JPEG, up to 2048 × 2048 pixels. Add reference masks ("
                    <code>"slice_mask.png"</code> ") to get Dice and more, or a Keras model to use your own."
                </p>
                <div class="welcome-more">
                    <OpenButton picker=Picker::Masks label="Open reference masks" class="button quiet"/>
                    <OpenButton picker=Picker::Models label="Add model" class="button quiet"/>
                </div>
            </div>
        </main>
    }
}
