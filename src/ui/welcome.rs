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
                    <ellipse cx="32" cy="32" rx="30" ry="25"/>
                    <path d="M32 17c7 0 11 3.5 11 9 0 4-2 7-5 8l9 3c2 .7 1.5 3.5-.7 3.200L36 39l-2.3 10.5c-.4 1.900-3 1.900-3.400 0L28 39l-10.3 1.200c-2.200.3-2.700-2.500-.7-3.200l9-3c-3-1-5-4-5-8 0-5.500 4-9 11-9z"/>
                    <path d="M28.5 35.5c0-2 1.5-3 3.5-3s3.5 1 3.5 3-1.5 3-3.5 3-3.5-1-3.5-3z"/>
                </svg>
                <h2>"Drop CT slices here"</h2>
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
                    "DICOM, NIfTI, NRRD, MetaImage, NumPy, TIFF, PNG or JPEG, or a ZIP of them. Add reference masks ("
                    <code>"slice_mask.png"</code> ", a label volume or a DICOM SEG) to get Dice and more, or a Keras "
                    "model to use your own."
                </p>
                <div class="welcome-more">
                    <OpenButton picker=Picker::Masks label="Open reference masks" class="button quiet"/>
                    <OpenButton picker=Picker::Models label="Add model" class="button quiet"/>
                </div>
            </div>
        </main>
    }
}
