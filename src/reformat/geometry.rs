//! Where the voxels of a stack lie.

use std::fmt;

use rachis_ct::{Placement, SliceInfo, Spacing, Vector, series::usual_distance_mm};

/// A direction of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// From column to column, to the right in a slice.
    Column,
    /// From row to row, down a slice.
    Row,
    /// From slice to slice.
    Slice,
}

/// A voxel of a stack; each number from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voxel {
    /// From the left of a slice.
    pub column: u32,
    /// From the top of a slice.
    pub row: u32,
    /// In the order shown.
    pub slice: u32,
}

impl Voxel {
    /// Its number along an axis.
    pub fn along(self, axis: Axis) -> u32 {
        match axis {
            Axis::Column => self.column,
            Axis::Row => self.row,
            Axis::Slice => self.slice,
        }
    }

    /// The voxel with another number along an axis.
    #[must_use]
    pub fn with(self, axis: Axis, index: u32) -> Self {
        match axis {
            Axis::Column => Self { column: index, ..self },
            Axis::Row => Self { row: index, ..self },
            Axis::Slice => Self { slice: index, ..self },
        }
    }
}

/// Why a stack has no geometry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// There is one slice, or none.
    OneSlice,
    /// The size of a pixel is unknown.
    NoSpacing,
    /// The places of the slices are unknown.
    NoPlace,
    /// The slices differ in size, pixels or direction.
    Mixed,
    /// The slices do not follow each other in one direction.
    OutOfOrder,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OneSlice => "One slice has no other planes.",
            Self::NoSpacing => "No other planes and no volume: the files do not say how large a pixel is.",
            Self::NoPlace => "No other planes and no volume: the files do not say where the slices lie.",
            Self::Mixed => "No other planes and no volume: the slices differ in size or direction.",
            Self::OutOfOrder => "No other planes and no volume: the slices do not lie one after the other.",
        })
    }
}

/// How much further than usual the next slice may be before there is a gap between the two.
const GAP: f64 = 1.5;
/// Slices nearer than this lie at one place, in millimetres.
const SAME_PLACE_MM: f64 = 1e-3;
/// How much pixels of one stack may differ in size, as a part of it.
const SAME_SIZE: f32 = 1e-3;
/// The least cosine between directions that count as one.
const SAME_DIRECTION: f64 = 0.9998;

/// The voxels of a stack: their number, size and place. Slices have the distances that their files tell, even or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Geometry {
    size: [u32; 2],
    spacing: Spacing,
    placement: Option<Placement>,
    /// Where the planes of the slices lie, from the first one on; each is above the one before.
    positions_mm: Vec<f64>,
    /// Whether the way from slice to slice is against the first one's normal.
    against_normal: bool,
    usual_distance_mm: f64,
}

