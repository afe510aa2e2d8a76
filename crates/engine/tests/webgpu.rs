//! The shipped model on the graphics device and on the CPU.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]
#![cfg(all(feature = "cpu", feature = "gpu"))]

use std::path::Path;

use futures_lite::future::block_on;
use rachis_ct::{Slice, read_slice};
use rachis_engine::{Engine, EngineError, Segmenter};
use rachis_unet::Model;

/// 150 rows and 170 columns around the spine of a chest slice.
fn crop(slice: &Slice) -> Slice {
    let (top, left, rows, columns) = (260, 170, 150, 170);
    let width = slice.columns as usize;
    let lines = slice.pixels.chunks_exact(width).skip(top).take(rows);
    let pixels = lines.flat_map(|line| line[left..left + columns].to_vec()).collect();
    Slice { rows: rows as u32, columns: columns as u32, pixels, ..slice.clone() }
}

#[test]
fn webgpu_and_the_cpu_give_the_same_mask() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let Ok(file) = std::fs::read(repository.join("../shared/data/lidc-idri-0001/1-060.dcm")) else {
        eprintln!("NOTICE: there is no test data beside the repository, so this test checks nothing");
        return;
    };
    let gpu = match block_on(Engine::gpu()) {
        Ok(gpu) => gpu,
        Err(EngineError::NoAdapter) => {
            eprintln!("NOTICE: there is no graphics device, so this test checks nothing");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let slice = crop(&read_slice("1-060.dcm", &file).unwrap());
    let model = std::fs::read(repository.join("weights/spine-unet-16.safetensors")).unwrap();
    let model = Model::from_safetensors(&model).unwrap();

    let [cpu, gpu] = [Engine::cpu(), gpu].map(|engine| {
        let segmenter = block_on(Segmenter::load(&model, &engine)).unwrap();
        block_on(segmenter.segment(&slice, false)).unwrap().mask(segmenter.threshold())
    });

    assert_eq!((cpu.rows, cpu.columns), (150, 170));
    let (cpu, gpu) = (cpu.pixels(), gpu.pixels());
    assert!(cpu.contains(&1) && cpu.contains(&0));
    let differing = cpu.iter().zip(&gpu).filter(|(a, b)| a != b).count();
    assert!(differing * 10_000 <= cpu.len(), "{differing} pixels differ");
}
