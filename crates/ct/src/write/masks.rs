//! Masks as a file of any kind.

use super::{
    DicomExport, SliceMask, WriteError, dicom_seg, mask_jpeg, mask_nifti, mask_npy, mask_nrrd, mask_png,
    rt_structure_set,
};
use crate::{Grid, MaskFormat};

/// Masks of one slice, or of a whole stack where the format holds one. `source` are the voxels of the volume that the
/// stack comes from; without them, a series makes its own. DICOM objects are made as `export` says, with `random` bits in
/// their UIDs.
///
/// # Errors
///
/// Why they cannot be written so.
pub fn write_masks(
    format: MaskFormat,
    source: Option<&Grid>,
    masks: &[SliceMask<'_>],
    export: &DicomExport<'_>,
    random: &mut dyn FnMut() -> u128,
) -> Result<Vec<u8>, WriteError> {
    let of_slices = || Grid::of_slices(masks.iter().map(|mask| mask.slice));
    let grid = || source.cloned().map_or_else(of_slices, Ok);
    let first = || masks.first().ok_or(WriteError::NoMask);
    match format {
        MaskFormat::Png => first().and_then(|mask| mask_png(mask.mask, mask.slice.turn)),
        MaskFormat::Jpeg => first().and_then(|mask| mask_jpeg(mask.mask, mask.slice.turn)),
        MaskFormat::Npy => mask_npy(source, masks),
        MaskFormat::Nifti => mask_nifti(&grid()?, masks),
        MaskFormat::Nrrd => mask_nrrd(&grid()?, masks),
        MaskFormat::DicomSeg => dicom_seg(masks, export, random),
        MaskFormat::RtStruct => rt_structure_set(masks, export, random),
    }
}
