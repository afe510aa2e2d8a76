//! Files dropped anywhere on the window.

use gloo::{
    events::{EventListener, EventListenerOptions},
    utils::window,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::DragEvent;

use crate::{
    browser::files::Dropped,
    session::{Intake, Session},
};

/// Opens what is dropped. The signal tells whether files are being dragged over the page.
pub fn listen(session: Session) -> ReadSignal<bool> {
    let (dragging, set_dragging) = signal(false);
    on("dragover", move |event| {
        event.prevent_default();
        set_dragging.set(true);
    });
    on("dragleave", move |event| {
        // Without a related target the pointer has left the window, not just gone from element to element.
        if event.related_target().is_none() {
            set_dragging.set(false);
        }
    });
    on("drop", move |event| {
        event.prevent_default();
        set_dragging.set(false);
        let Some(transfer) = event.data_transfer() else { return };
        let dropped = Dropped::take(&transfer);
        session.listing.set(true);
        spawn_local(async move {
            let files = dropped.files().await;
            session.listing.set(false);
            session.add(files, Intake::Any);
        });
    });
    dragging
}

fn on(kind: &'static str, act: impl Fn(&DragEvent) + 'static) {
    let options = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window(), kind, options, move |event| {
        if let Some(event) = event.dyn_ref::<DragEvent>() {
            act(event);
        }
    })
    .forget();
}
