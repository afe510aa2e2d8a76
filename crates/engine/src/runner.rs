//! A network on an engine.

#[cfg(feature = "cpu")]
use rachis_unet::CpuNetwork;
#[cfg(feature = "gpu")]
use rachis_unet::GpuNetwork;
#[cfg(feature = "burn")]
use rachis_unet::Network;
use rachis_unet::{GraphError, Model, RunError};

use crate::memory::Memory;
use crate::{Engine, EngineError};

/// A network on an engine: nothing that a failing device computed leaves it.
#[derive(Debug)]
pub struct Runner {
    engine: Engine,
    network: Backend,
}

/// What computes the network's layers.
#[derive(Debug)]
enum Backend {
    #[cfg(feature = "cpu")]
    Cpu(CpuNetwork),
    #[cfg(feature = "gpu")]
    Gpu(GpuNetwork),
    #[cfg(feature = "burn")]
    Burn(Network),
}

impl Backend {
    /// The project's own kernels, which are several times as fast as Burn's; Burn, where it is built in, for models with a
    /// layer that they lack.
    fn load(model: &Model, engine: &Engine) -> Result<Self, EngineError> {
        #[cfg(feature = "cpu")]
        if engine.is_cpu()
            && let Some(network) = CpuNetwork::load(model)?
        {
            return Ok(Self::Cpu(network));
        }
        #[cfg(feature = "gpu")]
        if let Some(gpu) = engine.shaders()
            && let Some(network) = GpuNetwork::load(model, gpu)?
        {
            return Ok(Self::Gpu(network));
        }
        #[cfg(feature = "burn")]
        return Ok(Self::Burn(Network::load(model, engine.burn())?));
        #[cfg(not(feature = "burn"))]
        Err(EngineError::UnknownLayer)
    }

    fn memory(&self, size: [usize; 2]) -> Result<Memory, GraphError> {
        match self {
            #[cfg(feature = "cpu")]
            Self::Cpu(network) => Ok(Memory { largest: 0, peak: network.bytes(size)? }),
            #[cfg(feature = "gpu")]
            Self::Gpu(network) => {
                let (largest, peak) = network.bytes(size)?;
                Ok(Memory { largest, peak })
            }
            #[cfg(feature = "burn")]
            Self::Burn(network) => Memory::of(network.graph(), size),
        }
    }

    async fn run(&self, input: Vec<f32>, shape: [usize; 4]) -> Result<(Vec<f32>, [usize; 4]), RunError> {
        match self {
            #[cfg(feature = "cpu")]
            Self::Cpu(network) => network.run(&input, shape),
            #[cfg(feature = "gpu")]
            Self::Gpu(network) => network.run(&input, shape).await,
            #[cfg(feature = "burn")]
            Self::Burn(network) => network.run(input, shape).await,
        }
    }
}

impl Runner {
    /// Puts a model's weights on the engine.
    ///
    /// # Errors
    /// If the model cannot run or the device fails.
    pub fn load(model: &Model, engine: &Engine) -> Result<Self, EngineError> {
        let network = Backend::load(model, engine);
        engine.check()?;
        Ok(Self { engine: engine.clone(), network: network? })
    }

    /// The engine that it runs on.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What running the network on a picture of `size` rows and columns takes.
    ///
    /// # Errors
    /// The layer that this size does not suit.
    pub(crate) fn memory(&self, size: [usize; 2]) -> Result<Memory, GraphError> {
        self.network.memory(size)
    }

    /// Runs the network on `input`, of `shape` `[images, rows, columns, channels]`; gives the output and its shape,
    /// `[images, rows, columns, classes]`.
    ///
    /// # Errors
    /// If the input does not suit the network, is too large for the device, or the device fails.
    pub async fn run(
        &self,
        input: Vec<f32>,
        shape: [usize; 4],
    ) -> Result<(Vec<f32>, [usize; 4]), EngineError> {
        let outcome = self.network.run(input, shape).await;
        // What the device reported explains a failed run, and voids one that seems to have worked.
        self.engine.check()?;
        Ok(outcome?)
    }

    /// Runs the network on one grey picture of `[rows, columns]`; the output's levels, as of
    /// [`rachis_ct::Probabilities::level`], if the engine makes them itself and the network has one class.
    ///
    /// # Errors
    /// As of [`Self::run`], and if the output is not finite.
    #[cfg(feature = "gpu")]
    pub(crate) async fn levels(
        &self,
        input: &[f32],
        size: [usize; 2],
    ) -> Result<Option<Vec<u8>>, EngineError> {
        #[cfg_attr(not(feature = "burn"), allow(irrefutable_let_patterns, reason = "the only one"))]
        let Backend::Gpu(network) = &self.network else { return Ok(None) };
        let outcome = network.levels(input, size).await;
        self.engine.check()?;
        match outcome? {
            Some(answer) if !answer.finite => Err(EngineError::NotFinite),
            answer => Ok(answer.map(|answer| answer.levels)),
        }
    }
}
