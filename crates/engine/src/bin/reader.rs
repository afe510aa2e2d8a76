//! The Web Worker that parses files.

fn main() {
    #[cfg(target_arch = "wasm32")]
    rachis_engine::worker::reader::start();
}
