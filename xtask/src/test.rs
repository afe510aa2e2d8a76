//! `cargo xtask test`: every check, in the order of how fast it fails.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::provision::{self, WasmRust};
use crate::{command, serve, workspace};

/// A named step.
type Step = (&'static str, fn(&[String]) -> Result<()>);

const STEPS: [Step; 8] = [
    ("format", |_| command::run(cargo("fmt").args(["--all", "--check"]))),
    ("dependencies", |_| dependencies()),
    ("lints", |_| lints()),
    ("native tests", |_| native_tests()),
    ("export tests", |_| export_tests()),
    ("wasm lints", |_| wasm_lints()),
    ("wasm tests", |_| wasm_tests()),
    ("browser tests", browser_tests),
];

/// Runs the steps whose name contains `only`; stops at the first that fails.
pub fn run(only: Option<&str>, playwright: &[String]) -> Result<()> {
    let steps = STEPS.iter().filter(|(name, _)| only.is_none_or(|word| name.contains(word)));
    for (name, step) in steps {
        println!("\n== {name}");
        let start = Instant::now();
        step(playwright).with_context(|| format!("the step '{name}' failed"))?;
        println!("== {name}: passed in {} s", start.elapsed().as_secs());
    }
    Ok(())
}

fn cargo(subcommand: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(workspace::root()).arg(subcommand);
    cargo
}

/// Licences, bans and sources of everything that comes in; known vulnerabilities too where their list is at hand.
fn dependencies() -> Result<()> {
    let deny = provision::cargo_tool("cargo-deny", "0.20.2", "cargo-deny")?;
    let check = |what: &[&str]| {
        let mut command = Command::new(&deny);
        command.current_dir(workspace::root()).args(["--locked", "check"]).args(what);
        command
    };
    command::run(&mut check(&["licenses", "bans", "sources"]))?;
    if command::succeeds(Command::new(&deny).current_dir(workspace::root()).args(["fetch", "db"])) {
        return command::run(&mut check(&["advisories"]));
    }
    println!("The list of known vulnerabilities cannot be fetched here: advisories were not checked.");
    Ok(())
}

/// The packages in two groups: Cargo would build Burn once more with what the second adds to shared dependencies.
const GROUPS: [&[&str]; 2] = [
    &["--workspace", "--exclude=rachis-page", "--exclude=xtask"],
    &["--package=rachis-page", "--package=xtask"],
];

fn lints() -> Result<()> {
    for group in GROUPS {
        command::run(cargo("clippy").arg("--locked").args(group).args([
            "--all-targets",
            "--",
            "-Dwarnings",
        ]))?;
    }
    Ok(())
}

fn native_tests() -> Result<()> {
    provision::software_vulkan();
    for group in GROUPS {
        command::run(cargo("test").arg("--locked").args(group))?;
    }
    Ok(())
}

/// What the writers write, opened again by the programs that users have.
fn export_tests() -> Result<()> {
    let python = provision::python_packages()?;
    provision::dicom_validator();
    let mut pytest = Command::new(python);
    pytest.current_dir(workspace::root()).args([
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/exports",
    ]);
    command::run(&mut pytest)
}

fn wasm_lints() -> Result<()> {
    let rust = WasmRust::find()?;
    let lint = |words: &[&str]| {
        command::run(rust.cargo("clippy").arg("--profile=wasm").args(words).args(["--", "-Dwarnings"]))
    };
    lint(&["--package=rachis-page"])?;
    for features in ["reader", "converter", "cpu,flex-simd", "gpu", "gpu-burn"] {
        lint(&["--package=rachis-engine", "--bins", &format!("--features={features}")])?;
    }
    Ok(())
}

/// The readers of untrusted files on a 32-bit machine, run by Node; and in a browser the kernels, on its vector
/// instructions and on its WebGPU.
fn wasm_tests() -> Result<()> {
    let rust = WasmRust::find()?;
    let version = wasm_bindgen_version()?;
    let runner = provision::cargo_tool("wasm-bindgen-cli", &version, "wasm-bindgen-test-runner")?;
    let tests = |words: &[&str]| {
        let mut cargo = rust.cargo("test");
        cargo.arg("--release").args(words);
        cargo
    };
    const RUNNER: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER";
    let readers = ["--test=cases", "--test=dicom_stacks", "--test=large_dicom", "--test=stacks"];
    command::run(tests(&["--package=rachis-ct"]).args(readers).env(RUNNER, &runner))?;

    let folder = provision::node_packages("tests")?;
    let in_browser = format!("node {}", folder.join("run-wasm-tests.mjs").display());
    command::run(
        tests(&["--package=rachis-kernels", "--lib"])
            .env(RUNNER, in_browser)
            .env("WASM_BINDGEN_TEST_RUNNER", &runner)
            .env("CHROMIUM", provision::chromium()?),
    )
}

/// The locked version: the runner must be the library's twin.
fn wasm_bindgen_version() -> Result<String> {
    let lock = std::fs::read_to_string(workspace::root().join("Cargo.lock"))?;
    let (_, rest) =
        lock.split_once("name = \"wasm-bindgen\"\nversion = \"").context("Cargo.lock has no wasm-bindgen")?;
    let (version, _) = rest.split_once('"').context("Cargo.lock is damaged")?;
    Ok(version.to_owned())
}

/// The site under a path of its own, as a static host would serve it, in a real browser.
fn browser_tests(playwright: &[String]) -> Result<()> {
    let folder = provision::node_packages("tests")?;
    let chromium = provision::chromium()?;
    // The native tests' build has the command `rachis` in it.
    command::run(cargo("test").args(["--locked", "--no-run"]).args(GROUPS[0]))?;
    let url = serve::in_background(&serve::built_site()?, "/some/path/")?;
    let mut node = Command::new("npx");
    node.current_dir(folder).args(["playwright", "test"]).args(playwright);
    command::run(
        node.env("RACHIS_URL", url)
            .env("RACHIS_COMMAND", workspace::target().join("debug/rachis"))
            .env("CHROMIUM", chromium),
    )
}
