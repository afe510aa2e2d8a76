//! What the command's tests share.
#![allow(dead_code, reason = "each test program uses a part of it")]

pub mod nifti;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rachis_unet::npy;

/// The repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A path in the folder of test data beside the repository; `None`, with a notice, where there is none.
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = repository().join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("NOTICE: {} is absent, so this test checks nothing", path.display());
    None
}

/// Runs the command.
pub fn rachis(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rachis")).args(arguments).output().unwrap()
}

/// Runs the command, which must succeed, and gives what it prints.
pub fn succeed(arguments: &[&str]) -> String {
    let output = rachis(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "rachis {arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Reads an array.
pub fn array(path: &Path) -> (Vec<usize>, Vec<f32>) {
    npy::read(&std::fs::read(path).unwrap()).unwrap()
}

/// The largest difference between two arrays of the same shape.
pub fn largest_difference(a: &Path, b: &Path) -> f32 {
    let ((shape_a, a), (shape_b, b)) = (array(a), array(b));
    assert_eq!(shape_a, shape_b);
    assert!(a.iter().chain(&b).all(|value| value.is_finite()));
    a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}
