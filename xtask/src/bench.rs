//! `cargo xtask bench`: Rachis against its peers in one headless Chromium, on the site as it is deployed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{command, provision, site, workspace};

const WEIGHTS: &str = "weights/spine-unet-16.safetensors";

/// Builds the optimised site and times it; `words` go to `tests/bench/bench.mjs` as they are.
pub fn run(json: Option<&Path>, only: Option<&str>, words: &[String]) -> Result<()> {
    let site = workspace::target().join("bench-site");
    site::build(&site, site::Optimise::Yes)?;
    provision::node_packages("tests")?;
    let folder = provision::node_packages("tests/bench")?;
    let root = workspace::root();
    let mut node = Command::new("node");
    node.current_dir(folder).arg("bench.mjs").arg("--site").arg(site);
    node.arg("--weights").arg(root.join(WEIGHTS)).arg("--image").arg(sample_volume(&root)?);
    if let Some(json) = json {
        node.arg("--json").arg(std::path::absolute(json)?);
    }
    if let Some(only) = only {
        node.arg("--only").arg(only);
    }
    command::run(node.args(words).env("CHROMIUM", provision::chromium()?))
}

/// The sample slices, as their manifest names them.
fn sample_volume(root: &Path) -> Result<PathBuf> {
    let folder = root.join("public/samples");
    let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("manifest.json"))?)?;
    let image = manifest.get("image").and_then(serde_json::Value::as_str);
    Ok(folder.join(image.context("public/samples/manifest.json names no image")?))
}
