//! Any bytes are opened as images, and their first and last slices read.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use rachis_ct::{Opened, Stack, open};

fuzz_target!(|bytes: &[u8]| {
    match open("fuzz", Cursor::new(bytes.to_vec())) {
        Ok(Opened::Stack(stack)) => read(stack),
        Ok(Opened::Archive(mut archive)) => {
            if let Ok(Opened::Stack(stack)) = archive.open(0) {
                read(stack);
            }
        }
        Err(_) => {}
    }
});

fn read(Stack { info, mut reader }: Stack) {
    for meaning in info.meanings {
        let _ = reader.slice(0, meaning);
        let _ = reader.slice(info.slices.len().saturating_sub(1), meaning);
    }
}
