//! `rachis infer`: the bare network on an array.

use std::path::PathBuf;

use clap::Args;
use futures_lite::future::block_on;
use rachis_engine::Runner;
use rachis_unet::npy;

use crate::array;
use crate::engine::EngineName;
use crate::error::CliError;
use crate::files::write;
use crate::model;

/// Run the bare network on an f32 array and write its raw output.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The model (.safetensors, .h5 or .keras).
    #[arg(long)]
    model: PathBuf,
    /// The network's input, a NumPy array (images, rows, columns, channels).
    #[arg(long)]
    input: PathBuf,
    /// Where to write the output, a NumPy array (images, rows, columns, classes).
    #[arg(long)]
    output: PathBuf,
    /// What runs the network.
    #[arg(long, value_enum, default_value_t = EngineName::Cpu)]
    engine: EngineName,
}

/// Runs the command.
///
/// # Errors
/// If a file cannot be read, written or used, or the engine fails.
pub fn run(arguments: &Arguments) -> Result<(), CliError> {
    let model = model::load(&arguments.model)?;
    let (shape, input) = array::load(&arguments.input, model.graph.input_channels())?;
    let runner = Runner::load(&model, &arguments.engine.open()?)?;
    let (output, shape) = block_on(runner.run(input, shape))?;
    write(&arguments.output, &npy::write(&shape, &output))
}
