//! Web Locks: a worker holds one while it lives, so that its death is noticed even if it brings no event.

use gloo::utils::window;
use js_sys::{Function, Math, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// A name that no other page or worker uses.
pub fn unique_name() -> String {
    format!("rachis-{:x}-{:x}", (Math::random() * 2_f64.powi(53)) as u64, js_sys::Date::now() as u64)
}

/// Calls `act` once nobody holds the lock; never where the browser has no locks (outside HTTPS).
pub fn when_free(name: &str, act: impl FnOnce() + 'static) {
    let Some((locks, request)) = lock_manager() else { return };
    let granted = Closure::once_into_js(act);
    // Without a lock manager that answers there is only the worker's own word.
    if let Ok(promise) = request.call2(&locks, &JsValue::from_str(name), &granted)
        && let Ok(promise) = promise.dyn_into::<Promise>()
    {
        spawn_local(async move {
            let _ = JsFuture::from(promise).await;
        });
    }
}

fn lock_manager() -> Option<(JsValue, Function)> {
    let locks = Reflect::get(&window().navigator(), &JsValue::from_str("locks")).ok()?;
    let request = Reflect::get(&locks, &JsValue::from_str("request")).ok()?.dyn_into().ok()?;
    Some((locks, request))
}
