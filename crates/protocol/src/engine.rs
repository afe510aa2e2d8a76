//! Page and engine: a model and slices in, masks out.
//!
//! Buffers travel beside the message, in the order that each variant's documentation gives.

use rachis_ct::{Quantity, Spacing, Threshold};
use serde::{Deserialize, Serialize};

use crate::JobId;

/// Which engine runs the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EngineKind {
    /// WebGPU, with the project's own shaders.
    WebGpu,
    /// WebGPU, with Burn beside them for models with a layer that they lack: several times the bytes.
    WebGpuBurn,
    /// The CPU, SIMD128.
    Cpu,
}

impl EngineKind {
    /// Whether it runs on the graphics device.
    pub fn is_webgpu(self) -> bool {
        matches!(self, Self::WebGpu | Self::WebGpuBurn)
    }
}

/// From the page to an engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ToEngine {
    /// Use this model from now on. Attachment: the model file (`.safetensors`).
    /// The answer is [`FromEngine::Loaded`], [`FromEngine::Failed`] where the file is at fault,
    /// [`FromEngine::UnknownLayer`], or [`FromEngine::Unfit`] where the engine is (its self-test gave wrong numbers).
    Load {
        /// Echoed in the answer.
        job: JobId,
        /// The SHA-256 that the file must have, in lower-case hexadecimal, where a manifest gives one.
        sha256: Option<String>,
        /// The scheme that [`FromEngine::Loaded`] named on an earlier visit.
        scheme: Option<String>,
    },
    /// Segment one slice. Attachment: its pixels, `i16`, row by row.
    /// The answer is [`FromEngine::Segmented`] or [`FromEngine::Failed`].
    Segment {
        /// Echoed in the answer.
        job: JobId,
        /// Number of rows.
        rows: u32,
        /// Number of columns.
        columns: u32,
        /// What the pixels count.
        quantity: Quantity,
        /// The size of a pixel, where it is known.
        spacing: Option<Spacing>,
        /// Whether to take the mean with the mirror image's probabilities.
        mirror: bool,
    },
}

/// What masks say that made them: the model, and that the mirror image was segmented too.
pub fn algorithm(model: &str, mirror: bool) -> String {
    if mirror { format!("{model} with mirror image") } else { model.to_owned() }
}

/// What the page knows of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// Its name.
    pub name: String,
    /// Number of weights.
    pub parameters: u64,
    /// Floating-point operations for each pixel of a slice, as plain loops do them, where the network takes slices of
    /// usual sizes.
    pub operations_per_pixel: Option<f64>,
    /// How an image becomes the network's input, in words.
    pub preprocessing: String,
    /// A probability above this is spine.
    pub threshold: Threshold,
    /// Where it came from, in words.
    pub origin: String,
    /// The licence of the weights.
    pub licence: String,
    /// The SHA-256 of the model file (`.safetensors`), in lower-case hexadecimal: which version it is.
    pub sha256: String,
    /// The most memory that a slice of [`TYPICAL_SIDE`](rachis_ct::TYPICAL_SIDE) takes in this engine; `None` where the
    /// model refuses that size.
    pub bytes: Option<u64>,
}

/// From an engine to the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromEngine {
    /// The worker has started, has its device, and listens.
    Ready {
        /// The device's name, such as the adapter's description; empty for the CPU.
        device: String,
    },
    /// The device could not be set up, or its self-test gave wrong numbers: the page must use another engine.
    Unfit {
        /// What is wrong and what to do, for the user.
        reason: String,
    },
    /// The model is loaded and has passed its self-test, where it carries one.
    Loaded {
        /// The request's.
        job: JobId,
        /// What it is.
        model: ModelSummary,
        /// The scheme by which this graphics device computes convolutions fastest, to be remembered; none for the CPU.
        scheme: Option<String>,
    },
    /// The model has a layer that [`EngineKind::WebGpu`] lacks: [`EngineKind::WebGpuBurn`] must take it.
    UnknownLayer {
        /// The request's.
        job: JobId,
    },
    /// A segmented slice. Attachment: the levels of its [`Probabilities`](rachis_ct::Probabilities), row by row, in the
    /// size of the slice.
    Segmented {
        /// The request's.
        job: JobId,
        /// Time in the engine, milliseconds.
        milliseconds: f64,
    },
    /// This job failed (a model that cannot be used, out of memory for this size); the engine goes on.
    Failed {
        /// The request's.
        job: JobId,
        /// What is wrong and what to do, for the user.
        reason: String,
    },
    /// The device is gone; nothing more will come from this worker.
    Lost {
        /// What is wrong and what to do, for the user.
        reason: String,
    },
}
