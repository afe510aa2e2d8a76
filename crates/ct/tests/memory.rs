//! No file makes its reader take more memory than the largest slice needs.
#![cfg(feature = "read")]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of tests may stop them"
)]

use std::fs;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use peak_alloc::PeakAlloc;
use rachis_ct::{Opened, Stack, open, open_mask, read_slice};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One test at a time: all take from the same memory.
static TURN: Mutex<()> = Mutex::new(());

/// What decoding a slice of 2048 x 2048 pixels takes in the costliest format.
const LARGEST_SLICE: usize = 128 << 20;

/// The files of all cases.
fn inputs() -> impl Iterator<Item = PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let cases = ["cases", "stacks", "dicom_stacks", "dicom_segmentations"].map(|cases| tests.join(cases));
    let folders = cases.into_iter().flat_map(|cases| fs::read_dir(cases).unwrap());
    folders.flat_map(|case| fs::read_dir(case.unwrap().path()).unwrap()).map(|file| file.unwrap().path())
}

fn assert_bounded(path: &Path, read: impl FnOnce(&[u8])) {
    let bytes = fs::read(path).unwrap();
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    read(&bytes);
    let taken = MEMORY.peak_usage() - before;
    assert!(taken <= 2 * bytes.len() + LARGEST_SLICE, "{}: {taken} bytes", path.display());
}

#[test]
fn memory_is_bounded_by_the_file_and_the_largest_slice() {
    let _turn = TURN.lock().unwrap();
    for path in inputs() {
        assert_bounded(&path, |bytes| {
            let _ = read_slice("x.dcm", bytes);
        });
        assert_bounded(&path, |bytes| match open("x.dcm", Cursor::new(bytes.to_vec())) {
            Ok(Opened::Stack(stack)) => read_ends(stack),
            Ok(Opened::Archive(mut archive)) => {
                for index in 0..archive.members.len() {
                    if let Ok(Opened::Stack(stack)) = archive.open(index) {
                        read_ends(stack);
                    }
                }
            }
            Err(_) => {}
        });
        assert_bounded(&path, |bytes| {
            if let Ok(mut stack) = open_mask("x.dcm", Cursor::new(bytes.to_vec())) {
                let _ = stack.labels();
            }
        });
    }
}

/// The first slice, the last and the one before it.
fn read_ends(Stack { info, mut reader }: Stack) {
    let last = info.slices.len() - 1;
    for index in [0, last, last.saturating_sub(1)] {
        let _ = reader.slice(index, info.meanings[0]);
    }
}

/// A volume that is never written: its header, then zeros that are made while they are read.
struct Endless {
    header: Vec<u8>,
    length: u64,
    position: u64,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.length - self.position;
        let count = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        for (place, byte) in (self.position..).zip(&mut buffer[..count]) {
            *byte = self.header.get(place as usize).copied().unwrap_or(0);
        }
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = match to {
            SeekFrom::Start(place) => place,
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset).unwrap(),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset).unwrap(),
        };
        Ok(self.position)
    }
}

#[test]
fn a_volume_of_gigabytes_takes_the_room_of_a_slice() {
    const SLICES: u64 = 8192;
    let _turn = TURN.lock().unwrap();
    let shape = format!("{{'descr': '<i2', 'fortran_order': False, 'shape': ({SLICES}, 512, 512), }}");
    let header = [b"\x93NUMPY\x01\0", &(shape.len() as u16).to_le_bytes()[..], shape.as_bytes()].concat();
    let length = header.len() as u64 + SLICES * 512 * 512 * 2;
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let Ok(Opened::Stack(stack)) = open("large.npy", Endless { header, length, position: 0 }) else {
        panic!("no stack");
    };
    read_ends(stack);
    let taken = MEMORY.peak_usage() - before;
    // 8192 descriptions of a slice, and a slice of 512 x 512 pixels some times over.
    assert!(taken < 8 << 20, "{taken} bytes");
}
