//! The voxels of a volume and how slices make them.

use serde::{Deserialize, Serialize};

use super::layout::{Layout, SliceMask};
use crate::{Mask, SliceInfo, WriteError};

/// A volume's voxels, plane by plane.
pub(super) type Planes<'a> = Box<dyn Iterator<Item = Result<Vec<u8>, WriteError>> + 'a>;

/// An axis of a volume, counted from the one whose voxels are neighbours in the file (NIfTI's i, j and k).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Axis {
    /// The first, fastest.
    I,
    /// The second.
    J,
    /// The third, slowest.
    K,
}

/// A volume's voxels, their place in the patient, and how the volume is cut into slices.
///
/// In a slice's own layout its columns run along the lower of the two other axes and its rows along the higher.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Number of voxels along i, j and k.
    pub dims: [u32; 3],
    /// From a voxel's `(i, j, k, 1)` to its centre in millimetres: x to the patient's right, y to the front, z to the head
    /// (NIfTI's RAS+).
    pub affine_ras: [[f64; 4]; 3],
    /// The axis that the slices are counted along.
    pub slices_along: Axis,
    /// Whether the first slice is the last one along that axis.
    pub reversed: bool,
}

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
        Ok(Self { dims: [columns, rows, count], affine_ras, slices_along: Axis::K, reversed: false })
    }

    /// The directions of i, j and k and the centre of the first voxel, in millimetres along DICOM's axes.
    pub(super) fn columns_lps(&self) -> [[f64; 3]; 4] {
        let [x, y, z] = self.affine_ras;
        let [i, j, k, origin] = [0, 1, 2, 3].map(|column: usize| {
            let part = |row: [f64; 4]| row.get(column).copied().unwrap_or_default();
            // Adding 0 makes -0 a plain 0.
            [-part(x) + 0.0, -part(y) + 0.0, part(z)]
        });
        [i, j, k, origin]
    }

    /// The masks of all the volume's slices as planes of voxels, from the first k to the last; in each, i runs fastest.
    pub(super) fn planes<'a>(&self, masks: &'a [SliceMask<'a>]) -> Result<Planes<'a>, WriteError> {
        let [i, j, k] = self.dims;
        let (slices, size) = match self.slices_along {
            Axis::I => (i, [k, j]),
            Axis::J => (j, [k, i]),
            Axis::K => (k, [j, i]),
        };
        if masks.len() != slices as usize {
            return Err(WriteError::NotWholeVolume { slices, masks: masks.len() });
        }
        let reversed = self.reversed;
        let in_order = (0..masks.len())
            .filter_map(move |index| masks.get(if reversed { masks.len() - 1 - index } else { index }));
        let mut stored = in_order.map(move |mask| {
            let mask = mask.stored()?;
            if [mask.rows, mask.columns] == size { Ok(mask) } else { Err(WriteError::OtherSize) }
        });
        if self.slices_along == Axis::K {
            return Ok(Box::new(stored.map(|mask| Ok(mask?.pixels()))));
        }
        let stored: Vec<Mask> = stored.by_ref().collect::<Result<_, _>>()?;
        let across_columns = self.slices_along == Axis::I;
        Ok(Box::new((0..k).map(move |row| {
            let pixel = |mask: &Mask, column| u8::from(mask.get(row, column));
            Ok(if across_columns {
                (0..j).flat_map(|j| stored.iter().map(move |mask| pixel(mask, j))).collect()
            } else {
                stored.iter().flat_map(|mask| (0..i).map(move |i| pixel(mask, i))).collect()
            })
        })))
    }
}

/// Columns become rows.
fn transposed([i, j, k, origin]: [[f64; 3]; 4]) -> [[f64; 4]; 3] {
    let ([ix, iy, iz], [jx, jy, jz], [kx, ky, kz], [x, y, z]) = (i, j, k, origin);
    [[ix, jx, kx, x], [iy, jy, ky, y], [iz, jz, kz, z]]
}
