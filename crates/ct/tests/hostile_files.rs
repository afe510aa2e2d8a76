//! Files that were damaged at random are refused or read, quickly, without a panic.
#![cfg(feature = "read")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a helper of tests may stop them")]

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rachis_ct::{MaskStack, Opened, ReadError, Stack, open, open_mask, read_mask, read_slice};

/// Small files take a millisecond; a busy machine may take longer, a decoder that hangs takes for ever.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// The case files, but for the largest slices, which take too long to read thousands of times.
fn inputs() -> Vec<Vec<u8>> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let folders = ["cases", "stacks", "dicom_stacks", "dicom_segmentations"]
        .into_iter()
        .flat_map(|cases| fs::read_dir(tests.join(cases)).unwrap())
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = folders
        .filter(|folder| !folder.to_string_lossy().ends_with("-largest"))
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| !path.ends_with("expected.json"))
        .collect();
    files.sort();
    files.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Slices that are read of a file that claims to hold many.
const SOME_SLICES: usize = 3;

fn read_every_way(bytes: &[u8]) {
    let start = Instant::now();
    if let Ok(slice) = read_slice("x.dcm", bytes) {
        assert_eq!(slice.pixels.len(), slice.rows as usize * slice.columns as usize);
    }
    if let Ok(mask) = read_mask(bytes) {
        assert!(mask.count() <= mask.rows as usize * mask.columns as usize);
    }
    match open("x.dcm", Cursor::new(bytes.to_vec())) {
        Ok(Opened::Stack(stack)) => read_slices(stack),
        Ok(Opened::Archive(mut archive)) => {
            for index in 0..archive.members.len().min(SOME_SLICES) {
                if let Ok(Opened::Stack(stack)) = archive.open(index) {
                    read_slices(stack);
                }
                if let Ok(stack) = archive.open_mask(index) {
                    read_masks(stack);
                }
            }
        }
        Err(_) => {}
    }
    if let Ok(stack) = open_mask("x.dcm", Cursor::new(bytes.to_vec())) {
        read_masks(stack);
    }
    assert!(start.elapsed() < TIME_LIMIT);
}

fn read_slices(Stack { info, mut reader }: Stack) {
    let count = info.slices.len();
    for index in (0..count.min(SOME_SLICES)).chain(count.checked_sub(1)) {
        for meaning in &info.meanings {
            if let Ok(slice) = reader.slice(index, *meaning) {
                let info = &info.slices[index];
                assert_eq!((slice.rows, slice.columns), (info.rows, info.columns));
                assert_eq!(slice.pixels.len(), slice.rows as usize * slice.columns as usize);
            }
        }
    }
}

fn read_masks(mut stack: MaskStack) {
    if let Ok(labels) = stack.labels() {
        let mask = stack.mask(0, &labels.choice).unwrap();
        assert!(mask.count() <= mask.rows as usize * mask.columns as usize);
    }
}

#[test]
fn every_beginning_of_every_case_ends_in_a_slice_or_a_reason() {
    for bytes in inputs() {
        let step = (bytes.len() / 97).max(1);
        for end in (0..bytes.len()).step_by(step) {
            read_every_way(&bytes[..end]);
        }
    }
}

#[test]
fn a_file_over_the_limit_is_refused_unread() {
    let bytes = vec![0; (rachis_ct::MAX_FILE_BYTES + 1) as usize];
    assert!(matches!(read_slice("x.dcm", &bytes), Err(ReadError::FileTooLarge { megabytes: 129 })));
    assert!(matches!(read_mask(&bytes), Err(ReadError::FileTooLarge { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_cases_never_panic(
        which: prop::sample::Index,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        end: prop::sample::Index,
        cut: bool,
    ) {
        thread_local!(static INPUTS: Vec<Vec<u8>> = inputs());
        let mut bytes = INPUTS.with(|inputs| which.get(inputs).clone());
        if !bytes.is_empty() {
            for (index, value) in changes {
                let at = index.index(bytes.len());
                bytes[at] = value;
            }
            if cut {
                bytes.truncate(end.index(bytes.len()) + 1);
            }
        }
        read_every_way(&bytes);
    }

    #[test]
    fn noise_never_panics(mut bytes in prop::collection::vec(any::<u8>(), 0..600), magic in 0..14_usize) {
        let magics: [&[u8]; 14] =
            [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xc0", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"\x08\0\x08\0CS", b"\x02\0\x10\0UI", b"NRRD0005\n", b"ObjectType = Image\n", b"\x93NUMPY\x01\0", b"\x1f\x8b\x08\0", b"PK\x03\x04", b"PK\x05\x06", b"\\\x01\0\0"];
        let magic = magics[magic];
        let length = magic.len().min(bytes.len());
        bytes[..length].copy_from_slice(&magic[..length]);
        read_every_way(&bytes);
    }
}
