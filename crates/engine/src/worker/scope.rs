//! A worker's own end of the line to its page.

use std::panic;

use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::channel::oneshot;
use futures::future::select;
use js_sys::{Function, Promise, Reflect};
use rachis_protocol::wire::{Envelope, Received, WireError};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, console};

/// The worker's global scope.
pub(super) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Sends a message to the page.
pub(super) fn post(envelope: Result<Envelope, WireError>) {
    let sent = envelope.map_err(JsError::from).map_err(JsValue::from).and_then(|e| e.send_to_page(&scope()));
    if let Err(error) = sent {
        console::error_1(&error);
    }
}

/// Sends `last_words` to the page when this worker panics; it does nothing more after that.
///
/// The console gets the place in the program and not the panic's message, which may quote a patient's file.
pub(super) fn on_panic(last_words: impl Fn() -> Option<Result<Envelope, WireError>> + Send + Sync + 'static) {
    panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        console::error_1(&JsValue::from(format!("The worker stopped at {place}.")));
        if let Some(envelope) = last_words() {
            post(envelope);
        }
    }));
}

/// The page's messages from now on, in order.
pub(super) fn inbox<M: DeserializeOwned + 'static>() -> UnboundedReceiver<Received<M>> {
    let (sender, receiver) = unbounded();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        match Received::open(&event) {
            // The receiver is gone once the worker has nothing more to do.
            Ok(received) => drop(sender.unbounded_send(received)),
            Err(error) => console::error_1(&JsValue::from(error.to_string())),
        }
    });
    scope().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    listener.forget();
    receiver
}

/// Takes the Web Lock that has this worker's name, and keeps it for life: when the browser ends the worker without a
/// word, the page gets the lock and so knows.
///
/// Without a name, or where the browser has no locks for this page, nothing happens.
pub(super) async fn hold_lock() {
    let name = scope().name();
    if name.is_empty() {
        return;
    }
    let Some((locks, request)) = lock_manager() else { return };
    let (tell, granted) = oneshot::channel();
    let on_grant = Closure::once_into_js(move |_lock: JsValue| {
        let _ = tell.send(());
        // The lock is held until this promise resolves, which it never does.
        Promise::new(&mut |_, _| {})
    });
    let request = request.call2(&locks, &JsValue::from_str(&name), &on_grant);
    if let Ok(request) = request.and_then(JsCast::dyn_into::<Promise>) {
        select(granted, JsFuture::from(request)).await;
    }
}

/// The browser's lock manager and its `request`, which web-sys has only as an unstable API.
fn lock_manager() -> Option<(JsValue, Function)> {
    let locks = Reflect::get(&scope().navigator(), &JsValue::from_str("locks")).ok()?;
    let request = Reflect::get(&locks, &JsValue::from_str("request")).ok()?.dyn_into().ok()?;
    Some((locks, request))
}
