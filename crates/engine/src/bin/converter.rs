//! The Web Worker that reads models and writes masks.

fn main() {
    #[cfg(target_arch = "wasm32")]
    rachis_engine::worker::converter::start();
}
