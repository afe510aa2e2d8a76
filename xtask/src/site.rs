//! The static site: seven wasm modules and the files beside them, with content-hashed names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use walkdir::WalkDir;
use wasm_bindgen_cli_support::Bindgen;

use crate::hashing::{self, Files};
use crate::{command, compression, model_card, provision, workspace};

/// Whether to spend minutes on a small and fast site.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Optimise {
    /// For visitors: fat link-time optimisation, then wasm-opt, and compressed copies of every file.
    Yes,
    /// For development and tests.
    No,
}

impl Optimise {
    /// The Cargo profile, which is also the folder of its output.
    fn profile(self) -> &'static str {
        match self {
            Self::Yes => "dist",
            Self::No => "wasm",
        }
    }
}

/// One wasm module and how cargo makes it.
struct Module {
    /// Its file name in the site, without extension.
    name: &'static str,
    /// Cargo's words for it.
    cargo: &'static [&'static str],
    /// The file cargo writes.
    artifact: &'static str,
    /// wasm-opt's level: for size, or for speed.
    level: &'static [&'static str],
    /// Whether it is for browsers with relaxed SIMD only.
    relaxed: bool,
}

impl Module {
    /// `cargo build`, with a folder of its own for what has other flags: all dependencies are built with them.
    fn build(&self, rust: provision::WasmRust, optimise: Optimise) -> Command {
        let mut cargo = rust.cargo("build");
        cargo.args(["--profile", optimise.profile()]).args(self.cargo);
        if self.relaxed {
            cargo.args(["--config", RELAXED_SIMD]).arg("--target-dir").arg(self.target());
        }
        cargo
    }

    /// Cargo's output.
    fn target(&self) -> PathBuf {
        let target = workspace::target();
        if self.relaxed { target.join("relaxed") } else { target }
    }
}

/// Comes on top of the flags in `.cargo/config.toml`.
const RELAXED_SIMD: &str = r#"target.wasm32-unknown-unknown.rustflags=["-Ctarget-feature=+relaxed-simd"]"#;

const MODULES: [Module; 7] = [
    Module {
        name: "page",
        cargo: &["--package=rachis-page"],
        artifact: "rachis_page.wasm",
        level: &["-Oz"],
        relaxed: false,
    },
    Module {
        name: "reader",
        cargo: &["--package=rachis-engine", "--bin=reader", "--features=reader"],
        artifact: "reader.wasm",
        level: &["-Oz"],
        relaxed: false,
    },
    Module {
        name: "converter",
        cargo: &["--package=rachis-engine", "--bin=converter", "--features=converter"],
        artifact: "converter.wasm",
        level: &["-Oz"],
        relaxed: false,
    },
    Module {
        name: ENGINE_CPU,
        cargo: &["--package=rachis-engine", "--bin=engine-cpu", "--features=cpu,flex-simd"],
        artifact: "engine-cpu.wasm",
        level: &FAST,
        relaxed: false,
    },
    Module {
        name: ENGINE_CPU_RELAXED,
        cargo: &["--package=rachis-engine", "--bin=engine-cpu", "--features=cpu"],
        artifact: "engine-cpu.wasm",
        level: &FAST,
        relaxed: true,
    },
    Module {
        name: ENGINE_GPU,
        cargo: &["--package=rachis-engine", "--bin=engine-gpu", "--features=gpu"],
        artifact: "engine-gpu.wasm",
        level: &["-Oz"],
        relaxed: false,
    },
    Module {
        name: ENGINE_GPU_BURN,
        cargo: &["--package=rachis-engine", "--bin=engine-gpu", "--features=gpu-burn"],
        artifact: "engine-gpu.wasm",
        level: &["-Oz"],
        relaxed: false,
    },
];

/// The browser's compiler runs out of registers where kernels are inlined into their only caller.
const FAST: [&str; 2] = ["-O3", "--one-caller-inline-max-function-size=100"];

const ENGINE_CPU: &str = "engine-cpu";
const ENGINE_CPU_RELAXED: &str = "engine-cpu-relaxed";
const ENGINE_GPU: &str = "engine-gpu";
const ENGINE_GPU_BURN: &str = "engine-gpu-burn";

/// Builds the whole site into `folder`.
pub fn build(folder: &Path, optimise: Optimise) -> Result<()> {
    let rust = provision::WasmRust::find()?;
    let mut files = Files::new();
    for module in &MODULES {
        println!("Building {}", module.name);
        command::run(&mut module.build(rust, optimise))?;
        let staged = bind(module, optimise)?;
        for extension in [".js", "_bg.wasm"] {
            let name = format!("{}{extension}", module.name);
            let content =
                fs::read(staged.join(&name)).with_context(|| format!("wasm-bindgen wrote no {name}"))?;
            files.insert(name, content);
        }
    }
    for (name, content) in &mut files {
        if name.ends_with(".js") {
            content.extend_from_slice(START.as_bytes());
        }
    }
    let root = workspace::root();
    files.insert("index.html".to_owned(), fs::read(root.join("index.html"))?);
    add_folder(&mut files, &root.join("public"), "")?;
    add_folder(&mut files, &root.join("style"), "style/")?;
    add_folder(&mut files, &root.join("weights"), "weights/")?;
    let card = fs::read_to_string(root.join("weights/README.md"))?;
    files.insert("model-card.html".to_owned(), model_card::page(&card, "weights/").into_bytes());
    let mut files = hashing::hash_names(files);
    fill_service_worker(&mut files)?;
    if optimise == Optimise::Yes {
        println!("Compressing the site (brotli and gzip, a minute)");
        compression::add_copies(&mut files)?;
    }
    hashing::write(folder, &files)
}