impl Geometry {
    /// The geometry of slices in the order shown.
    ///
    /// # Errors
    ///
    /// The [`Obstacle`], where their files do not tell enough or they do not make one stack.
    pub fn of<'a>(slices: impl IntoIterator<Item = &'a SliceInfo>) -> Result<Self, Obstacle> {
        let slices: Vec<&SliceInfo> = slices.into_iter().collect();
        let [first, _, ..] = slices.as_slice() else { return Err(Obstacle::OneSlice) };
        let spacing = first.spacing.ok_or(Obstacle::NoSpacing)?;
        if !slices.iter().all(|slice| is_alike(first, slice)) {
            return Err(Obstacle::Mixed);
        }
        let mut positions_mm = positions_mm(&slices).ok_or(Obstacle::NoPlace)?;
        let against_normal = positions_mm.last() < positions_mm.first();
        let start = positions_mm.first().copied().unwrap_or_default();
        for position in &mut positions_mm {
            *position = if against_normal { start - *position } else { *position - start };
        }
        let distances: Vec<f64> = steps(&positions_mm).collect();
        if distances.iter().any(|&distance| distance < SAME_PLACE_MM) {
            return Err(Obstacle::OutOfOrder);
        }
        let usual_distance_mm = usual_distance_mm(&distances).unwrap_or_default();
        Ok(Self {
            size: [first.rows, first.columns],
            spacing,
            placement: first.placement,
            positions_mm,
            against_normal,
            usual_distance_mm,
        })
    }

    /// Number of voxels along an axis.
    pub fn count(&self, axis: Axis) -> u32 {
        let [rows, columns] = self.size;
        match axis {
            Axis::Column => columns,
            Axis::Row => rows,
            Axis::Slice => self.positions_mm.len() as u32,
        }
    }

    /// Extent along an axis, in millimetres: that of all voxels with their borders.
    pub fn length_mm(&self, axis: Axis) -> f64 {
        match axis {
            Axis::Column => f64::from(self.count(axis)) * f64::from(self.spacing.column_mm),
            Axis::Row => f64::from(self.count(axis)) * f64::from(self.spacing.row_mm),
            Axis::Slice => (0..self.positions_mm.len()).map(|slice| self.thickness_mm(slice)).sum(),
        }
    }

    /// The usual size of a voxel along an axis, in millimetres.
    pub fn step_mm(&self, axis: Axis) -> f64 {
        match axis {
            Axis::Column => f64::from(self.spacing.column_mm),
            Axis::Row => f64::from(self.spacing.row_mm),
            Axis::Slice => self.usual_distance_mm,
        }
    }

    /// The centre of a voxel along an axis: 0 is the near border of the stack, 1 the far one.
    pub fn fraction(&self, axis: Axis, index: u32) -> f64 {
        match axis {
            Axis::Column | Axis::Row => (f64::from(index) + 0.5) / f64::from(self.count(axis).max(1)),
            Axis::Slice => {
                let position = self.positions_mm.get(index as usize).copied().unwrap_or_default();
                (position - self.near_border_mm()) / self.length_mm(axis)
            }
        }
    }

    /// The voxel at a place along an axis, as [`Geometry::fraction`] counts; the nearest one outside the stack.
    pub fn index(&self, axis: Axis, fraction: f64) -> u32 {
        let last = self.count(axis).saturating_sub(1);
        match axis {
            Axis::Column | Axis::Row => ((fraction * f64::from(self.count(axis))) as u32).min(last),
            Axis::Slice => self.nearest(self.near_border_mm() + fraction * self.length_mm(axis)),
        }
    }

    /// The direction of an axis in the patient, where it is known: a unit vector.
    pub(super) fn direction(&self, axis: Axis) -> Option<Vector> {
        let placement = self.placement?;
        Some(match axis {
            Axis::Column => placement.right,
            Axis::Row => placement.down,
            Axis::Slice if self.against_normal => placement.normal().map(|part| -part),
            Axis::Slice => placement.normal(),
        })
    }

    /// How much of the stack a slice stands for, in millimetres: half of the way to each of its neighbours. Where there is
    /// none, the usual distance counts.
    pub fn thickness_mm(&self, slice: usize) -> f64 {
        let distance = |from: Option<usize>| {
            let from = from?;
            Some(self.positions_mm.get(from + 1)? - self.positions_mm.get(from)?)
        };
        let [before, after] =
            [slice.checked_sub(1), Some(slice)].map(|from| distance(from).unwrap_or(self.usual_distance_mm));
        f64::midpoint(before, after)
    }

    /// The volume of masks in cubic centimetres, from the number of pixels in each slice that has one. Each counts over
    /// its slice's [thickness](Geometry::thickness_mm), gaps included.
    pub fn volume_cm3(&self, pixels: impl IntoIterator<Item = Option<usize>>) -> f64 {
        let pixel_mm2 = self.spacing.pixel_mm2();
        let cubic_mm = pixels
            .into_iter()
            .enumerate()
            .filter_map(|(slice, pixels)| Some(pixels? as f64 * pixel_mm2 * self.thickness_mm(slice)));
        cubic_mm.sum::<f64>() / 1000.0
    }

    /// The distances in the stack that are wider than usual, in millimetres: something is missing there.
    pub fn gaps_mm(&self) -> impl Iterator<Item = f64> {
        steps(&self.positions_mm).filter(|&distance| self.is_gap(distance))
    }

    /// The border of the first slice, as positions count.
    pub(super) fn near_border_mm(&self) -> f64 {
        -self.usual_distance_mm / 2.0
    }

    /// What a line across the stack shows there, as positions count.
    pub(super) fn line_at(&self, position_mm: f64) -> Line {
        let after = self.positions_mm.partition_point(|&position| position <= position_mm);
        let neighbours = after
            .checked_sub(1)
            .and_then(|before| Some((before, self.positions_mm.get(before)?, self.positions_mm.get(after)?)));
        let Some((before, &from, &to)) = neighbours else {
            return Line::Of(self.nearest(position_mm) as usize);
        };
        let (distance, reach) = (to - from, self.usual_distance_mm / 2.0);
        if !self.is_gap(distance) {
            return Line::Between { before, share: ((position_mm - from) / distance) as f32 };
        }
        match (position_mm - from <= reach, to - position_mm <= reach) {
            (true, _) => Line::Of(before),
            (_, true) => Line::Of(after),
            _ => Line::Gap,
        }
    }

    fn is_gap(&self, distance_mm: f64) -> bool {
        distance_mm > GAP * self.usual_distance_mm
    }

    fn nearest(&self, position_mm: f64) -> u32 {
        let after = self.positions_mm.partition_point(|&position| position < position_mm);
        let away = |slice: usize| {
            self.positions_mm.get(slice).map_or(f64::INFINITY, |position| (position - position_mm).abs())
        };
        let before = after.saturating_sub(1);
        (if away(before) <= away(after) { before } else { after }) as u32
    }
}

