//! Asks the browser for a WebGPU adapter, without the WebGPU engine's module.
//!
//! `requestAdapter` may be missing, give null, or throw; what the adapter lacks would only show as a panic inside the
//! engine. So all of it is found out here first.

use gloo::utils::window;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::engine_choice::{Adapter, Probe};

/// What there is.
pub async fn probe() -> Probe {
    let gpu = get(&window().navigator(), "gpu");
    if gpu.is_undefined() || gpu.is_null() {
        return Probe::NoApi;
    }
    match request_adapter(&gpu).await {
        Err(_) => Probe::Threw,
        Ok(adapter) if adapter.is_null() || adapter.is_undefined() => Probe::NoAdapter,
        Ok(adapter) => Probe::Found(describe(&adapter)),
    }
}

async fn request_adapter(gpu: &JsValue) -> Result<JsValue, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"powerPreference".into(), &"high-performance".into())?;
    let request: Function = get(gpu, "requestAdapter").dyn_into()?;
    let promise: Promise = request.call1(gpu, &options)?.dyn_into()?;
    JsFuture::from(promise).await
}

fn describe(adapter: &JsValue) -> Adapter {
    let info = get(adapter, "info");
    let limits = get(adapter, "limits");
    let words = ["vendor", "architecture", "device", "description"].map(|key| get(&info, key).as_string());
    let words: Vec<String> = words.into_iter().flatten().filter(|word| !word.is_empty()).collect();
    let limit = |key| get(&limits, key).as_f64().unwrap_or(0.0);
    Adapter {
        name: words.join(" "),
        fallback: get(adapter, "isFallbackAdapter").is_truthy()
            || get(&info, "isFallbackAdapter").is_truthy(),
        storage_buffers: limit("maxStorageBuffersPerShaderStage"),
        invocations: limit("maxComputeInvocationsPerWorkgroup"),
        workgroup_bytes: limit("maxComputeWorkgroupStorageSize"),
    }
}

/// A property, or undefined where the object has none or is none.
fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}
