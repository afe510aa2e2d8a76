//! Damaged and hostile files end in an error, never in a panic.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a helper of tests may stop them")]

mod common;

use std::sync::LazyLock;

use common::{cases_with, import, model_bytes};
use proptest::prelude::*;
use rachis_unet::{Dtype, Model, keras, npy};

/// One file of each kind: legacy HDF5, archive, model file, array.
static KERAS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folders = cases_with("expected.npy");
    let named = |name: &str| folders.iter().find(|folder| folder.ends_with(name)).unwrap();
    ["sequential-legacy", "nested-legacy", "nested", "half-precision"]
        .map(|name| model_bytes(named(name)))
        .to_vec()
});
static SAFETENSORS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let model = import(KERAS.first().unwrap());
    [Dtype::I8, Dtype::F16].map(|dtype| model.to_safetensors(dtype).unwrap()).to_vec()
});

/// Overwrites some bytes and cuts off the end.
fn damaged(bytes: &[u8], changes: &[(prop::sample::Index, u8)], length: prop::sample::Index) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    for (position, byte) in changes {
        damaged[position.index(bytes.len())] = *byte;
    }
    // Half of the files keep their length.
    damaged.truncate(length.index(2 * bytes.len()).max(1));
    damaged
}

fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, u8)>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn keras_files(file in any::<prop::sample::Index>(), changes in changes(), length: prop::sample::Index) {
        let file: &Vec<u8> = file.get(KERAS.as_slice());
        let _ = keras::import(&damaged(file, &changes, length), "test");
    }

    #[test]
    fn model_files(file in any::<prop::sample::Index>(), changes in changes(), length: prop::sample::Index) {
        let file: &Vec<u8> = file.get(SAFETENSORS.as_slice());
        if let Ok(model) = Model::from_safetensors(&damaged(file, &changes, length)) {
            // What has been read can be written.
            model.to_safetensors(Dtype::F32).unwrap();
        }
    }

    #[test]
    fn arrays(changes in changes(), length: prop::sample::Index) {
        let _ = npy::read(&damaged(&npy::write(&[2, 3, 4], &[1.5; 24]), &changes, length));
    }

    #[test]
    fn anything(bytes in prop::collection::vec(any::<u8>(), 0..2000), kind in 0..4_usize) {
        let magic: &[u8] = [&b"\x89HDF\r\n\x1a\n"[..], b"PK\x03\x04", b"\x93NUMPY\x01\x00", b""][kind];
        let bytes = [magic, &bytes].concat();
        let _ = keras::import(&bytes, "test");
        let _ = Model::from_safetensors(&bytes);
        let _ = npy::read(&bytes);
    }
}
