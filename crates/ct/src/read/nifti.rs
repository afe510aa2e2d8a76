//! NIfTI-1 and NIfTI-2 in one file (<https://nifti.nimh.nih.gov>, `nifti1.h` and `nifti2.h`).

use std::collections::BTreeMap;

use super::ReadError;
use super::bytes::Header;
use super::input::Input;
use super::layout::{Affine, Axes, Layout};
use super::number::{Number, NumberKind};
use super::volume::{Rescale, Volume};

const FORMAT: &str = "NIfTI";
/// The size of a NIfTI-2 header, the larger one.
const MAX_HEADER: usize = 540;

/// The header's version, where the bytes begin as one.
pub(super) fn version(head: &[u8]) -> Option<Version> {
    let is = |magic: [&[u8]; 2], place: usize| {
        head.get(place..).is_some_and(|rest| magic.iter().any(|magic| rest.starts_with(magic)))
    };
    match head.first_chunk()? {
        [92, 1, 0, 0] | [0, 0, 1, 92] if is([b"n+1\0", b"ni1\0"], 344) => Some(Version::One),
        [28, 2, 0, 0] | [0, 0, 2, 28] if is([b"n+2\0", b"ni2\0"], 4) => Some(Version::Two),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    One,
    Two,
}

/// The voxels of one volume.
///
/// # Errors
///
/// [`ReadError::Detached`] for a header without pixels, [`ReadError::Volumes`], [`ReadError::Colour`],
/// [`ReadError::PixelType`], and what [`Layout::placed`] and a damaged header give.
pub(super) fn read(mut input: Input) -> Result<Volume, ReadError> {
    let head = input.head(MAX_HEADER)?;
    let version = version(&head).ok_or(ReadError::Damaged { kind: FORMAT })?;
    let fields = Fields::parse(&head, version);
    if fields.is_detached {
        return Err(ReadError::Detached { kind: FORMAT, instead: ".nii" });
    }
    let layout = fields.layout()?.shaped(fields.shape(), true);
    let number = Number { kind: fields.number_kind()?, big_endian: fields.big_endian };
    // Smaller offsets would lie in the header; some writers leave 0.
    let header_size = if version == Version::One { 352 } else { 544 };
    let start = (fields.voxel_offset.max(0) as u64).max(header_size);
    Ok(Volume {
        format: FORMAT,
        input,
        start,
        layout,
        number,
        rescale: fields.rescale(),
        label_names: BTreeMap::new(),
        is_medical: true,
    })
}

/// What both versions say.
#[derive(Debug)]
struct Fields {
    big_endian: bool,
    is_detached: bool,
    dimensions: [i64; 8],
    data_type: i16,
    /// 0 or less means 1 or unknown, and the first is the sign of the third axis.
    steps: [f64; 8],
    voxel_offset: i64,
    slope: f64,
    intercept: f64,
    units: u8,
    qform_code: i32,
    sform_code: i32,
    /// b, c and d of the quaternion.
    quaternion: [f64; 3],
    quaternion_offset: [f64; 3],
    rows: [[f64; 4]; 3],
}

impl Fields {
    fn parse(head: &[u8], version: Version) -> Self {
        let big_endian = head.first() == Some(&0);
        let header = Header { bytes: head, big_endian };
        let f32s = |place: usize| move |index: usize| header.f32(place + 4 * index);
        let f64s = |place: usize| move |index: usize| header.f64(place + 8 * index);
        match version {
            Version::One => Self {
                big_endian,
                is_detached: head.get(345) == Some(&b'i'),
                dimensions: std::array::from_fn(|index| i64::from(header.i16(40 + 2 * index))),
                data_type: header.i16(70),
                steps: std::array::from_fn(f32s(76)),
                voxel_offset: header.f32(108) as i64,
                slope: header.f32(112),
                intercept: header.f32(116),
                units: head.get(123).copied().unwrap_or(0),
                qform_code: i32::from(header.i16(252)),
                sform_code: i32::from(header.i16(254)),
                quaternion: std::array::from_fn(f32s(256)),
                quaternion_offset: std::array::from_fn(f32s(268)),
                rows: [280, 296, 312].map(|place| std::array::from_fn(f32s(place))),
            },
            Version::Two => Self {
                big_endian,
                is_detached: head.get(5) == Some(&b'i'),
                dimensions: std::array::from_fn(|index| header.i64(16 + 8 * index)),
                data_type: header.i16(12),
                steps: std::array::from_fn(f64s(104)),
                voxel_offset: header.i64(168),
                slope: header.f64(176),
                intercept: header.f64(184),
                units: header.i32(500) as u8,
                qform_code: header.i32(344),
                sform_code: header.i32(348),
                quaternion: std::array::from_fn(f64s(352)),
                quaternion_offset: std::array::from_fn(f64s(376)),
                rows: [400, 432, 464].map(|place| std::array::from_fn(f64s(place))),
            },
        }
    }

    /// The size of the one volume.
    fn size(&self) -> Result<[u64; 3], ReadError> {
        let damaged = ReadError::Damaged { kind: FORMAT };
        let [count, axes @ ..] = self.dimensions;
        if !(2..=7).contains(&count) {
            return Err(damaged);
        }
        let mut used = [1; 7];
        for ((used, axis), _) in used.iter_mut().zip(axes).zip(0..count) {
            *used = u64::try_from(axis).ok().filter(|&axis| axis > 0).ok_or_else(|| damaged.clone())?;
        }
        let [x, y, z, others @ ..] = used;
        match others.into_iter().try_fold(1_u64, u64::checked_mul) {
            Some(1) => Ok([x, y, z]),
            volumes => Err(ReadError::Volumes { volumes: volumes.unwrap_or(u64::MAX) }),
        }
    }

    /// The sizes of all axes.
    fn shape(&self) -> impl Iterator<Item = u64> {
        let [count, axes @ ..] = self.dimensions;
        axes.into_iter().zip(0..count).map(|(axis, _)| axis.unsigned_abs())
    }

    fn number_kind(&self) -> Result<NumberKind, ReadError> {
        Ok(match self.data_type {
            2 => NumberKind::U8,
            4 => NumberKind::I16,
            8 => NumberKind::I32,
            16 => NumberKind::F32,
            64 => NumberKind::F64,
            256 => NumberKind::I8,
            512 => NumberKind::U16,
            768 => NumberKind::U32,
            1024 => NumberKind::I64,
            1280 => NumberKind::U64,
            128 | 2304 => return Err(ReadError::Colour),
            32 | 1792 | 2048 => return Err(ReadError::PixelType { pixels: "complex numbers" }),
            1536 => return Err(ReadError::PixelType { pixels: "floating-point numbers of 128 bits" }),
            1 => return Err(ReadError::PixelType { pixels: "single bits" }),
            _ => return Err(ReadError::Damaged { kind: FORMAT }),
        })
    }

    /// A slope of 0, or none that is a number, means that numbers stand for themselves.
    fn rescale(&self) -> Option<Rescale> {
        let is_set = self.slope.is_finite() && self.slope != 0.0;
        let intercept = if self.intercept.is_finite() { self.intercept } else { 0.0 };
        let is_change = self.slope != 1.0 || intercept != 0.0;
        (is_set && is_change).then_some(Rescale { slope: self.slope, intercept })
    }

    fn layout(&self) -> Result<Layout, ReadError> {
        let size = self.size()?;
        let sform = || self.sform().filter(|_| self.sform_code > 0);
        let qform = || self.qform().filter(|_| self.qform_code > 0);
        if let Some(affine) = sform().or_else(qform) {
            return Layout::placed(size, affine.to_lps());
        }
        // Without a place in the patient the axes are taken as the older Analyze format has them: to the left, the
        // front and the head. nibabel does the same.
        let [_, x, y, z, ..] = self.steps_mm();
        let steps_mm = [[-x, 0.0, 0.0], [0.0, y, 0.0], [0.0, 0.0, z]];
        match (Affine { origin_mm: [0.0; 3], steps_mm }).checked() {
            Some(affine) => Layout::supposed(size, affine.to_lps()),
            None => Layout::unplaced(size, Axes::IN_ORDER, None),
        }
    }

    /// How many millimetres one unit of length is.
    fn unit_mm(&self) -> f64 {
        match self.units & 7 {
            1 => 1000.0,
            3 => 0.001,
            _ => 1.0,
        }
    }

    fn steps_mm(&self) -> [f64; 8] {
        self.steps.map(|step| step.abs() * self.unit_mm())
    }

    fn sform(&self) -> Option<Affine> {
        let [[a, b, c, x], [d, e, f, y], [g, h, i, z]] =
            self.rows.map(|row| row.map(|part| part * self.unit_mm()));
        Affine { origin_mm: [x, y, z], steps_mm: [[a, d, g], [b, e, h], [c, f, i]] }.checked()
    }

    /// A rotation by a unit quaternion after a scaling, with the third axis turned round where `pixdim[0]` is negative.
    fn qform(&self) -> Option<Affine> {
        let [b, c, d] = self.quaternion;
        let (a, b, c, d) = match 1.0 - (b * b + c * c + d * d) {
            rest if rest < 1e-7 => {
                let length = b.hypot(c).hypot(d);
                (0.0, b / length, c / length, d / length)
            }
            rest => (rest.sqrt(), b, c, d),
        };
        let [sign, x, y, z, ..] = self.steps;
        let [_, x_mm, y_mm, z_mm, ..] = self.steps_mm();
        let z_mm = if sign < 0.0 { -z_mm } else { z_mm };
        if [x, y, z].iter().any(|step| *step <= 0.0) {
            return None;
        }
        let steps_mm = [
            [a * a + b * b - c * c - d * d, 2.0 * (b * c + a * d), 2.0 * (b * d - a * c)].map(|p| p * x_mm),
            [2.0 * (b * c - a * d), a * a + c * c - b * b - d * d, 2.0 * (c * d + a * b)].map(|p| p * y_mm),
            [2.0 * (b * d + a * c), 2.0 * (c * d - a * b), a * a + d * d - b * b - c * c].map(|p| p * z_mm),
        ];
        let origin_mm = self.quaternion_offset.map(|part| part * self.unit_mm());
        Affine { origin_mm, steps_mm }.checked()
    }
}
