//! What is written can be read again, and says what it is not.
#![cfg(all(feature = "read", feature = "write"))]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a helper of tests may stop them")]

use std::io::{Cursor, Read};

use proptest::prelude::*;
use rachis_ct::{
    DicomExport, DicomIdentity, Grid, Mask, NOTICE, Placement, SliceInfo, SliceMask, Spacing, Timestamp,
    Turn, WriteError, dicom_seg, mask_jpeg, mask_nifti, mask_npy, mask_nrrd, mask_png, read_mask,
    rt_structure_set, zip,
};

const EXPORT: DicomExport<'_> = DicomExport {
    algorithm: "U-Net",
    algorithm_version: "1",
    written: Timestamp { year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5 },
    names_patient: false,
};

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
    let mask = Mask::new(0, 0, vec![]).unwrap();
    assert!(mask_png(&mask, Turn::NONE).is_err());
    assert!(mask_jpeg(&mask, Turn::NONE).is_err());
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

/// Two slices of 2 x 3 pixels, one millimetre apart.
fn series() -> [SliceInfo; 2] {
    [0.0, 1.0].map(|z| SliceInfo {
        rows: 2,
        columns: 3,
        spacing: Some(Spacing { row_mm: 1.0, column_mm: 1.0 }),
        thickness_mm: Some(1.0),
        placement: Some(Placement {
            origin_mm: [0.0, 0.0, z],
            right: [1.0, 0.0, 0.0],
            down: [0.0, 1.0, 0.0],
        }),
        turn: Turn::NONE,
        dicom: Some(Box::new(DicomIdentity {
            study_uid: "1.2".to_owned(),
            series_uid: "1.2.3".to_owned(),
            sop_class_uid: "1.2.840.10008.5.1.4.1.1.2".to_owned(),
            sop_instance_uid: format!("1.2.3.{z}"),
            ..DicomIdentity::default()
        })),
    })
}

type Written = Result<Vec<u8>, WriteError>;

/// NPY, NIfTI, NRRD, SEG and RTSTRUCT of slices that all have the same mask.
fn write_all(slices: &[SliceInfo], mask: &Mask) -> [Written; 5] {
    let masks: Vec<SliceMask<'_>> = slices.iter().map(|slice| SliceMask { slice, mask }).collect();
    let mut random = || 1;
    [
        mask_npy(None, &masks),
        Grid::of_slices(slices).and_then(|grid| mask_nifti(&grid, &masks)),
        Grid::of_slices(slices).and_then(|grid| mask_nrrd(&grid, &masks)),
        dicom_seg(&masks, &EXPORT, &mut random),
        rt_structure_set(&masks, &EXPORT, &mut random),
    ]
}

fn full() -> Mask {
    Mask::new(2, 3, vec![1; 6]).unwrap()
}

/// The name of the variant, or `written`.
fn outcomes(files: [Written; 5]) -> [String; 5] {
    files.map(|file| match file {
        Ok(_) => "written".to_owned(),
        Err(error) => format!("{error:?}").chars().take_while(|c| c.is_alphanumeric()).collect(),
    })
}

#[test]
fn a_series_is_written_in_every_format() {
    assert_eq!(outcomes(write_all(&series(), &full())), ["written"; 5]);
}

#[test]
fn a_series_that_a_format_cannot_hold_is_refused_by_it() {
    let changed = |change: fn(&mut SliceInfo)| {
        let mut slices = series();
        slices.iter_mut().for_each(change);
        slices
    };
    let elsewhere = changed(|slice| slice.placement = None);
    assert_eq!(
        outcomes(write_all(&elsewhere, &full())),
        ["written", "NoPlacement", "NoPlacement", "NoPlacement", "NoPlacement"]
    );
    let pictures = changed(|slice| slice.dicom = None);
    assert_eq!(
        outcomes(write_all(&pictures, &full())),
        ["written", "written", "written", "NotDicom", "NotDicom"]
    );
    let no_uids = changed(|slice| slice.dicom = Some(Box::default()));
    assert_eq!(
        outcomes(write_all(&no_uids, &full())),
        ["written", "written", "written", "NotDicom", "NotDicom"]
    );
    let [first, mut second] = series();
    second.dicom.as_mut().unwrap().series_uid = "1.2.4".to_owned();
    assert_eq!(
        outcomes(write_all(&[first, second], &full())),
        ["written", "written", "written", "SeveralSeries", "SeveralSeries"]
    );
    let [first, mut second] = series();
    second.placement = first.placement;
    assert_eq!(
        outcomes(write_all(&[first, second], &full())),
        ["written", "Uneven", "Uneven", "written", "written"]
    );
}

#[test]
fn masks_that_are_no_masks_of_the_series_are_refused() {
    assert_eq!(outcomes(write_all(&[], &full())), ["NoMask"; 5]);
    let other = Mask::new(3, 2, vec![1; 6]).unwrap();
    assert_eq!(outcomes(write_all(&series(), &other)), ["OtherSize"; 5]);
}

#[test]
fn without_spine_there_is_no_dicom_object() {
    let empty = Mask::new(2, 3, vec![0; 6]).unwrap();
    assert_eq!(
        outcomes(write_all(&series(), &empty)),
        ["written", "written", "written", "NoSpine", "NoSpine"]
    );
}

#[test]
fn a_volume_takes_all_its_masks_or_none() {
    let slices = series();
    let grid = Grid::of_slices(&slices).unwrap();
    let mask = full();
    let refused = mask_nifti(&grid, &[SliceMask { slice: &slices[0], mask: &mask }]);
    assert!(matches!(refused, Err(WriteError::NotWholeVolume { slices: 2, masks: 1 })));
}
