//! Any bytes are opened as masks, and their labels and first slice read.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use rachis_ct::open_mask;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(mut stack) = open_mask("fuzz", Cursor::new(bytes.to_vec()))
        && let Ok(labels) = stack.labels()
    {
        let _ = stack.mask(0, &labels.choice);
    }
});
