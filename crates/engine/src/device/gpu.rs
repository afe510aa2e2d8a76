//! Opening the graphics device, and keeping an eye on it.

use std::sync::{Arc, OnceLock};

use burn::tensor::Device;
use burn_wgpu::graphics::AutoGraphicsApi;
use burn_wgpu::{RuntimeOptions, WgpuDevice, WgpuInitError, try_init_setup_async, wgpu};
use rachis_unet::Gpu;

use crate::EngineError;

/// Dispatches gathered into one submission. Drivers kill a submission that runs for seconds, which a whole network at
/// 2048x2048 can on a small GPU; a handful of convolutions cannot.
const DISPATCHES_PER_SUBMISSION: usize = 8;

/// An opened graphics device.
pub(super) struct Opened {
    pub(super) device: Device,
    pub(super) name: String,
    pub(super) watch: Watch,
    pub(super) gpu: Gpu,
}

/// Opens the fastest graphics device and registers it with Burn.
pub(super) async fn open() -> Result<Opened, EngineError> {
    #[cfg(target_arch = "wasm32")]
    check_adapter().await?;
    let options = RuntimeOptions {
        tasks_max: DISPATCHES_PER_SUBMISSION,
        ..RuntimeOptions::try_default().map_err(refused)?
    };
    let selector = WgpuDevice::default();
    let setup = try_init_setup_async::<AutoGraphicsApi>(&selector, options).await.map_err(refused)?;
    Ok(Opened {
        device: Device::from(selector),
        name: setup.adapter.get_info().name,
        watch: Watch::new(setup.device.clone()),
        gpu: Gpu::new(setup.device, setup.queue),
    })
}

/// Burn's runtime panics in a browser on an adapter without `timestamp-query`: refuse those first.
#[cfg(target_arch = "wasm32")]
async fn check_adapter() -> Result<(), EngineError> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::BROWSER_WEBGPU,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let adapter = instance
        .request_adapter(&wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        })
        .await
        .map_err(|_| EngineError::NoAdapter)?;
    if adapter.features().contains(wgpu::Features::TIMESTAMP_QUERY) {
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

/// The first thing that went wrong with a device.
#[derive(Debug)]
enum Fault {
    #[cfg(target_arch = "wasm32")]
    Lost(String),
    OutOfMemory,
    Refused(String),
}

/// Remembers what a device reports.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    device: wgpu::Device,
    fault: Arc<OnceLock<Fault>>,
}

impl Watch {
    /// Watches for errors that nothing else catches. wgpu's own answer to them is a panic, and without any answer the
    /// next read gives stale memory.
    fn new(device: wgpu::Device) -> Self {
        let fault = Arc::new(OnceLock::new());
        let first = Arc::clone(&fault);
        device.on_uncaptured_error(Arc::new(move |error| {
            // Later errors follow from the first.
            let _ = first.set(match error {
                wgpu::Error::OutOfMemory { .. } => Fault::OutOfMemory,
                other => Fault::Refused(other.to_string()),
            });
        }));
        Self { device, fault }
    }

    /// Calls `told` when the device goes away. Burn's runtime listens too: its reads then fail instead of hanging.
    #[cfg(target_arch = "wasm32")]
    pub(super) fn on_lost(&self, told: impl Fn(EngineError) + Send + 'static) {
        let first = Arc::clone(&self.fault);
        self.device.set_device_lost_callback(move |_, detail| {
            let _ = first.set(Fault::Lost(detail.clone()));
            told(EngineError::DeviceLost { detail });
        });
    }

    /// Fails with the first fault, if there was one.
    pub(super) fn check(&self) -> Result<(), EngineError> {
        match self.fault.get() {
            None => Ok(()),
            #[cfg(target_arch = "wasm32")]
            Some(Fault::Lost(detail)) => Err(EngineError::DeviceLost { detail: detail.clone() }),
            Some(Fault::OutOfMemory) => Err(EngineError::OutOfMemory),
            Some(Fault::Refused(detail)) => Err(EngineError::DeviceFault { detail: detail.clone() }),
        }
    }

    /// The largest storage buffer that a shader may bind, in bytes.
    pub(super) fn largest_buffer(&self) -> u64 {
        let limits = self.device.limits();
        limits.max_storage_buffer_binding_size.min(limits.max_buffer_size)
    }
}
