//! `rachis`: converts models and segments CT slices without a browser, on the same code as the page.

mod array;
mod commands;
mod engine;
mod error;
mod files;
mod formats;
mod inputs;
mod labels;
mod manifest;
mod model;
mod names;
mod patients;
mod references;
mod shelf;
mod slices;
mod summary;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{convert, evaluate, infer, segment};

/// Segments the spine in CT slices. Research use only, not a medical device.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Convert(convert::Arguments),
    Segment(segment::Arguments),
    Infer(infer::Arguments),
    Evaluate(evaluate::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Segment(arguments) => segment::run(&arguments),
        Command::Infer(arguments) => infer::run(&arguments),
        Command::Evaluate(arguments) => evaluate::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rachis: {error}");
            ExitCode::FAILURE
        }
    }
}
