//! The Web Worker that segments on WebGPU with models of any layers.

fn main() {
    #[cfg(target_arch = "wasm32")]
    rachis_engine::worker::engine::start(rachis_engine::Engine::gpu);
}
