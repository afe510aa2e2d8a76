//! A network on an engine.

use rachis_unet::{Model, Network};

use crate::{Engine, EngineError};

/// A network on an engine: nothing that a failing device computed leaves it.
#[derive(Debug)]
pub struct Runner {
    engine: Engine,
    network: Network,
}

impl Runner {
    /// Puts a model's weights on the engine.
    ///
    /// # Errors
    /// If the model cannot run or the device fails.
    pub fn load(model: &Model, engine: &Engine) -> Result<Self, EngineError> {
        let network = Network::load(model, engine.device());
        engine.check()?;
        Ok(Self { engine: engine.clone(), network: network? })
    }

    /// The engine that it runs on.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
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
}
