//! Masks as a NIfTI-1 volume (https://nifti.nimh.nih.gov/nifti-1, nifti1.h).

use super::layout::SliceMask;
use super::{WriteError, gzip};
use crate::{Grid, Lattice, NOTICE, Vector};

const UNSIGNED_BYTE: i16 = 2;
/// The voxels are labels.
const INTENT_LABEL: i16 = 1002;
/// Millimetres.
const XYZT_UNITS: u8 = 2;
/// Scanner coordinates.
const SCANNER_ANATOMICAL: i16 = 1;
/// Bytes before the voxels: the header and the word that says that no extension follows.
const VOXELS_AT: f32 = 352.0;
/// Axes whose cosine is less count as perpendicular.
const PERPENDICULAR: f64 = 1e-4;

/// The masks of all slices of a volume as `.nii.gz` on the same grid: unsigned bytes, 1 is spine. The description holds
/// [`NOTICE`].
///
/// Both transforms are set, where the place in the patient is known; oblique axes that are not perpendicular (a tilted
/// gantry) can only be said by the sform.
///
/// # Errors
///
/// [`WriteError::NoPlacement`] where not even the voxels' distances are known; [`WriteError::NotWholeVolume`],
/// [`WriteError::OtherSize`], [`WriteError::TooMany`] beyond 32767 voxels along an axis, or
/// [`WriteError::Compress`].
pub fn mask_nifti(grid: &Grid, masks: &[SliceMask<'_>]) -> Result<Vec<u8>, WriteError> {
    gzip::append(Vec::new(), &header(grid)?, grid.planes(masks)?)
}

fn header(grid: &Grid) -> Result<Vec<u8>, WriteError> {
    let mut header = Header(Vec::with_capacity(352));
    let orientation = Orientation::of(grid)?;
    header.i32(348).text("", 34).text("r", 1).text("", 1);
    let sizes = sizes(grid);
    header.i16(sizes.len() as i16);
    for count in sizes.iter().chain(std::iter::repeat(&1)).take(7) {
        header.i16(i16::try_from(*count).map_err(|_| WriteError::TooMany)?);
    }
    header.f32(0.0).f32(0.0).f32(0.0).i16(INTENT_LABEL).i16(UNSIGNED_BYTE).i16(8).i16(0);
    header.f32(orientation.qfac);
    for spacing_mm in orientation.spacing_mm {
        header.f32(spacing_mm as f32);
    }
    header.f32(0.0).f32(0.0).f32(0.0).f32(0.0);
    // Scale 1, offset 0; shown from 0 to 1.
    header.f32(VOXELS_AT).f32(1.0).f32(0.0).i16(0).text("", 1).u8(XYZT_UNITS);
    header.f32(1.0).f32(0.0).f32(0.0).f32(0.0).i32(0).i32(0);
    header.text(NOTICE, 80).text("", 24);
    let code = |is_known: bool| if is_known { SCANNER_ANATOMICAL } else { 0 };
    header.i16(code(orientation.quaternion.is_some())).i16(code(orientation.affine_ras.is_some()));
    for part in orientation.quaternion.unwrap_or_default() {
        header.f32(part as f32);
    }
    let affine_ras = orientation.affine_ras.unwrap_or_default();
    for [.., offset_mm] in affine_ras {
        header.f32(offset_mm as f32);
    }
    for part in affine_ras.as_flattened() {
        header.f32(*part as f32);
    }
    header.text("Spine", 16).text("n+1", 4).i32(0);
    Ok(header.0)
}

/// The sizes of the file's axes, up to seven, where they are i, j, k and axes of one voxel.
fn sizes(grid: &Grid) -> &[u32] {
    let dims = grid.dims.iter().chain(std::iter::repeat(&1));
    let sizes = &grid.array.sizes;
    let is_alike = grid.array.is_fortran
        && (2..=7).contains(&sizes.len())
        && sizes.iter().zip(dims).all(|(a, b)| a == b);
    let has_all = grid.dims.iter().skip(sizes.len()).all(|&count| count == 1);
    if is_alike && has_all { sizes } else { &grid.dims }
}

/// The fields of a header, one after the other, little-endian.
struct Header(Vec<u8>);

impl Header {
    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn u8(&mut self, value: u8) -> &mut Self {
        self.bytes(&[value])
    }

    fn i16(&mut self, value: i16) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    fn i32(&mut self, value: i32) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    fn f32(&mut self, value: f32) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }

    /// A text of `length` bytes, filled up with zeros.
    fn text(&mut self, text: &str, length: usize) -> &mut Self {
        self.0.extend(text.bytes().chain(std::iter::repeat(0)).take(length));
        self
    }
}

