//! What the page and its workers say to each other.
//!
//! A message is a small serde value plus large buffers that change hands without being copied. The page talks to three
//! kinds of workers: the [`reader`], which parses untrusted files and can be thrown away, an [`engine`], which owns the
//! device and runs the network, and a [`converter`] of models and masks. [`wire`] carries the messages through
//! `postMessage`.

pub mod converter;
pub mod engine;
pub mod reader;
#[cfg(target_arch = "wasm32")]
pub mod wire;

use serde::{Deserialize, Serialize};

/// Names one piece of work, so that an answer finds what it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct JobId(pub u64);
