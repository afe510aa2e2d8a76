//! The site's own files.

use gloo::utils::window;
use js_sys::Uint8Array;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// A file of the site could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchError;

impl std::fmt::Display for FetchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("This part of the site could not be downloaded: check the connection and try again.")
    }
}

impl From<JsValue> for FetchError {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Fetches a file.
///
/// # Errors
/// If there is no connection, or no such file.
pub async fn bytes(url: &str) -> Result<Vec<u8>, FetchError> {
    let response: Response =
        JsFuture::from(window().fetch_with_str(url)).await?.dyn_into().map_err(|_| FetchError)?;
    if !response.ok() {
        return Err(FetchError);
    }
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Fetches a file of JSON.
///
/// # Errors
/// If it cannot be fetched or does not have the expected form.
pub async fn json<T: DeserializeOwned>(url: &str) -> Result<T, FetchError> {
    serde_json::from_slice(&bytes(url).await?).map_err(|_| FetchError)
}
