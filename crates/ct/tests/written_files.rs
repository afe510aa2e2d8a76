//! What is written can be read again, and says what it is not.
#![cfg(all(feature = "read", feature = "write"))]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a helper of tests may stop them")]

use std::io::{Cursor, Read};

use proptest::prelude::*;
use rachis_ct::{Mask, NOTICE, Turn, mask_jpeg, mask_png, read_mask, zip};

fn masks() -> impl Strategy<Value = Mask> {
    (1_u32..20, 1_u32..20).prop_flat_map(|(rows, columns)| {
        let count = (rows * columns) as usize;
        prop::collection::vec(0_u8..2, count)
            .prop_map(move |pixels| Mask::new(rows, columns, pixels).unwrap())
    })
}

proptest! {
    #[test]
    fn a_mask_survives_its_png(mask in masks()) {
        let file = mask_png(&mask, Turn::NONE).unwrap();
        prop_assert_eq!(read_mask(&file).unwrap(), mask);
    }

    #[test]
    fn a_mask_survives_its_jpeg(mask in masks()) {
        let file = mask_jpeg(&mask, Turn::NONE).unwrap();
        // A mask's pixels are over half of the largest value present: one of nothing else has no other.
        prop_assume!(mask.count() > 0);
        prop_assert_eq!(read_mask(&file).unwrap(), mask);
    }

    #[test]
    fn zipped_names_stay_inside_and_apart(names in prop::collection::vec("[./\\\\a-cA-C:* ]{0,8}", 1..12)) {
        let archive = zip(names.iter().map(|name| (name, name))).unwrap();
        let mut archive = ::zip::ZipArchive::new(Cursor::new(archive)).unwrap();
        prop_assert_eq!(archive.len(), names.len());
        for (index, name) in names.iter().enumerate() {
            let mut file = archive.by_index(index).unwrap();
            let written = file.name().unwrap().into_owned();
            prop_assert!(file.enclosed_name().is_some(), "{}", written);
            prop_assert!(written.split('/').all(|part| part != ".."), "{}", written);
            prop_assert!(!written.contains(['\\', ':', '*']), "{}", written);
            let mut content = String::new();
            file.read_to_string(&mut content).unwrap();
            prop_assert_eq!(&content, name);
        }
    }
}

#[test]
fn a_png_holds_0_and_255_and_the_notice() {
    let file = mask_png(&Mask::new(1, 3, vec![0, 1, 0]).unwrap(), Turn::NONE).unwrap();
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
    let info = reader.info();
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Grayscale, png::BitDepth::Eight));
    assert_eq!(info.uncompressed_latin1_text[0].text, NOTICE);
    let mut pixels = vec![9; 3];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(pixels, [0, 255, 0]);
}

#[test]
fn a_mask_without_pixels_cannot_be_written() {
    for mask in [Mask { rows: 0, columns: 0, pixels: vec![] }, Mask { rows: 2, columns: 2, pixels: vec![1] }]
    {
        assert!(mask_png(&mask, Turn::NONE).is_err());
        assert!(mask_jpeg(&mask, Turn::NONE).is_err());
    }
}

#[test]
fn names_in_a_zip_are_safe_and_unique() {
    let names = ["a/x.png", "a\\X.png", "../../etc/passwd", "C:\\x.png", "/x", "", "x.csv", "x.csv"];
    let archive = zip(names.map(|name| (name, b"1"))).unwrap();
    let mut archive = ::zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let name = |index| archive.by_index(index).unwrap().name().unwrap().into_owned();
    let written: Vec<String> = (0..names.len()).map(name).collect();
    assert_eq!(
        written,
        ["a/x.png", "a/X (2).png", "etc/passwd", "C_/x.png", "x", "file", "x.csv", "x (2).csv"]
    );
}
