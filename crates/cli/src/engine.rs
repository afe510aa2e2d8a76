//! Choosing the engine.

use clap::ValueEnum;
use futures_lite::future::block_on;
use rachis_engine::{Engine, EngineError};

/// What runs the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineName {
    /// All cores, each with a slice of its own.
    Cpu,
    /// The graphics device, through wgpu: Vulkan, Metal or Direct3D 12.
    Webgpu,
}

impl EngineName {
    /// Opens the engine.
    ///
    /// # Errors
    /// If there is no usable graphics device.
    pub fn open(self) -> Result<Engine, EngineError> {
        match self {
            Self::Cpu => Ok(Engine::cpu()),
            Self::Webgpu => block_on(Engine::gpu()),
        }
    }
}
