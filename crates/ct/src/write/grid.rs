//! Masks become the voxels of a volume.

use super::layout::{Layout, SliceMask};
use crate::grid::{ArrayShape, Cut, Grid, Lattice};
use crate::{Mask, SliceInfo, WriteError};

/// A volume's voxels, plane by plane.
pub(super) type Planes<'a> = Box<dyn Iterator<Item = Result<Vec<u8>, WriteError>> + 'a>;

impl Grid {
    /// The volume that a series of slices makes in the layout of its files: i along the rows, j down the columns, k in the
    /// series' order.
    ///
    /// # Errors
    ///
    /// [`WriteError::NoMask`], [`WriteError::NoPlacement`], [`WriteError::Mixed`], [`WriteError::Uneven`],
    /// [`WriteError::NoThickness`] (of a single slice) or [`WriteError::TooMany`].
    pub fn of_slices<'a>(slices: impl IntoIterator<Item = &'a SliceInfo>) -> Result<Self, WriteError> {
        let layout = Layout::of(slices)?;
        let [origin_mm, ..] = layout.origins_mm.as_slice() else { return Err(WriteError::NoMask) };
        let [rows, columns] = layout.size;
        let count = u32::try_from(layout.origins_mm.len()).map_err(|_| WriteError::TooMany)?;
        let i = layout.right.map(|part| part * layout.column_mm);
        let j = layout.down.map(|part| part * layout.row_mm);
        let k = layout.step_mm()?;
        let [x, y, z] = transposed([i, j, k, *origin_mm]);
        // DICOM counts x to the patient's left and y to the back, NIfTI to the right and to the front.
        let affine_ras = [x.map(|part| -part), y.map(|part| -part), z];
        Ok(Self {
            dims: [columns, rows, count],
            array: ArrayShape { sizes: vec![columns, rows, count], is_fortran: true },
            lattice: Lattice::Placed(affine_ras),
            cut: Cut::IN_ORDER,
        })
    }

    /// The masks of all the volume's slices as planes of voxels, from the first k to the last; in each, i runs fastest.
    pub(super) fn planes<'a>(&self, masks: &'a [SliceMask<'a>]) -> Result<Planes<'a>, WriteError> {
        let (dims, cut) = (self.dims, self.cut);
        let slices = cut.slices_along.of(dims);
        if masks.len() != slices as usize {
            return Err(WriteError::NotWholeVolume { slices, masks: masks.len() });
        }
        let size = [cut.rows_along.of(dims), cut.columns_along.of(dims)];
        let in_order = (0..masks.len())
            .filter_map(move |index| masks.get(if cut.reversed { masks.len() - 1 - index } else { index }));
        let mut stored = in_order.map(move |mask| {
            let mask = mask.stored()?;
            if [mask.rows, mask.columns] == size { Ok(mask) } else { Err(WriteError::OtherSize) }
        });
        if (Cut { reversed: false, ..cut }) == Cut::IN_ORDER {
            return Ok(Box::new(stored.map(|mask| Ok(mask?.pixels()))));
        }
        let stored: Vec<Mask> = stored.by_ref().collect::<Result<_, _>>()?;
        let [columns, rows, planes] = dims;
        let voxel = move |voxel: [u32; 3]| {
            let mask = stored.get(cut.slices_along.of(voxel) as usize)?;
            Some(u8::from(mask.get(cut.rows_along.of(voxel), cut.columns_along.of(voxel))))
        };
        Ok(Box::new((0..planes).map(move |k| {
            let places = (0..rows).flat_map(|j| (0..columns).map(move |i| [i, j, k]));
            Ok(places.filter_map(&voxel).collect())
        })))
    }
}

/// The directions of i, j and k and the centre of the first voxel, in millimetres along DICOM's axes.
pub(super) fn columns_lps([x, y, z]: [[f64; 4]; 3]) -> [[f64; 3]; 4] {
    [0, 1, 2, 3].map(|column: usize| {
        let part = |row: [f64; 4]| row.get(column).copied().unwrap_or_default();
        // Adding 0 makes -0 a plain 0.
        [-part(x) + 0.0, -part(y) + 0.0, part(z)]
    })
}

/// Columns become rows.
fn transposed([i, j, k, origin]: [[f64; 3]; 4]) -> [[f64; 4]; 3] {
    let ([ix, iy, iz], [jx, jy, jz], [kx, ky, kz], [x, y, z]) = (i, j, k, origin);
    [[ix, jx, kx, x], [iy, jy, ky, y], [iz, jz, kz, z]]
}
