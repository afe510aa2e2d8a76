//! What the tasks need beside Rust, Node and Python: found, or installed with a line that says so, or named.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{command, hashing, workspace};

const WASM: &str = "wasm32-unknown-unknown";
/// Debian's Rust for building web browsers, with the sources of its standard library.
const DEBIAN_RUST: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-clippy", "rust-web-src", "lld-22"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_LINKER: &str = "/usr/bin/wasm-ld-22";

/// A Rust that compiles for the browser.
#[derive(Clone, Copy)]
pub enum WasmRust {
    /// The user's own toolchain, with the target added by rustup.
    Rustup,
    /// Debian's packages, which build the standard library from its sources.
    Debian,
}

impl WasmRust {
    /// Finds or installs one.
    pub fn find() -> Result<Self> {
        if has_target() {
            return Ok(Self::Rustup);
        }
        if has_debian_rust() {
            return Ok(Self::Debian);
        }
        println!("Installing the Rust target {WASM} (rustup target add {WASM})");
        if command::succeeds(Command::new("rustup").args(["target", "add", WASM])) && has_target() {
            return Ok(Self::Rustup);
        }
        println!("rustup cannot add it here; trying Debian's packages instead");
        debian(&DEBIAN_RUST).with_context(|| {
            format!("Rust cannot compile for the browser. Run `rustup target add {WASM}` where a network allows it")
        })?;
        Ok(Self::Debian)
    }

    /// `cargo SUBCOMMAND`, compiling for the browser.
    pub fn cargo(self, subcommand: &str) -> Command {
        let mut cargo = match self {
            Self::Rustup => Command::new("cargo"),
            Self::Debian => Command::new(DEBIAN_CARGO),
        };
        cargo.current_dir(workspace::root()).args([subcommand, "--locked", "--target", WASM]);
        if let Self::Debian = self {
            // An outer cargo, started by rustup, names its own compiler and comes first in the path.
            cargo
                .env("RUSTC", DEBIAN_RUSTC)
                .env("PATH", format!("/usr/bin:{}", std::env::var("PATH").unwrap_or_default()))
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER)
                .env_remove("RUSTUP_TOOLCHAIN")
                .args([
                    "-Z",
                    if subcommand == "test" {
                        "build-std=std,panic_abort,test"
                    } else {
                        "build-std=std,panic_abort"
                    },
                ]);
        }
        cargo
    }
}

fn has_target() -> bool {
    let libraries =
        command::output(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]));
    libraries.is_some_and(|folder| Path::new(&folder).is_dir())
}

fn has_debian_rust() -> bool {
    let clippy = "/usr/bin/cargo-clippy";
    let sources = command::output(Command::new(DEBIAN_RUSTC).args(["--print", "sysroot"]))
        .is_some_and(|root| Path::new(&root).join("lib/rustlib/src/rust/library/std").is_dir());
    sources && [DEBIAN_CARGO, DEBIAN_LINKER, clippy].iter().all(|file| Path::new(file).exists())
}

/// A Chromium that Playwright can drive.
pub fn chromium() -> Result<PathBuf> {
    let candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let find = || candidates.iter().map(PathBuf::from).find(|file| file.exists());
    if let Some(found) = find() {
        return Ok(found);
    }
    debian(&["chromium"]).context("The browser tests need Chromium or Chrome")?;
    find().context("Debian's package chromium is installed but has no /usr/bin/chromium")
}

/// A Vulkan driver that runs on the CPU, for the native tests of the WebGPU engine. They skip themselves without
/// one, so where it cannot be installed that is only said.
pub fn software_vulkan() {
    if Path::new("/usr/share/vulkan/icd.d").is_dir() {
        return;
    }
    if let Err(error) = debian(&["mesa-vulkan-drivers"]) {
        println!("No Vulkan driver: the native WebGPU tests will skip themselves. {error:#}");
    }
}

/// The project's folder of this name with the Node packages of its `package.json`.
pub fn node_packages(name: &str) -> Result<PathBuf> {
    let folder = workspace::root().join(name);
    let installed = folder.join("node_modules/.package-lock.json");
    let lock = folder.join("package-lock.json");
    let modified = |file: &Path| file.metadata().and_then(|data| data.modified()).ok();
    if !installed.exists() || modified(&installed) < modified(&lock) {
        if !command::succeeds(Command::new("node").arg("--version")) {
            bail!("Node.js 20 or newer is missing: install it from nodejs.org or your system's packages");
        }
        println!("Installing the Node packages of {name}/package.json (npm ci)");
        let mut npm = Command::new("npm");
        // Packages that bring a browser of their own are told not to: the system's Chromium is used.
        command::run(npm.arg("ci").current_dir(&folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    }
    Ok(folder)
}

/// A Python that has the packages of `tests/exports/requirements.txt`, in an environment of the project's own.
pub fn python_packages() -> Result<PathBuf> {
    let list = workspace::root().join("tests/exports/requirements.txt");
    let content = std::fs::read(&list).with_context(|| format!("cannot read {}", list.display()))?;
    let folder = workspace::tools().join(format!("python-{}", hashing::digest(&content)));
    let (python, done) = (folder.join("bin/python"), folder.join("done"));
    if done.exists() {
        return Ok(python);
    }
    println!("Installing the Python packages of tests/exports/requirements.txt (pip, a minute)");
    command::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder)).context(
        "Python 3.11 or newer with its module venv is missing: install it, on Debian as python3-venv",
    )?;
    command::run(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(&list),
    )?;
    std::fs::write(done, "")?;
    Ok(python)
}

/// The program that holds DICOM files to the standard. The tests that need it skip themselves without it, so where it
/// cannot be installed that is only said.
pub fn dicom_validator() {
    if command::succeeds(Command::new("sh").args(["-c", "command -v dciodvfy"])) {
        return;
    }
    if let Err(error) = debian(&["dicom3tools"]) {
        println!(
            "No dciodvfy: the tests that hold DICOM files to the standard will skip themselves. {error:#}"
        );
    }
}

/// A program from crates.io, at exactly this version, in the project's own tools folder.
pub fn cargo_tool(package: &str, version: &str, program: &str) -> Result<PathBuf> {
    let folder = workspace::tools().join(format!("{package}-{version}"));
    let file = folder.join("bin").join(program);
    if !file.exists() {
        println!("Installing {package} {version} (cargo install, a few minutes)");
        let mut cargo = Command::new("cargo");
        cargo.args(["install", "--quiet", "--version", version, "--root"]).arg(&folder).arg(package);
        command::run(cargo.current_dir(std::env::temp_dir()).env_remove("CARGO_TARGET_DIR"))?;
    }
    Ok(file)
}

/// Installs Debian packages where this user may, else names them.
fn debian(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let by_hand = format!("install by hand: apt-get install {list}");
    if !command::succeeds(Command::new("apt-get").arg("--version")) {
        bail!("this is not Debian or Ubuntu; install the like of these packages by hand: {list}");
    }
    let root = command::output(Command::new("id").arg("-u")).as_deref() == Some("0");
    let apt = || {
        let mut apt = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            apt.args(["--non-interactive", "apt-get"]);
        }
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt
    };
    if !root && !command::succeeds(apt().arg("--version")) {
        bail!("not root and no sudo without a password; {by_hand}");
    }
    println!("Installing Debian packages: {list}");
    command::run(apt().args(["update", "-qq"])).with_context(|| by_hand.clone())?;
    command::run(apt().args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages))
        .context(by_hand)
}
