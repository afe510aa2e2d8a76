//! One request after another, each with its answer.

use std::cell::Cell;

use futures::StreamExt;
use rachis_protocol::JobId;
use rachis_protocol::wire::{Envelope, Received, WireError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::scope::{hold_lock, inbox, on_panic, post};

thread_local! {
    /// The job in hand.
    static CURRENT: Cell<Option<JobId>> = const { Cell::new(None) };
}

/// What a worker says of itself, and of jobs that fail.
pub(super) struct Words<A> {
    /// It has started and listens.
    pub ready: A,
    /// A job that failed, and why, for the user.
    pub failed: fn(JobId, String) -> A,
    /// Why a job failed that ended the worker.
    pub last: &'static str,
}

/// Answers the page's requests until it ends the worker.
pub(super) fn serve<Q: DeserializeOwned + 'static, A: Serialize + 'static, E: ToString>(
    words: Words<A>,
    job_of: fn(&Q) -> JobId,
    mut answer: impl AsyncFnMut(&mut Received<Q>) -> Result<Envelope, E> + 'static,
) {
    let Words { ready, failed, last } = words;
    on_panic(move || CURRENT.get().map(|job| Envelope::new(&failed(job, last.to_owned()))));
    spawn_local(async move {
        hold_lock().await;
        let mut inbox = inbox();
        post(Envelope::new(&ready));
        while let Some(mut received) = inbox.next().await {
            let job = job_of(&received.message);
            CURRENT.set(Some(job));
            let answer = answer(&mut received).await;
            CURRENT.set(None);
            post(answer.or_else(|error| Envelope::new(&failed(job, error.to_string()))));
        }
    });
}

/// The file that came with a request.
///
/// # Errors
/// If none did.
pub(super) fn take_file<Q: DeserializeOwned>(received: &mut Received<Q>) -> Result<File, WireError> {
    received.take_value().dyn_into().map_err(|_| WireError)
}
