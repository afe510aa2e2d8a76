//! Which vector instructions the browser's WebAssembly has.

use js_sys::{Uint8Array, WebAssembly};

/// A module with one function, which returns `f32x4.relaxed_madd` of its three parameters.
const RELAXED_MADD: [u8; 37] = [
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version
    0x01, 0x08, 0x01, 0x60, 0x03, 0x7b, 0x7b, 0x7b, 0x01, 0x7b, // type: [v128 v128 v128] -> [v128]
    0x03, 0x02, 0x01, 0x00, // function: of type 0
    0x0a, 0x0d, 0x01, 0x0b, 0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0xfd, 0x85, 0x02, 0x0b, // code
];

/// Whether it has relaxed SIMD: products and sums rounded once, where the processor can.
pub fn is_relaxed() -> bool {
    WebAssembly::validate(&Uint8Array::from(RELAXED_MADD.as_slice())).unwrap_or(false)
}
