//! Everything a person types: `cargo xtask serve`, `test`, `bench` and `dist`.

mod bench;
mod command;
mod compression;
mod hashing;
mod model_card;
mod provision;
mod serve;
mod site;
mod test;
mod workspace;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, serves and tests Rachis")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the site and serve it on this machine
    Serve {
        /// The port to try first; a free one is taken if it is in use
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Run every test: format, lints, dependencies, native, wasm and browser tests
    Test {
        /// Run only the steps whose name contains this
        #[arg(long)]
        only: Option<String>,
        /// Words for Playwright, such as the name of a test file
        #[arg(last = true)]
        playwright: Vec<String>,
    },
    /// Time the deployable site against onnxruntime-web and TensorFlow.js; leave the machine alone meanwhile
    Bench {
        /// Write every figure here
        #[arg(long)]
        json: Option<PathBuf>,
        /// Only this part
        #[arg(long, value_parser = ["wasm", "webgpu", "bytes"])]
        only: Option<String>,
        /// Words for tests/bench/bench.mjs, such as `--sizes 256,512 --bases 16 --seconds 60`
        #[arg(last = true)]
        words: Vec<String>,
    },
    /// Write the deployable site to dist/
    Dist,
}

fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Serve { port } => serve::run(port),
        Task::Test { only, playwright } => test::run(only.as_deref(), &playwright),
        Task::Bench { json, only, words } => bench::run(json.as_deref(), only.as_deref(), &words),
        Task::Dist => {
            let dist = workspace::root().join("dist");
            site::build(&dist, site::Optimise::Yes)?;
            println!("The site is in {}. Copy that folder to any static host.", dist.display());
            Ok(())
        }
    }
}
