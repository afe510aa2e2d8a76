//! DICOM files of gigabytes are read frame by frame, in the memory of a few frames.
#![cfg(feature = "read")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a helper of tests may stop them")]

use std::io::{self, Read, Seek, SeekFrom};

use rachis_ct::{Meaning, Opened, ReadError, Stack, open};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(not(target_arch = "wasm32"))]
#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// What a file may take, in MB: its beginning, twice while it is looked for, and a few frames.
#[cfg(not(target_arch = "wasm32"))]
const MOST_MEMORY: f32 = 24.0;

const SIDE: u16 = 512;
const PIXELS: usize = SIDE as usize * SIDE as usize;
/// 2.2 GB of pixels: more than a 32-bit machine has addresses for, counted in bits.
const FRAMES: usize = 4200;

/// A file that is made up while it is read: `pieces` of one length between a head and a tail.
struct MadeUp {
    head: Vec<u8>,
    piece: fn(usize) -> Vec<u8>,
    piece_length: usize,
    tail: Vec<u8>,
    length: u64,
    position: u64,
    /// The piece at hand.
    at_hand: Option<(usize, Vec<u8>)>,
}

impl MadeUp {
    fn new(head: Vec<u8>, piece: fn(usize) -> Vec<u8>, tail: &[u8]) -> Self {
        let piece_length = piece(0).len();
        let length = (head.len() + tail.len()) as u64 + FRAMES as u64 * piece_length as u64;
        Self { head, piece, piece_length, tail: tail.to_vec(), length, position: 0, at_hand: None }
    }
}

impl Read for MadeUp {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(place) = self.position.checked_sub(self.head.len() as u64) else {
            let read = (&self.head[self.position as usize..]).read(buffer)?;
            self.position += read as u64;
            return Ok(read);
        };
        let (index, offset) =
            ((place / self.piece_length as u64) as usize, (place % self.piece_length as u64) as usize);
        let read = if index >= FRAMES {
            let start = (place - FRAMES as u64 * self.piece_length as u64) as usize;
            (self.tail.get(start..).unwrap_or_default()).read(buffer)?
        } else {
            if self.at_hand.as_ref().is_none_or(|(at_hand, _)| *at_hand != index) {
                self.at_hand = Some((index, (self.piece)(index)));
            }
            let (_, piece) = self.at_hand.as_ref().unwrap();
            (&piece[offset..]).read(buffer)?
        };
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for MadeUp {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
        };
        self.position = place.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

/// An element in explicit VR little endian.
fn element(group: u16, number: u16, vr: &str, value: &[u8]) -> Vec<u8> {
    let mut value = value.to_vec();
    if value.len() % 2 == 1 {
        value.push(if vr == "UI" { 0 } else { b' ' });
    }
    let length = (value.len() as u16).to_le_bytes();
    [&group.to_le_bytes(), &number.to_le_bytes(), vr.as_bytes(), &length, &value].concat()
}

/// A file of [`FRAMES`] frames up to its pixels; frame `index` lies at z = `index`.
fn head(syntax: &str, pixels_length: u32) -> Vec<u8> {
    let ct = b"1.2.840.10008.5.1.4.1.1.2.1";
    let word = |value: u16| value.to_le_bytes();
    let mut head = [
        vec![0; 128],
        b"DICM".to_vec(),
        element(0x0002, 0x0010, "UI", syntax.as_bytes()),
        element(0x0008, 0x0016, "UI", ct),
        element(0x0008, 0x0018, "UI", b"1.2.3"),
        element(0x0008, 0x0060, "CS", b"CT"),
        element(0x0028, 0x0002, "US", &word(1)),
        element(0x0028, 0x0004, "CS", b"MONOCHROME2"),
        element(0x0028, 0x0008, "IS", FRAMES.to_string().as_bytes()),
        element(0x0028, 0x0010, "US", &word(SIDE)),
        element(0x0028, 0x0011, "US", &word(SIDE)),
        element(0x0028, 0x0100, "US", &word(16)),
        element(0x0028, 0x0101, "US", &word(16)),
        element(0x0028, 0x0102, "US", &word(15)),
        element(0x0028, 0x0103, "US", &word(1)),
    ]
    .concat();
    head.extend_from_slice(&[0xe0, 0x7f, 0x10, 0x00]);
    head.extend_from_slice(b"OW\0\0");
    head.extend_from_slice(&pixels_length.to_le_bytes());
    head
}

/// All pixels of a frame are its number.
fn native_frame(index: usize) -> Vec<u8> {
    (index as u16).to_le_bytes().repeat(PIXELS)
}

/// The same, RLE-compressed, as an item of 256 KB.
fn rle_item(index: usize) -> Vec<u8> {
    let segment = |byte: u8| [0x81, byte].repeat(PIXELS / 128);
    let [low, high] = (index as u16).to_le_bytes();
    let segments = [segment(high), segment(low)];
    let mut frame = vec![0; 64];
    frame[0] = 2;
    frame[4] = 64;
    frame[8..12].copy_from_slice(&(64 + segments[0].len() as u32).to_le_bytes());
    frame.extend(segments.concat());
    frame.resize(256 << 10, 0);
    [&[0xfe, 0xff, 0x00, 0xe0], (frame.len() as u32).to_le_bytes().as_slice(), &frame].concat()
}

fn stack(file: MadeUp) -> Result<Stack, ReadError> {
    match open("x.dcm", file)? {
        Opened::Stack(stack) => Ok(stack),
        Opened::Archive(_) => unreachable!(),
    }
}

fn assert_frames_are_read(file: MadeUp) {
    #[cfg(not(target_arch = "wasm32"))]
    let before = {
        MEMORY.reset_peak_usage();
        MEMORY.current_usage_as_mb()
    };
    let mut stack = stack(file).unwrap();
    assert_eq!(stack.info.slices.len(), FRAMES);
    for index in [0, FRAMES - 1, 17, 2100] {
        let slice = stack.reader.slice(index, Meaning::Hu).unwrap();
        assert!(slice.pixels.iter().all(|&value| value == index as i16), "frame {index}");
    }
    #[cfg(not(target_arch = "wasm32"))]
    assert!(MEMORY.peak_usage_as_mb() - before < MOST_MEMORY, "{} MB", MEMORY.peak_usage_as_mb() - before);
}

/// In one test, one after the other, since what they watch is the memory of the whole process.
#[test]
fn large_files_need_little_memory() {
    frames_of_gigabytes_are_read_one_by_one();
    a_large_file_that_is_cut_off_is_truncated();
}

fn frames_of_gigabytes_are_read_one_by_one() {
    let length = (FRAMES * PIXELS * 2) as u32;
    assert_frames_are_read(MadeUp::new(head("1.2.840.10008.1.2.1", length), native_frame, &[]));
    let mut compressed = head("1.2.840.10008.1.2.5", u32::MAX);
    // An empty offset table.
    compressed.extend_from_slice(&[0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    assert_frames_are_read(MadeUp::new(compressed, rle_item, &[0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]));
}

fn a_large_file_that_is_cut_off_is_truncated() {
    let length = (FRAMES * PIXELS * 2) as u32;
    let mut file = MadeUp::new(head("1.2.840.10008.1.2.1", length), native_frame, &[]);
    file.length -= 1;
    assert_eq!(stack(file).err(), Some(ReadError::Truncated));
}
