//! Where the site's files lie: their names carry a hash of their content, so the page asks its own `<meta>` elements.

use gloo::utils::document;

use super::simd;

/// The worker that reads files.
pub const READER: &str = "reader";
/// The worker that reads models and writes masks.
pub const CONVERTER: &str = "converter";
/// The worker that runs the network on the CPU of any browser.
const ENGINE_CPU: &str = "engine-cpu";
/// The same for browsers with relaxed SIMD.
const ENGINE_CPU_RELAXED: &str = "engine-cpu-relaxed";
/// The worker that runs the network on WebGPU.
pub const ENGINE_GPU: &str = "engine-gpu";
/// The same for models with a layer that it lacks.
pub const ENGINE_GPU_BURN: &str = "engine-gpu-burn";
/// What is to be known of the shipped models, a page of its own.
pub const MODEL_CARD: &str = "model-card";
/// The list of models.
pub const MODELS: &str = "models";
/// The list of sample slices.
pub const SAMPLES: &str = "samples";
/// The script that keeps the site for offline use.
pub const SERVICE_WORKER: &str = "service-worker";

/// The fastest CPU engine that this browser can run.
pub fn cpu_engine() -> &'static str {
    if simd::is_relaxed() { ENGINE_CPU_RELAXED } else { ENGINE_CPU }
}

/// The relative URL in `<meta name="asset:NAME" content="URL">`, where the page has one.
pub fn find(name: &str) -> Option<String> {
    let selector = format!("meta[name='asset:{name}']");
    document().query_selector(&selector).ok()??.get_attribute("content")
}

/// Like [`find`], for files that every build of the site has; a missing one then fails as a request.
pub fn url(name: &str) -> String {
    find(name).unwrap_or_default()
}

/// The URL of a file that lies beside the one at `url`.
pub fn beside(url: &str, file: &str) -> String {
    let folder = url.rfind('/').map_or("", |slash| url.get(..=slash).unwrap_or(""));
    format!("{folder}{file}")
}