/// Each module starts itself. A start or a task that fails would be a rejected promise, of which whoever made a worker
/// hears nothing: thrown as an error, it reaches `onerror`.
const START: &str = r#"
addEventListener("unhandledrejection", (event) => setTimeout(() => { throw event.reason; }));
__wbg_init();
"#;

/// Runs wasm-bindgen, and wasm-opt where asked, unless that was done for this very module before.
fn bind(module: &Module, optimise: Optimise) -> Result<PathBuf> {
    let artifact =
        module.target().join("wasm32-unknown-unknown").join(optimise.profile()).join(module.artifact);
    let input = fs::read(&artifact).with_context(|| format!("cargo wrote no {}", artifact.display()))?;
    let folder = workspace::target().join("bindgen").join(optimise.profile()).join(module.name);
    let stamp = folder.join("stamp");
    let level = module.level.join(" ");
    let key = format!("{} {level}", hashing::digest(&input));
    if fs::read_to_string(&stamp).is_ok_and(|done| done == key) {
        return Ok(folder);
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&artifact)
        .out_name(module.name)
        .web(true)?
        .omit_default_module_path(false)
        .typescript(false)
        .generate(&folder)?;
    if optimise == Optimise::Yes {
        println!("Optimising {} (wasm-opt {level}, minutes for Burn)", module.name);
        let wasm_opt = provision::node_packages("tests")?.join("node_modules/.bin/wasm-opt");
        let wasm = folder.join(format!("{}_bg.wasm", module.name));
        let mut optimiser = Command::new(wasm_opt);
        command::run(
            optimiser
                .args(module.level)
                .args(["--strip-debug", "--strip-producers", "-o"])
                .arg(&wasm)
                .arg(&wasm),
        )?;
    }
    fs::write(stamp, key)?;
    Ok(folder)
}

/// Adds what visitors need of `folder`; documentation and its pictures stay behind.
fn add_folder(files: &mut Files, folder: &Path, prefix: &str) -> Result<()> {
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        let path = entry.path();
        let is_text_for_developers = path.extension().is_some_and(|extension| extension == "md");
        if entry.file_type().is_file() && !is_text_for_developers {
            let name = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
            files.insert(format!("{prefix}{name}"), fs::read(path)?);
        }
    }
    Ok(())
}

/// Tells the service worker which files make the site. Of the engines it keeps the one that the page names.
fn fill_service_worker(files: &mut Files) -> Result<()> {
    let mut common = Vec::new();
    let mut engines = BTreeMap::<&str, Vec<&String>>::new();
    for name in files.keys().filter(|name| *name != SERVICE_WORKER) {
        match engine_of(name) {
            Some(engine) => engines.entry(engine).or_default().push(name),
            None => common.push(name),
        }
    }
    let lists = format!(
        "const FILES = {};\nconst ENGINES = {};\n",
        serde_json::to_string(&common)?,
        serde_json::to_string(&engines)?
    );
    let version = hashing::digest(lists.as_bytes());
    let index = files.get("index.html").map(|page| hashing::digest(page)).unwrap_or_default();
    let header = format!("const VERSION = \"{version}-{index}\";\n{lists}");
    if let Some(script) = files.get_mut(SERVICE_WORKER) {
        script.splice(0..0, header.into_bytes());
    }
    Ok(())
}

/// The engine that a file with a hashed name belongs to.
fn engine_of(file: &str) -> Option<&'static str> {
    let (stem, _) = file.rsplit_once('-')?;
    let module = stem.strip_suffix("_bg").unwrap_or(stem);
    [ENGINE_CPU, ENGINE_CPU_RELAXED, ENGINE_GPU, ENGINE_GPU_BURN].into_iter().find(|engine| *engine == module)
}

const SERVICE_WORKER: &str = "service-worker.js";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_an_engine_are_known_by_their_names() {
        let engine = |stem: &str, extension: &str| engine_of(&format!("{stem}-0123456789abcdef.{extension}"));
        assert_eq!(engine("engine-cpu", "js"), Some(ENGINE_CPU));
        assert_eq!(engine("engine-cpu_bg", "wasm"), Some(ENGINE_CPU));
        assert_eq!(engine("engine-cpu-relaxed_bg", "wasm"), Some(ENGINE_CPU_RELAXED));
        assert_eq!(engine("engine-gpu", "js"), Some(ENGINE_GPU));
        assert_eq!(engine("engine-gpu-burn_bg", "wasm"), Some(ENGINE_GPU_BURN));
        assert_eq!(engine("reader", "js"), None);
        assert_eq!(engine_of("index.html"), None);
    }
}