/// What a line across a stack shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Line {
    /// One slice.
    Of(usize),
    /// So much of the next slice, the rest of this one.
    Between { before: usize, share: f32 },
    /// Nothing: a slice is missing.
    Gap,
}

impl Line {
    /// The slice that it is nearest to.
    pub(super) fn nearest(self) -> Option<usize> {
        match self {
            Self::Of(slice) => Some(slice),
            Self::Between { before, share } => Some(if share <= 0.5 { before } else { before + 1 }),
            Self::Gap => None,
        }
    }
}

fn steps(positions_mm: &[f64]) -> impl Iterator<Item = f64> {
    positions_mm.iter().zip(positions_mm.iter().skip(1)).map(|(from, to)| to - from)
}

/// Where the slices lie along the first one's normal; else, in a file that only tells how far they are apart, from that.
fn positions_mm(slices: &[&SliceInfo]) -> Option<Vec<f64>> {
    let normal = slices.first()?.placement.map(|placement| placement.normal());
    if let Some(normal) = normal {
        return slices.iter().map(|slice| Some(dot(slice.placement?.origin_mm, normal))).collect();
    }
    // In DICOM it is how thick a slice is, however far the next one may be.
    let distance = |slice: &&SliceInfo| slice.thickness_mm.filter(|_| slice.dicom.is_none()).map(f64::from);
    let mut position = 0.0;
    let place = |slice: &&SliceInfo| {
        let here = position;
        position += distance(slice)?;
        Some(here)
    };
    slices.iter().map(place).collect()
}

fn is_alike(first: &SliceInfo, other: &SliceInfo) -> bool {
    let is_same = |a: f32, b: f32| (a - b).abs() <= SAME_SIZE * a;
    let same_pixels = first
        .spacing
        .zip(other.spacing)
        .is_some_and(|(a, b)| is_same(a.row_mm, b.row_mm) && is_same(a.column_mm, b.column_mm));
    let same_directions = match (first.placement, other.placement) {
        (Some(a), Some(b)) => dot(a.right, b.right).min(dot(a.down, b.down)) > SAME_DIRECTION,
        (None, None) => true,
        _ => false,
    };
    (first.rows, first.columns) == (other.rows, other.columns) && same_pixels && same_directions
}

fn dot([a, b, c]: Vector, [x, y, z]: Vector) -> f64 {
    a * x + b * y + c * z
}
