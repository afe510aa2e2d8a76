//! The vectors that kernels compute with, and how they come in and go out of memory.

use std::sync::LazyLock;

use fearless_simd::{Level, Simd, prelude::*};

/// As many values as one register holds: four, or eight where AVX2 is usual.
#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
pub(crate) type Vector<S> = fearless_simd::f32x4<S>;
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
pub(crate) type Vector<S> = fearless_simd::f32x8<S>;

/// Values in a [`Vector`]; divides the groups in which channels come.
pub(crate) const LANES: usize = if cfg!(any(target_arch = "x86", target_arch = "x86_64")) { 8 } else { 4 };

/// What this machine has.
pub(crate) static LEVEL: LazyLock<Level> = LazyLock::new(Level::new);

#[inline(always)]
pub(crate) fn load<S: Simd>(simd: S, values: &[f32], at: usize) -> Vector<S> {
    Vector::<S>::from_slice(simd, &values[at..at + LANES])
}

#[inline(always)]
pub(crate) fn store<S: Simd>(vector: Vector<S>, values: &mut [f32], at: usize) {
    vector.store_slice(&mut values[at..at + LANES]);
}

/// `a * b + c`
#[inline(always)]
pub(crate) fn multiply_add<S: Simd>(a: Vector<S>, b: Vector<S>, c: Vector<S>) -> Vector<S> {
    a.mul_add(b, c)
}
