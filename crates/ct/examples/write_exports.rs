//! Writes every export of the cases that `tests/exports` made, for other programs to open.
//!
//!     write_exports CASE...
//!
//! A case is a folder with `case.json` and `masks.bin`, the masks as shown, one after the other. The exports are written
//! beside them; `refused.json` holds the error of each that could not be made.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use rachis_ct::{
    DicomExport, Grid, Mask, SliceInfo, SliceMask, Timestamp, WriteError, dicom_seg, mask_jpeg, mask_nifti,
    mask_npy, mask_nrrd, mask_png, readme, rt_structure_set, zip,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    slices: Vec<SliceInfo>,
    /// Of a volume; a series makes its own.
    grid: Option<Grid>,
    names_patient: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    for folder in std::env::args_os().skip(1) {
        write_case(Path::new(&folder))?;
    }
    Ok(())
}

fn write_case(folder: &Path) -> Result<(), Box<dyn Error>> {
    let case: Case = serde_json::from_slice(&fs::read(folder.join("case.json"))?)?;
    let masks = masks(&case.slices, &fs::read(folder.join("masks.bin"))?)?;
    let masks: Vec<SliceMask<'_>> =
        case.slices.iter().zip(&masks).map(|(slice, mask)| SliceMask { slice, mask }).collect();

    let mut files = Vec::new();
    let mut refused = BTreeMap::new();
    for (name, file) in exports(&case, &masks) {
        match file {
            Ok(content) => files.push((name, content)),
            Err(error) => {
                refused.insert(name, error.to_string());
            }
        }
    }
    files.push(("README.txt".to_owned(), readme().into_bytes()));
    let archive = zip(files.iter().map(|(name, content)| (name, content)))?;
    for (name, content) in &files {
        fs::write(folder.join(name), content)?;
    }
    fs::write(folder.join("exports.zip"), archive)?;
    fs::write(folder.join("refused.json"), serde_json::to_vec(&refused)?)?;
    Ok(())
}

fn masks(slices: &[SliceInfo], mut pixels: &[u8]) -> Result<Vec<Mask>, Box<dyn Error>> {
    let mut masks = Vec::with_capacity(slices.len());
    for slice in slices {
        let count = slice.rows as usize * slice.columns as usize;
        let (mask, rest) = pixels.split_at_checked(count).ok_or("masks.bin is too short")?;
        masks.push(Mask::new(slice.rows, slice.columns, mask.to_vec())?);
        pixels = rest;
    }
    Ok(masks)
}

fn exports(case: &Case, masks: &[SliceMask<'_>]) -> Vec<(String, Result<Vec<u8>, WriteError>)> {
    let grid = || case.grid.clone().map_or_else(|| Grid::of_slices(&case.slices), Ok);
    let export = DicomExport {
        algorithm: "Example",
        algorithm_version: "1",
        written: Timestamp { year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5 },
        names_patient: case.names_patient,
    };
    // A file made twice is to be the same; a real export takes random numbers.
    let mut last = 0_u128;
    let mut count = move || {
        last += 1;
        last
    };
    let mut files = vec![
        ("masks.npy".to_owned(), mask_npy(case.grid.as_ref(), masks)),
        ("spine.nii.gz".to_owned(), grid().and_then(|grid| mask_nifti(&grid, masks))),
        ("spine.seg.nrrd".to_owned(), grid().and_then(|grid| mask_nrrd(&grid, masks))),
        ("spine.seg.dcm".to_owned(), dicom_seg(masks, &export, &mut count)),
        ("spine.rt.dcm".to_owned(), rt_structure_set(masks, &export, &mut count)),
    ];
    for (index, SliceMask { slice, mask }) in masks.iter().enumerate() {
        files.push((format!("{index:03}.png"), mask_png(mask, slice.turn)));
        files.push((format!("{index:03}.jpg"), mask_jpeg(mask, slice.turn)));
    }
    files
}
