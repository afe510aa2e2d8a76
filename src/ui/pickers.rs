//! The file choosers, and the buttons that open them.

use leptos::{ev::Event, html::Input, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::{
    browser::files,
    session::{Intake, Session},
};

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picker {
    /// Image files.
    Images,
    /// A folder of images, masks too.
    Folder,
    /// Mask files.
    Masks,
    /// Model files.
    Models,
}

/// The choosers' elements.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pickers {
    images: NodeRef<Input>,
    folder: NodeRef<Input>,
    masks: NodeRef<Input>,
    models: NodeRef<Input>,
}

impl Pickers {
    fn open(self, picker: Picker) {
        let input = match picker {
            Picker::Images => self.images,
            Picker::Folder => self.folder,
            Picker::Masks => self.masks,
            Picker::Models => self.models,
        };
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    }
}

/// A button that opens a chooser.
#[component]
pub fn OpenButton(
    /// Which one.
    picker: Picker,
    /// What it says.
    label: &'static str,
    /// Its classes.
    #[prop(default = "button")]
    class: &'static str,
    /// More about it.
    #[prop(optional)]
    title: Option<&'static str>,
) -> impl IntoView {
    let pickers: Pickers = expect_context();
    view! {
        <button type="button" class=class title=title on:click=move |_| pickers.open(picker)>{label}</button>
    }
}

/// The choosers themselves, which nobody sees.
#[component]
pub fn PickerInputs() -> impl IntoView {
    let session = Session::expect();
    let pickers: Pickers = expect_context();
    let take = move |intake: Intake| {
        move |event: Event| {
            let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
            else {
                return;
            };
            if let Some(chosen) = input.files() {
                session.add(files::chosen(&chosen), intake);
            }
            // So that the same file can be chosen again.
            input.set_value("");
        }
    };
    view! {
        <div hidden>
            <input type="file" multiple id="images-input" aria-label="CT images" node_ref=pickers.images
                on:change=take(Intake::Any)/>
            <input type="file" prop:webkitdirectory=true id="folder-input" aria-label="Folder of CT images"
                node_ref=pickers.folder on:change=take(Intake::Any)/>
            <input type="file" multiple id="masks-input" aria-label="Reference masks"
                accept=".png,.tif,.tiff,.jpg,.jpeg,.nii,.gz,.nrrd,.mha,.npy,.npz,.dcm,.zip" node_ref=pickers.masks on:change=take(Intake::Masks)/>
            <input type="file" multiple id="models-input" aria-label="Models" accept=".h5,.hdf5,.keras,.safetensors"
                node_ref=pickers.models on:change=take(Intake::Any)/>
        </div>
    }
}
