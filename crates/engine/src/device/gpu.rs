//! Opening the graphics device, and keeping an eye on it.

use std::sync::{Arc, OnceLock};

use rachis_unet::Gpu;

use crate::EngineError;

#[cfg(feature = "burn")]
mod with_burn;
#[cfg(feature = "burn")]
pub(super) use with_burn::open;

/// An opened graphics device.
pub(super) struct Opened {
    #[cfg(feature = "burn")]
    pub(super) burn: burn::tensor::Device,
    pub(super) name: String,
    pub(super) watch: Watch,
    pub(super) gpu: Gpu,
}

/// Opens the fastest graphics device.
#[cfg(not(feature = "burn"))]
pub(super) async fn open() -> Result<Opened, EngineError> {
    let adapter = adapter().await?;
    let most = wgpu::DeviceDescriptor { required_limits: adapter.limits(), ..Default::default() };
    let refused = |error: wgpu::RequestDeviceError| EngineError::NotOpened { detail: error.to_string() };
    let (device, queue) = adapter.request_device(&most).await.map_err(refused)?;
    Ok(Opened {
        name: adapter.get_info().name,
        watch: Watch::new(device.clone()),
        gpu: Gpu::new(device, queue),
    })
}

/// The fastest that there is.
#[cfg(any(not(feature = "burn"), target_arch = "wasm32"))]
async fn adapter() -> Result<wgpu::Adapter, EngineError> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let fastest = wgpu::RequestAdapterOptions {
        power_preference: wgpu::PowerPreference::HighPerformance,
        ..Default::default()
    };
    instance.request_adapter(&fastest).await.map_err(|_| EngineError::NoAdapter)
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
