//! A volume's voxels, as its file has them.

use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Number of voxels along i, j and k.
    pub dims: [u32; 3],
    /// The same as an array.
    pub array: ArrayShape,
    /// Where the voxels lie.
    pub lattice: Lattice,
    /// How slices are cut out.
    pub cut: Cut,
}

/// An array as the programs that read the file make it: nibabel, pynrrd or NumPy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrayShape {
    /// The size of each axis in the order of its indices; axes of one voxel may be among them.
    pub sizes: Vec<u32>,
    /// Whether voxels that differ by one in the first index are neighbours (Fortran order), and not those that differ in
    /// the last (C order).
    pub is_fortran: bool,
}

/// Where the voxels of a volume lie.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Lattice {
    /// In the patient: from a voxel's `(i, j, k, 1)` to its centre in millimetres, x to the patient's right, y to the front,
    /// z to the head (NIfTI's RAS+).
    Placed([[f64; 4]; 3]),
    /// This far from each other along i, j and k, in millimetres.
    Spaced([f64; 3]),
    /// The file does not say.
    Unknown,
}

/// How a volume is cut into slices. In a slice's own layout its columns and rows run along these axes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// From one column to the next.
    pub columns_along: Axis,
    /// From one row to the next.
    pub rows_along: Axis,
    /// From one slice to the next.
    pub slices_along: Axis,
    /// Whether the first slice is the last one along that axis.
    pub reversed: bool,
}

impl Cut {
    /// Columns are fastest, slices slowest and in order.
    pub const IN_ORDER: Self =
        Self { columns_along: Axis::I, rows_along: Axis::J, slices_along: Axis::K, reversed: false };
}

impl Axis {
    /// What belongs to this axis.
    pub fn of<T>(self, [i, j, k]: [T; 3]) -> T {
        match self {
            Self::I => i,
            Self::J => j,
            Self::K => k,
        }
    }
}
