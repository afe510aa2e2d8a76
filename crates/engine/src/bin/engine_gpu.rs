//! The Web Worker that segments on WebGPU; with the feature `gpu-burn` it has Burn for layers that the shaders lack.

fn main() {
    #[cfg(target_arch = "wasm32")]
    rachis_engine::worker::engine::start(rachis_engine::Engine::gpu);
}
