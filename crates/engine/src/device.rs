//! The device that computes.

use crate::EngineError;
use crate::memory::Memory;

/// Bytes that a network may take on the CPU, where addresses have 32 bits: 4 GiB, less an eighth for weights, files and
/// gaps.
const ADDRESSABLE: Option<u64> = if cfg!(target_pointer_width = "32") { Some(7 << 29) } else { None };

#[cfg(feature = "gpu")]
mod gpu;

/// A device that runs networks, and what has gone wrong with it.
#[derive(Debug, Clone)]
pub struct Engine {
    #[cfg(feature = "burn")]
    burn: burn::tensor::Device,
    name: String,
    #[cfg(feature = "gpu")]
    gpu: Option<(gpu::Watch, rachis_unet::Gpu)>,
}

impl Engine {
    /// The CPU.
    #[cfg(feature = "cpu")]
    pub fn cpu() -> Self {
        Self {
            burn: burn::tensor::Device::flex(),
            name: String::new(),
            #[cfg(feature = "gpu")]
            gpu: None,
        }
    }

    /// The graphics device, through WebGPU in a browser and through Vulkan, Metal or Direct3D 12 elsewhere.
    ///
    /// Burn, where it is built in, registers one such device for the life of the program: call this once and clone the
    /// result.
    ///
    /// # Errors
    /// If there is no such device, if it lacks a needed feature, or if it cannot be opened.
    #[cfg(feature = "gpu")]
    pub async fn gpu() -> Result<Self, EngineError> {
        let opened = gpu::open().await?;
        Ok(Self {
            #[cfg(feature = "burn")]
            burn: opened.burn,
            name: opened.name,
            gpu: Some((opened.watch, opened.gpu)),
        })
    }

    /// What the driver calls the graphics device; empty for the CPU, and where the browser does not tell.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Calls `told` with the reason if the graphics device goes away; never for the CPU.
    #[cfg(all(feature = "gpu", target_arch = "wasm32"))]
    pub fn on_lost(&self, told: impl Fn(EngineError) + Send + 'static) {
        if let Some((watch, _)) = &self.gpu {
            watch.on_lost(told);
        }
    }

    /// Whether this is the CPU.
    #[cfg(feature = "cpu")]
    pub(crate) fn is_cpu(&self) -> bool {
        #[cfg(feature = "gpu")]
        if self.gpu.is_some() {
            return false;
        }
        true
    }

    /// Where the project's own shaders run, if this is a graphics device.
    #[cfg(feature = "gpu")]
    pub(crate) fn shaders(&self) -> Option<&rachis_unet::Gpu> {
        self.gpu.as_ref().map(|(_, gpu)| gpu)
    }

    /// Chooses how convolutions are cut up on this graphics device: by the scheme that an earlier visit found best, if it
    /// is still known, or else by the one that a short trial finds. Gives the scheme's name; none for the CPU.
    ///
    /// # Errors
    /// If the device fails.
    #[cfg(all(feature = "gpu", target_arch = "wasm32"))]
    pub async fn tune(
        &mut self,
        known: Option<&str>,
        now: impl Fn() -> std::time::Duration,
    ) -> Result<Option<String>, EngineError> {
        let Some((_, gpu)) = &mut self.gpu else { return Ok(None) };
        let scheme = match known.and_then(rachis_unet::Scheme::named) {
            Some(scheme) => {
                *gpu = gpu.clone().with_scheme(scheme);
                scheme
            }
            None => {
                gpu.tune(now).await.map_err(|error| EngineError::NotOpened { detail: error.to_string() })?
            }
        };
        self.check()?;
        Ok(Some(scheme.to_string()))
    }

    /// Burn's handle.
    #[cfg(feature = "burn")]
    pub(crate) fn burn(&self) -> &burn::tensor::Device {
        &self.burn
    }

    /// What the device has reported since it was opened.
    ///
    /// # Errors
    /// If it was lost, ran out of memory or refused a step: what it computed since means nothing.
    pub(crate) fn check(&self) -> Result<(), EngineError> {
        #[cfg(feature = "gpu")]
        if let Some((watch, _)) = &self.gpu {
            watch.check()?;
        }
        Ok(())
    }

    /// Checks that a network that needs so much can run here. A graphics device's memory is not known, only the size
    /// of its buffers; the CPU's is limited where addresses have 32 bits.
    ///
    /// # Errors
    /// If it cannot; `[rows, columns]` go into the message.
    pub(crate) fn check_room(&self, memory: Memory, [rows, columns]: [usize; 2]) -> Result<(), EngineError> {
        #[cfg(feature = "gpu")]
        if let Some((watch, _)) = &self.gpu {
            let fits = memory.largest <= watch.largest_buffer();
            return if fits { Ok(()) } else { Err(EngineError::TooLargeForDevice { rows, columns }) };
        }
        let fits = ADDRESSABLE.is_none_or(|bytes| memory.peak <= bytes);
        if fits { Ok(()) } else { Err(EngineError::TooLarge { rows, columns }) }
    }
}
