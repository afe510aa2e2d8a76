//! Opening the graphics device so that Burn can use it too.

use burn::tensor::Device;
use burn_wgpu::graphics::AutoGraphicsApi;
use burn_wgpu::{RuntimeOptions, WgpuDevice, WgpuInitError, try_init_setup_async};
use rachis_unet::Gpu;

use super::{Opened, Watch};
use crate::EngineError;

/// Dispatches of Burn's gathered into one submission. Drivers kill a submission that runs for seconds, which a whole
/// network at 2048x2048 can on a small GPU; a handful of convolutions cannot.
const DISPATCHES_PER_SUBMISSION: usize = 8;

/// Opens the fastest graphics device and registers it with Burn.
pub(in super::super) async fn open() -> Result<Opened, EngineError> {
    #[cfg(target_arch = "wasm32")]
    check_adapter().await?;
    let options = RuntimeOptions {
        tasks_max: DISPATCHES_PER_SUBMISSION,
        ..RuntimeOptions::try_default().map_err(refused)?
    };
    let selector = WgpuDevice::default();
    let setup = try_init_setup_async::<AutoGraphicsApi>(&selector, options).await.map_err(refused)?;
    Ok(Opened {
        burn: Device::from(selector),
        name: setup.adapter.get_info().name,
        watch: Watch::new(setup.device.clone()),
        gpu: Gpu::new(setup.device, setup.queue),
    })
}

/// Burn's runtime panics in a browser on an adapter without `timestamp-query`: refuse those first.
#[cfg(target_arch = "wasm32")]
async fn check_adapter() -> Result<(), EngineError> {
    if super::adapter().await?.features().contains(wgpu::Features::TIMESTAMP_QUERY) {
        Ok(())
    } else {
        Err(EngineError::MissingFeature { feature: "timestamp-query" })
    }
}

fn refused(error: WgpuInitError) -> EngineError {
    match error {
        WgpuInitError::AdapterUnavailable { .. } | WgpuInitError::UnsupportedGraphicsApi { .. } => {
            EngineError::NoAdapter
        }
        other => EngineError::NotOpened { detail: other.to_string() },
    }
}
