//! The Web Worker that segments on WebGPU with models whose layers the shaders have.

fn main() {
    #[cfg(target_arch = "wasm32")]
    rachis_engine::worker::engine::start(rachis_engine::Engine::gpu);
}
