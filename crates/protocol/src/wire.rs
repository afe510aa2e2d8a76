//! Messages through `postMessage`: `[json, attachment, ...]`, buffers transferred.

use js_sys::{Array, ArrayBuffer, Int16Array, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

/// A message that does not have the agreed form; only a mix of versions can cause it.
#[derive(Debug, thiserror::Error)]
#[error("The page and its worker do not match. Reload the page.")]
pub struct WireError;

/// A message with what travels beside it.
#[derive(Debug, Clone)]
pub struct Envelope {
    values: Array,
    transfer: Array,
}

impl Envelope {
    /// Wraps `message`.
    ///
    /// # Errors
    /// If the message cannot be written as JSON.
    pub fn new(message: &impl Serialize) -> Result<Self, WireError> {
        let json = serde_json::to_string(message).map_err(|_| WireError)?;
        Ok(Self { values: Array::of1(&JsValue::from_str(&json)), transfer: Array::new() })
    }

    /// Adds bytes; the buffer is copied out of wasm memory once and then transferred.
    #[must_use]
    pub fn with_bytes(self, bytes: &[u8]) -> Self {
        self.with_buffer(&Uint8Array::from(bytes).buffer())
    }

    /// Adds pixels; the buffer is copied out of wasm memory once and then transferred.
    #[must_use]
    pub fn with_pixels(self, pixels: &[i16]) -> Self {
        self.with_buffer(&Int16Array::from(pixels).buffer())
    }

    /// Adds a value that is cloned, not transferred, such as a `File`.
    #[must_use]
    pub fn with_value(self, value: &JsValue) -> Self {
        self.values.push(value);
        self
    }

    fn with_buffer(self, buffer: &ArrayBuffer) -> Self {
        self.values.push(buffer);
        self.transfer.push(buffer);
        self
    }

    /// Sends it to a worker.
    ///
    /// # Errors
    /// What the browser says if the message cannot be sent.
    pub fn send_to_worker(&self, worker: &web_sys::Worker) -> Result<(), JsValue> {
        worker.post_message_with_transfer(&self.values, &self.transfer)
    }

    /// Sends it from a worker to the page.
    ///
    /// # Errors
    /// What the browser says if the message cannot be sent.
    pub fn send_to_page(&self, scope: &web_sys::DedicatedWorkerGlobalScope) -> Result<(), JsValue> {
        scope.post_message_with_transfer(&self.values, &self.transfer)
    }
}

/// A received message with its attachments in order.
#[derive(Debug)]
pub struct Received<M> {
    /// The message.
    pub message: M,
    attachments: Array,
    next: u32,
}

impl<M: DeserializeOwned> Received<M> {
    /// Opens an event's data.
    ///
    /// # Errors
    /// If it is not one of ours.
    pub fn open(event: &web_sys::MessageEvent) -> Result<Self, WireError> {
        let attachments: Array = event.data().dyn_into().map_err(|_| WireError)?;
        let json = attachments.get(0).as_string().ok_or(WireError)?;
        let message = serde_json::from_str(&json).map_err(|_| WireError)?;
        Ok(Self { message, attachments, next: 1 })
    }

    /// The next attachment as it came.
    pub fn take_value(&mut self) -> JsValue {
        let value = self.attachments.get(self.next);
        self.next += 1;
        value
    }

    /// The next attachment's bytes.
    ///
    /// # Errors
    /// If it is not a buffer.
    pub fn take_bytes(&mut self) -> Result<Vec<u8>, WireError> {
        let buffer: ArrayBuffer = self.take_value().dyn_into().map_err(|_| WireError)?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }

    /// The next attachment's pixels.
    ///
    /// # Errors
    /// If it is not a buffer of whole `i16`.
    pub fn take_pixels(&mut self) -> Result<Vec<i16>, WireError> {
        let buffer: ArrayBuffer = self.take_value().dyn_into().map_err(|_| WireError)?;
        if !buffer.byte_length().is_multiple_of(2) {
            return Err(WireError);
        }
        Ok(Int16Array::new(&buffer).to_vec())
    }
}
