//! `rachis evaluate` and `rachis segment` on volumes, segmentations and archives.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::nifti::{Nifti, TO_LEFT, TO_RIGHT};
use common::{rachis, repository, succeed, text};
use rachis_ct::{
    DicomExport, DicomIdentity, Mask, Placement, SliceInfo, SliceMask, Spacing, Timestamp, Turn, dicom_seg,
    zip,
};

/// An array of bytes as NumPy keeps it.
fn npy(shape: &str, values: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({shape}), }}");
    let header = format!("{header:<117}\n");
    [b"\x93NUMPY\x01\x00\x76\x00", header.as_bytes(), values].concat()
}

/// Compares two files or folders; the table of cases, its header left out, and what was said on the way.
fn evaluated(predictions: &Path, references: &Path, more: &[&str]) -> (Vec<String>, String, bool) {
    let out = tempfile::tempdir().unwrap();
    let csv = out.path().join("cases.csv");
    let mut arguments = vec!["evaluate", "--predictions", text(predictions)];
    arguments.extend(["--references", text(references), "--csv", text(&csv)]);
    arguments.extend(more);
    let output = rachis(&arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    let table = fs::read_to_string(csv).unwrap_or_default();
    (table.lines().skip(1).map(str::to_owned).collect(), said, output.status.success())
}

/// The case's name, and true and false positives and negatives.
fn counts(row: &str) -> (&str, Vec<u64>) {
    let cells: Vec<&str> = row.split(',').collect();
    (cells[0], cells[15..19].iter().map(|count| count.parse().unwrap()).collect())
}

fn folder_with(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

#[test]
fn volumes_are_compared_where_they_lie_in_the_patient_and_in_mm() {
    // Two slices of 1 x 3 voxels. The reference counts its columns from the other side and has labels.
    let prediction = Nifti::new([3, 1, 2], TO_LEFT, vec![1, 1, 0, 0, 0, 1]);
    let reference = Nifti::new([3, 1, 2], TO_RIGHT, vec![0, 6, 5, 4, 0, 0]);
    let folder = folder_with(&[("ct.nii.gz", prediction.bytes()), ("labels.nii", reference.bytes())]);
    let of = |name: &str| folder.path().join(name);
    let (rows, _, is_fine) = evaluated(&of("ct.nii.gz"), &of("labels.nii"), &["--labels", "5-6"]);
    assert!(is_fine);
    assert_eq!(counts(&rows[0]), ("ct-1", vec![2, 0, 0, 1]));
    assert_eq!(counts(&rows[1]), ("ct-2", vec![0, 1, 0, 2]));
    // Pixels of 0.5 x 2 mm.
    assert_eq!(rows[0].split(',').nth(13).unwrap(), "2.000000");

    let (rows, ..) = evaluated(&of("ct.nii.gz"), &of("labels.nii"), &[]);
    assert_eq!(counts(&rows[1]), ("ct-2", vec![1, 0, 0, 2]), "without a choice every label but 0 is spine");
}

#[test]
fn of_totalsegmentator_labels_only_the_spine_counts() {
    let prediction = Nifti::new([3, 1, 1], TO_LEFT, vec![1, 1, 0]);
    let reference = Nifti::new([3, 1, 1], TO_LEFT, vec![27, 28, 92]);
    let folder = folder_with(&[("a.nii", prediction.bytes()), ("a_mask.nii", reference.bytes())]);
    let (rows, ..) = evaluated(&folder.path().join("a.nii"), &folder.path().join("a_mask.nii"), &[]);
    assert_eq!(counts(&rows[0]), ("a", vec![2, 0, 0, 1]));
}

#[test]
fn volumes_are_paired_by_name_then_by_their_number_of_slices_also_in_archives() {
    let inner = zip([("b.npy", npy("2, 1, 2", &[0, 1, 1, 0])), ("c.npy", npy("3, 1, 2", &[1; 6]))]).unwrap();
    let predictions = folder_with(&[
        ("a.mask.npy", npy("2, 1, 2", &[1, 1, 0, 0])),
        ("b.mask.npy", npy("2, 1, 2", &[0, 1, 1, 0])),
        ("x.npy", npy("3, 1, 2", &[1, 1, 1, 1, 1, 0])),
        ("results.csv", b"not a mask".to_vec()),
    ]);
    let references = folder_with(&[("a.npy", npy("2, 1, 2", &[1, 0, 0, 0])), ("more.zip", inner)]);
    let patients = references.path().join("patients.csv");
    fs::write(&patients, "volume,patient\na,P1\n").unwrap();
    let (rows, said, is_fine) =
        evaluated(predictions.path(), references.path(), &["--patients", text(&patients)]);
    assert!(is_fine, "{said}");
    let found: Vec<_> = rows.iter().map(|row| counts(row)).collect();
    assert_eq!(found[0], ("a-1", vec![1, 1, 0, 0]));
    assert_eq!(found[1], ("a-2", vec![0, 0, 0, 2]));
    assert_eq!(found[2..4], [("b-1", vec![1, 0, 0, 1]), ("b-2", vec![1, 0, 0, 1])]);
    assert_eq!(found[6], ("x-3", vec![1, 0, 1, 0]));
    let patient = |row: &str| row.split(',').nth(19).unwrap().to_owned();
    assert_eq!([patient(&rows[0]), patient(&rows[2])], ["P1", ""]);
}

#[test]
fn a_volume_without_a_reference_is_named_for_each_slice() {
    let predictions = folder_with(&[("a.npy", npy("2, 1, 2", &[1; 4]))]);
    let references = folder_with(&[("a.npy", npy("3, 1, 2", &[1; 6]))]);
    let (rows, said, is_fine) = evaluated(predictions.path(), references.path(), &[]);
    assert!(!is_fine && rows.is_empty());
    assert!(said.contains("as many slices"), "{said}");
}

/// A DICOM segmentation of three images of 1 x 2 pixels, drawn as told.
fn segmentation(drawn: [[u8; 2]; 3]) -> Vec<u8> {
    let slice = |place: usize| SliceInfo {
        rows: 1,
        columns: 2,
        spacing: Some(Spacing { row_mm: 1.0, column_mm: 1.0 }),
        thickness_mm: Some(1.0),
        placement: Some(Placement {
            origin_mm: [0.0, 0.0, place as f64],
            right: [1.0, 0.0, 0.0],
            down: [0.0, 1.0, 0.0],
        }),
        turn: Turn::NONE,
        dicom: Some(Box::new(DicomIdentity {
            study_uid: "1.2".into(),
            series_uid: "1.3".into(),
            sop_class_uid: "1.2.840.10008.5.1.4.1.1.2".into(),
            sop_instance_uid: format!("1.4.{}", place + 1),
            frame_of_reference_uid: "1.5".into(),
            frame: 1,
            ..DicomIdentity::default()
        })),
    };
    let slices: Vec<SliceInfo> = (0..3).map(slice).collect();
    let masks = drawn.map(|pixels| Mask::new(1, 2, pixels.to_vec()).unwrap());
    let written = Timestamp { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
    let export = DicomExport { algorithm: "test", algorithm_version: "1", written, names_patient: false };
    let masks: Vec<SliceMask> =
        slices.iter().zip(&masks).map(|(slice, mask)| SliceMask { slice, mask }).collect();
    let mut next = 0;
    let mut count = || {
        next += 1;
        next
    };
    dicom_seg(&masks, &export, &mut count).unwrap()
}

#[test]
fn segmentations_are_paired_by_the_images_they_were_drawn_on_and_what_is_missing_is_told() {
    let folder = folder_with(&[
        ("one.dcm", segmentation([[0, 0], [1, 1], [0, 1]])),
        ("other.dcm", segmentation([[1, 0], [1, 0], [0, 1]])),
    ]);
    let of = |name: &str| folder.path().join(name);
    let (rows, said, is_fine) = evaluated(&of("one.dcm"), &of("other.dcm"), &[]);
    let found: Vec<_> = rows.iter().map(|row| counts(row)).collect();
    assert_eq!(found, [("one-1", vec![1, 1, 0, 0]), ("one-2", vec![1, 0, 0, 1])]);
    assert!(!is_fine && said.contains("1 of its 3 slices"), "{said}");
}

fn model() -> PathBuf {
    repository().join("weights/spine-unet-16.safetensors")
}

fn segment(input: &Path, out: &Path, more: &[&str]) -> String {
    let model = model();
    let mut arguments = vec!["segment", text(input), "--model", text(&model), "--out", text(out)];
    arguments.extend(more);
    succeed(&arguments)
}

#[test]
fn a_volume_in_an_archive_gives_a_volume_on_its_own_grid_or_a_picture_for_each_slice() {
    let volume = Nifti::new([16, 16, 3], TO_RIGHT, vec![0; 768]);
    let content = zip([("scan/ct.nii", volume.bytes()), ("scan/ct_mask.nii", volume.bytes())]).unwrap();
    let folder = folder_with(&[("export.zip", content)]);
    let archive = folder.path().join("export.zip");

    let out = tempfile::tempdir().unwrap();
    segment(&archive, out.path(), &["--format", "nifti"]);
    let mask = Nifti::read(&fs::read(out.path().join("export.mask.nii.gz")).unwrap());
    assert_eq!((mask.dims, mask.affine), (volume.dims, volume.affine));

    segment(&archive, out.path(), &[]);
    let mut names: Vec<_> =
        fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        ["export-1.mask.png", "export-2.mask.png", "export-3.mask.png", "export.mask.nii.gz", "results.csv"]
    );
}

#[test]
fn a_volume_whose_slices_lie_across_the_file_gives_a_mask_with_the_same_axes() {
    // i to the back, j to the head, k to the left: sagittal planes one after the other.
    let affine = [[0.0, 0.0, -2.0, 7.0], [-0.5, 0.0, 0.0, 8.0], [0.0, 3.0, 0.0, 9.0]];
    let volume = Nifti::new([16, 3, 16], affine, vec![0; 768]);
    let folder = folder_with(&[("sagittal.nii", volume.bytes())]);
    let out = tempfile::tempdir().unwrap();
    segment(&folder.path().join("sagittal.nii"), out.path(), &["--format", "nifti"]);
    let mask = Nifti::read(&fs::read(out.path().join("sagittal.mask.nii.gz")).unwrap());
    assert_eq!((mask.dims, mask.affine), (volume.dims, volume.affine));
}
