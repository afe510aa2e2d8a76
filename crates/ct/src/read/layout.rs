//! How a volume's voxels lie in its file and in the patient, and how they are cut into slices.

use super::{ReadError, check_sides};
use crate::error::MAX_SLICES;
use crate::{ArrayShape, Axis, Cut, Grid, Lattice, Placement, SliceInfo, Spacing, Turn, Vector};

/// Where the voxels of a file lie: voxel (i, j, k) at `origin_mm` + i `steps_mm[0]` + j `steps_mm[1]` + k `steps_mm[2]`,
/// in DICOM's axes (to the left, the back, the head).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Affine {
    pub origin_mm: Vector,
    /// From one voxel to the next along each axis of the file, the fastest first.
    pub steps_mm: [Vector; 3],
}

impl Affine {
    /// `None` for what no voxels can lie on: steps that are none, or lie in one plane.
    pub fn checked(self) -> Option<Self> {
        let [x, y, z] = self.steps_mm.map(length);
        let [a, b, c] = self.steps_mm.map(unit);
        let [l, m, n] = cross(a, b);
        let volume = l * c[0] + m * c[1] + n * c[2];
        let sizes = [x, y, z].iter().all(|size| (1e-4..1e4).contains(size));
        let is_finite = self.origin_mm.iter().all(|part| part.is_finite());
        (sizes && is_finite && volume.abs() > 1e-3).then_some(self)
    }

    /// From axes that lead to the right, the front and the head (NIfTI's) to DICOM's.
    #[must_use]
    pub fn to_lps(self) -> Self {
        let turn = |[x, y, z]: Vector| [-x, -y, z];
        Self { origin_mm: turn(self.origin_mm), steps_mm: self.steps_mm.map(turn) }
    }

    /// From DICOM's axes to the rows of a matrix in NIfTI's.
    fn to_ras_rows(self) -> [[f64; 4]; 3] {
        // The way there is the way back.
        let Self { origin_mm: [x, y, z], steps_mm: [[ix, iy, iz], [jx, jy, jz], [kx, ky, kz]] } =
            self.to_lps();
        [[ix, jx, kx, x], [iy, jy, ky, y], [iz, jz, kz, z]]
    }
}

/// A volume's size, and which way it is cut and shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// Number of voxels along each axis of the file, the fastest first.
    pub size: [usize; 3],
    /// The axes of the file that run along columns, rows and slices.
    pub axes: Axes,
    /// From rows and columns of the file to those shown.
    pub turn: Turn,
    /// Whether the last slice in the file is shown first.
    pub reversed: bool,
    array: ArrayShape,
    steps_mm: Option<[f64; 3]>,
    affine: Option<Affine>,
}

/// Axes of a file: 0 for the fastest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Axes {
    /// From one column to the next.
    pub column: usize,
    /// From one row to the next.
    pub row: usize,
    /// From one slice to the next.
    pub slice: usize,
}

impl Axes {
    /// Columns are fastest, slices slowest.
    pub const IN_ORDER: Self = Self { column: 0, row: 1, slice: 2 };
}

impl Layout {
    /// Cuts along the axis nearest to that from feet to head, from the feet upwards, and shows what is in front on top.
    ///
    /// # Errors
    ///
    /// [`ReadError::Size`] or [`ReadError::TooManySlices`].
    pub fn placed(size: [u64; 3], affine: Affine) -> Result<Self, ReadError> {
        let to_head = affine.steps_mm.map(|step| unit(step)[2]);
        let axes = match to_head.map(f64::abs) {
            [x, y, z] if z >= x && z >= y => Axes::IN_ORDER,
            [x, y, _] if y >= x => Axes { column: 0, row: 2, slice: 1 },
            _ => Axes { column: 1, row: 2, slice: 0 },
        };
        let mut layout = Self::unplaced(size, axes, Some(affine.steps_mm.map(length)))?;
        layout.affine = Some(affine);
        layout.reversed = of(axes.slice, to_head) < 0.0;
        layout.turn = layout.stored_placement(affine, 0).upright();
        Ok(layout)
    }

    /// As [`Layout::placed`], for a place that is only supposed: it decides what is shown but is not told.
    pub fn supposed(size: [u64; 3], affine: Affine) -> Result<Self, ReadError> {
        Ok(Self { affine: None, ..Self::placed(size, affine)? })
    }

    /// Cuts as `axes` say and shows the slices as they are.
    ///
    /// # Errors
    ///
    /// [`ReadError::Size`] or [`ReadError::TooManySlices`].
    pub fn unplaced(size: [u64; 3], axes: Axes, steps_mm: Option<[f64; 3]>) -> Result<Self, ReadError> {
        let count = |axis| u32::try_from(of(axis, size)).unwrap_or(u32::MAX);
        check_sides(count(axes.row), count(axes.column))?;
        let slices = of(axes.slice, size);
        if !(1..=MAX_SLICES).contains(&slices) {
            return Err(ReadError::TooManySlices { slices });
        }
        let array = ArrayShape { sizes: sizes(size), is_fortran: true };
        let size = size.map(|count| count as usize);
        let steps_mm = steps_mm.filter(|steps| steps.iter().all(|step| step.is_finite() && *step > 0.0));
        Ok(Self { size, axes, turn: Turn::NONE, reversed: false, array, steps_mm, affine: None })
    }

