//! A running worker, what it says, and the news of its death.

use std::marker::PhantomData;

use futures::{StreamExt, channel::mpsc};
use gloo::events::{EventListener, EventListenerOptions};
use rachis_protocol::wire::{Envelope, Received};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::browser::locks;

/// The worker is gone: its module did not load, it ran out of memory or hit a defect, or the browser killed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Died;

enum Event {
    Message(MessageEvent),
    Died,
}

/// A worker that says `M`. Dropping it ends the worker.
pub struct Link<M> {
    worker: Worker,
    /// What the worker's life holds locked, if the browser has locks.
    lock: String,
    sender: mpsc::UnboundedSender<Event>,
    events: mpsc::UnboundedReceiver<Event>,
    _listeners: Vec<EventListener>,
    _message: PhantomData<M>,
}

impl<M: DeserializeOwned> Link<M> {
    /// Starts the module at `url`. The worker's name is that of the lock that it holds while it lives. (A fragment of
    /// the URL would be lost where the service worker answers.)
    ///
    /// # Errors
    /// If the browser refuses to start a worker.
    pub fn start(url: &str) -> Result<Self, Died> {
        let lock = locks::unique_name();
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(&lock);
        let worker = Worker::new_with_options(url, &options).map_err(|_| Died)?;
        let (sender, events) = mpsc::unbounded();
        let listeners = listeners(&worker, &sender);
        Ok(Self { worker, lock, sender, events, _listeners: listeners, _message: PhantomData })
    }

    /// Sends a message. One that cannot be sent counts as a death.
    pub fn send(&self, envelope: &Envelope) {
        if envelope.send_to_worker(&self.worker).is_err() {
            let _ = self.sender.unbounded_send(Event::Died);
        }
    }

    /// The next thing that the worker says. A message of another form comes only from a page and worker that do not
    /// match, and counts as a death too.
    ///
    /// # Errors
    /// If it is gone.
    pub async fn hear(&mut self) -> Result<Received<M>, Died> {
        match self.events.next().await {
            Some(Event::Message(event)) => Received::open(&event).map_err(|_| Died),
            Some(Event::Died) | None => Err(Died),
        }
    }

    /// From now on tells of a death that brings no event, as when the operating system kills the worker. To be called
    /// once the worker is ready, which means that it holds its lock.
    pub fn watch(&self) {
        let sender = self.sender.clone();
        locks::when_free(&self.lock, move || {
            let _ = sender.unbounded_send(Event::Died);
        });
    }
}

fn listeners(worker: &Worker, sender: &mpsc::UnboundedSender<Event>) -> Vec<EventListener> {
    let on_message = sender.clone();
    let message = EventListener::new(worker, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            let _ = on_message.unbounded_send(Event::Message(event.clone()));
        }
    });
    let deaths = ["error", "messageerror"].map(|kind| {
        let sender = sender.clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(worker, kind, options, move |event| {
            event.prevent_default();
            let _ = sender.unbounded_send(Event::Died);
        })
    });
    std::iter::once(message).chain(deaths).collect()
}

impl<M> Drop for Link<M> {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}