/// An affine as NIfTI has it.
struct Orientation {
    /// For the sform.
    affine_ras: Option<[[f64; 4]; 3]>,
    spacing_mm: Vector,
    /// -1 where the axes are left-handed.
    qfac: f32,
    /// For the qform: b, c and d of the rotation; none where the axes are not perpendicular.
    quaternion: Option<Vector>,
}

impl Orientation {
    fn of(grid: &Grid) -> Result<Self, WriteError> {
        match grid.lattice {
            Lattice::Placed(affine_ras) => Ok(Self::placed(affine_ras)),
            Lattice::Spaced(spacing_mm) => {
                Ok(Self { affine_ras: None, spacing_mm, qfac: 1.0, quaternion: None })
            }
            Lattice::Unknown => Err(WriteError::NoPlacement),
        }
    }

    fn placed(affine_ras: [[f64; 4]; 3]) -> Self {
        let [[ix, jx, kx, _], [iy, jy, ky, _], [iz, jz, kz, _]] = affine_ras;
        let axes = [[ix, iy, iz], [jx, jy, jz], [kx, ky, kz]];
        let spacing_mm = axes.map(|axis| dot(axis, axis).sqrt());
        let ([i, j, k], [width, height, depth]) = (axes, spacing_mm);
        let unit = |axis: Vector, length: f64| axis.map(|part| part / length);
        let (i, j, k) = (unit(i, width), unit(j, height), unit(k, depth));
        let handedness = dot(cross(i, j), k);
        // Not a number where an axis has no length.
        let is_perpendicular =
            [dot(i, j), dot(j, k), dot(k, i)].iter().all(|cosine| cosine.abs() < PERPENDICULAR);
        let qfac = if handedness < 0.0 { -1.0 } else { 1.0 };
        let k = k.map(|part| part * qfac);
        Self {
            affine_ras: Some(affine_ras),
            spacing_mm,
            qfac: qfac as f32,
            quaternion: is_perpendicular.then(|| quaternion([i, j, k])),
        }
    }
}

/// b, c and d of the unit quaternion with a >= 0 whose rotation has these columns, by way of its largest part
/// (`nifti_mat44_to_quatern` of nifti1_io.c).
fn quaternion([i, j, k]: [Vector; 3]) -> Vector {
    let ([r11, r21, r31], [r12, r22, r32], [r13, r23, r33]) = (i, j, k);
    let (a2, b2, c2, d2) =
        (1.0 + r11 + r22 + r33, 1.0 + r11 - r22 - r33, 1.0 - r11 + r22 - r33, 1.0 - r11 - r22 + r33);
    // Each candidate: (a, b, c, d) times 4 times its largest part, whose square times 4 is given.
    let (quad, [a, b, c, d]) = if a2 >= b2.max(c2).max(d2) {
        (a2, [a2, r32 - r23, r13 - r31, r21 - r12])
    } else if b2 >= c2.max(d2) {
        (b2, [r32 - r23, b2, r12 + r21, r13 + r31])
    } else if c2 >= d2 {
        (c2, [r13 - r31, r12 + r21, c2, r23 + r32])
    } else {
        (d2, [r21 - r12, r13 + r31, r23 + r32, d2])
    };
    let scale = if a < 0.0 { -0.5 } else { 0.5 } / quad.sqrt();
    [b, c, d].map(|part| part * scale)
}

fn dot([a, b, c]: Vector, [x, y, z]: Vector) -> f64 {
    a * x + b * y + c * z
}

fn cross([a, b, c]: Vector, [x, y, z]: Vector) -> Vector {
    [b * z - c * y, c * x - a * z, a * y - b * x]
}
