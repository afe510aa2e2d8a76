//! No file makes its reader take more memory than the largest slice needs.
#![cfg(feature = "read")]
#![allow(clippy::unwrap_used, reason = "a helper of tests may stop them")]

use std::fs;
use std::path::Path;

use peak_alloc::PeakAlloc;
use rachis_ct::{Meaning, open_dicom, open_segmentation, read_slice};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What decoding a slice of 2048 x 2048 pixels takes in the costliest format.
const LARGEST_SLICE: usize = 128 << 20;

#[test]
fn memory_is_bounded_by_the_file_and_the_largest_slice() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let cases = ["cases", "dicom_stacks", "dicom_segmentations"]
        .map(|cases| fs::read_dir(tests.join(cases)).unwrap());
    for case in cases.into_iter().flatten() {
        for file in fs::read_dir(case.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let bytes = fs::read(&path).unwrap();
            let before = MEMORY.current_usage();
            MEMORY.reset_peak_usage();
            let _ = read_slice("x.dcm", &bytes);
            if let Ok(mut stack) = open_dicom(bytes.clone()) {
                for index in 0..stack.info.slices.len() {
                    let _ = stack.reader.slice(index, Meaning::Hu);
                }
            }
            if let Ok(segmentation) = open_segmentation(bytes.clone()) {
                for index in 0..segmentation.info.slices.len() {
                    let _ = segmentation.numbers(index);
                }
            }
            let taken = MEMORY.peak_usage() - before;
            assert!(taken <= 2 * bytes.len() + LARGEST_SLICE, "{}: {taken} bytes", path.display());
        }
    }
}
