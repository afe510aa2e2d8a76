//! Opens volumes that `tests/exports` made and writes a mask of each as every format of volumes.
//!
//!     write_source_exports VOLUME...
//!
//! The exports of `x` are in the folder `x.masks`; spine is every voxel above 100. `refused.json` holds the error of each
//! that could not be made.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::path::Path;

use rachis_ct::{Mask, Opened, SliceMask, Stack, mask_nifti, mask_npy, mask_nrrd, open};

fn main() -> Result<(), Box<dyn Error>> {
    for file in std::env::args_os().skip(1) {
        write_exports(Path::new(&file))?;
    }
    Ok(())
}

fn write_exports(file: &Path) -> Result<(), Box<dyn Error>> {
    let Opened::Stack(Stack { info, mut reader }) = open("", File::open(file)?)? else {
        return Err("an archive".into());
    };
    let meaning = *info.meanings.first().ok_or("no meaning")?;
    let mut masks = Vec::new();
    for index in 0..info.slices.len() {
        let slice = reader.slice(index, meaning)?;
        let pixels = slice.pixels.iter().map(|&value| u8::from(value > 100)).collect();
        masks.push(Mask::new(slice.rows, slice.columns, pixels)?);
    }
    let masks: Vec<SliceMask<'_>> =
        info.slices.iter().zip(&masks).map(|(slice, mask)| SliceMask { slice, mask }).collect();
    let grid = info.grid.as_deref().ok_or("no volume")?;
    let folder = file.with_added_extension("masks");
    fs::create_dir(&folder)?;
    let mut refused = BTreeMap::new();
    let files = [
        ("masks.npy", mask_npy(Some(grid), &masks)),
        ("spine.nii.gz", mask_nifti(grid, &masks)),
        ("spine.seg.nrrd", mask_nrrd(grid, &masks)),
    ];
    for (name, content) in files {
        match content {
            Ok(content) => fs::write(folder.join(name), content)?,
            Err(error) => {
                refused.insert(name, error.to_string());
            }
        }
    }
    fs::write(folder.join("refused.json"), serde_json::to_vec(&refused)?)?;
    Ok(())
}
