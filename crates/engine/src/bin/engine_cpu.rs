//! The Web Worker that segments on the CPU.

fn main() {
    #[cfg(target_arch = "wasm32")]
    rachis_engine::worker::engine::start(async || Ok(rachis_engine::Engine::cpu()));
}