    /// Tells the file's shape as an array, where it is not the three sizes in Fortran order.
    #[must_use]
    pub fn shaped(self, shape: impl IntoIterator<Item = u64>, is_fortran: bool) -> Self {
        Self { array: ArrayShape { sizes: sizes(shape), is_fortran }, ..self }
    }

    /// The voxels as the file has them.
    pub fn grid(&self) -> Grid {
        let axis = |axis| of(axis, [Axis::I, Axis::J, Axis::K]);
        let lattice = match (self.affine, self.steps_mm) {
            (Some(affine), _) => Lattice::Placed(affine.to_ras_rows()),
            (None, Some(steps_mm)) => Lattice::Spaced(steps_mm),
            (None, None) => Lattice::Unknown,
        };
        Grid {
            // No side is larger than MAX_SIDE, and there are no more slices than MAX_SLICES.
            dims: self.size.map(|count| count as u32),
            array: self.array.clone(),
            lattice,
            cut: Cut {
                columns_along: axis(self.axes.column),
                rows_along: axis(self.axes.row),
                slices_along: axis(self.axes.slice),
                reversed: self.reversed,
            },
        }
    }

    /// Number of rows and columns in the file.
    pub fn stored_size(&self) -> [u32; 2] {
        [of(self.axes.row, self.size) as u32, of(self.axes.column, self.size) as u32]
    }

    /// Number of slices.
    pub fn slices(&self) -> usize {
        of(self.axes.slice, self.size)
    }

    /// Number of voxels.
    pub fn voxels(&self) -> u64 {
        self.size.iter().map(|&count| count as u64).product()
    }

    /// The place in the file of the slice that is shown at `index`.
    pub fn stored_index(&self, index: usize) -> Option<usize> {
        let last = self.slices().checked_sub(1)?;
        let from_end = last.checked_sub(index)?;
        Some(if self.reversed { from_end } else { index })
    }

    /// One for each slice, in the order shown.
    pub fn infos(&self) -> Vec<SliceInfo> {
        let stored_size = self.stored_size();
        let [rows, columns] = self.turn.size(stored_size);
        let (spacing, stored_spacing) = (self.spacing(), self.stored_spacing());
        let thickness_mm = self.steps_mm.map(|steps| of(self.axes.slice, steps) as f32);
        let placement = |stored| {
            let placement = self.stored_placement(self.affine?, stored);
            Some(placement.turned(self.turn, stored_size, stored_spacing?))
        };
        let info = |index| SliceInfo {
            rows,
            columns,
            spacing,
            thickness_mm,
            placement: placement(index),
            turn: self.turn,
            dicom: None,
        };
        (0..self.slices()).filter_map(|index| self.stored_index(index)).map(info).collect()
    }

    /// Pixel spacing as shown.
    pub fn spacing(&self) -> Option<Spacing> {
        self.stored_spacing().map(|spacing| if self.turn.transposed { spacing.transposed() } else { spacing })
    }

    fn stored_spacing(&self) -> Option<Spacing> {
        self.steps_mm.map(|steps| Spacing {
            row_mm: of(self.axes.row, steps) as f32,
            column_mm: of(self.axes.column, steps) as f32,
        })
    }

    fn stored_placement(&self, affine: Affine, slice: usize) -> Placement {
        let Affine { origin_mm: [x, y, z], steps_mm } = affine;
        let [a, b, c] = of(self.axes.slice, steps_mm).map(|part| part * slice as f64);
        Placement {
            origin_mm: [x + a, y + b, z + c],
            right: unit(of(self.axes.column, steps_mm)),
            down: unit(of(self.axes.row, steps_mm)),
        }
    }
}

fn sizes(sizes: impl IntoIterator<Item = u64>) -> Vec<u32> {
    sizes.into_iter().map(|size| u32::try_from(size).unwrap_or(u32::MAX)).collect()
}

/// What belongs to an axis.
pub(super) fn of<T>(axis: usize, [fastest, middle, slowest]: [T; 3]) -> T {
    match axis {
        0 => fastest,
        1 => middle,
        _ => slowest,
    }
}

fn length([x, y, z]: Vector) -> f64 {
    x.hypot(y).hypot(z)
}

fn unit(step: Vector) -> Vector {
    let length = length(step);
    step.map(|part| part / length)
}

fn cross([a, b, c]: Vector, [x, y, z]: Vector) -> Vector {
    [b * z - c * y, c * x - a * z, a * y - b * x]
}
