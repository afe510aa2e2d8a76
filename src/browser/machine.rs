//! What the browser tells of the machine.

use gloo::utils::window;
use js_sys::Reflect;

use crate::capacity::Machine;

/// The machine that the page runs on. Firefox and Safari do not tell its memory.
pub fn machine() -> Machine {
    let navigator = window().navigator();
    Machine {
        cores: navigator.hardware_concurrency() as usize,
        memory_gib: Reflect::get(&navigator, &"deviceMemory".into()).ok().and_then(|memory| memory.as_f64()),
    }
}
