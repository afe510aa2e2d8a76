//! Slices and their masks, brought back to the layout of their files.

use std::borrow::Borrow;

use super::WriteError;
use crate::{Mask, Placement, SliceInfo, Spacing, Vector};

/// Orientations and spacings that differ by less are the same: files round them.
const SAME: f64 = 1e-4;

/// How far a slice may lie from its even place, as a part of the step.
const MAX_UNEVENNESS: f64 = 0.05;

/// A slice and its mask, as shown.
#[derive(Debug, Clone, Copy)]
pub struct SliceMask<'a> {
    /// The slice.
    pub slice: &'a SliceInfo,
    /// Which of its pixels are spine.
    pub mask: &'a Mask,
}

impl SliceMask<'_> {
    /// The mask in its file's layout.
    pub(super) fn stored(&self) -> Result<Mask, WriteError> {
        if [self.mask.rows, self.mask.columns] == [self.slice.rows, self.slice.columns] {
            Ok(self.mask.as_stored(self.slice.turn))
        } else {
            Err(WriteError::OtherSize)
        }
    }
}

/// `[rows, columns]` of a slice in its file's layout.
pub(super) fn stored_size(slice: &SliceInfo) -> [u32; 2] {
    slice.turn.inverse().size([slice.rows, slice.columns])
}

/// How parallel slices of one size lie in the patient, in their files' layout.
pub(super) struct Layout {
    /// `[rows, columns]`.
    pub size: [u32; 2],
    /// Between rows.
    pub row_mm: f64,
    /// Between columns.
    pub column_mm: f64,
    pub right: Vector,
    pub down: Vector,
    /// Centre of the top left pixel of each slice.
    pub origins_mm: Vec<Vector>,
    /// Of the first slice.
    pub thickness_mm: Option<f64>,
}

impl Layout {
    pub fn of<S: Borrow<SliceInfo>>(slices: impl IntoIterator<Item = S>) -> Result<Self, WriteError> {
        let mut slices = slices.into_iter();
        let first = slices.next().ok_or(WriteError::NoMask)?;
        let (placement, spacing) = stored_place(first.borrow())?;
        let mut layout = Self {
            size: stored_size(first.borrow()),
            row_mm: as_written(spacing.row_mm),
            column_mm: as_written(spacing.column_mm),
            right: placement.right,
            down: placement.down,
            origins_mm: vec![placement.origin_mm],
            thickness_mm: first.borrow().thickness_mm.map(as_written),
        };
        for slice in slices {
            let (placement, spacing) = stored_place(slice.borrow())?;
            if stored_size(slice.borrow()) != layout.size
                || !is_near(
                    [as_written(spacing.row_mm), as_written(spacing.column_mm), 0.0],
                    [layout.row_mm, layout.column_mm, 0.0],
                )
                || !is_near(placement.right, layout.right)
                || !is_near(placement.down, layout.down)
            {
                return Err(WriteError::Mixed);
            }
            layout.origins_mm.push(placement.origin_mm);
        }
        Ok(layout)
    }

    /// From each slice's origin to the next one's, where all steps are the same; from a single slice as far as it is thick.
    pub fn step_mm(&self) -> Result<Vector, WriteError> {
        let (first, last) = match self.origins_mm.as_slice() {
            [] => return Err(WriteError::NoMask),
            [origin_mm] => {
                let placement = Placement { origin_mm: *origin_mm, right: self.right, down: self.down };
                let thickness = self.thickness_mm.ok_or(WriteError::NoThickness)?;
                return Ok(placement.normal().map(|part| part * thickness));
            }
            [first, .., last] => (*first, *last),
        };
        let count = (self.origins_mm.len() - 1) as f64;
        let step = subtract(last, first).map(|part| part / count);
        let length = length(step);
        let is_even = (0_u32..).zip(&self.origins_mm).all(|(index, &origin)| {
            let even = step.map(|part| part * f64::from(index));
            length_of_difference(subtract(origin, first), even) <= MAX_UNEVENNESS * length
        });
        if length > SAME && is_even { Ok(step) } else { Err(WriteError::Uneven) }
    }
}

fn stored_place(slice: &SliceInfo) -> Result<(Placement, Spacing), WriteError> {
    let (Some(placement), Some(spacing)) = (slice.placement, slice.spacing) else {
        return Err(WriteError::NoPlacement);
    };
    let is_finite = [placement.origin_mm, placement.right, placement.down]
        .as_flattened()
        .iter()
        .all(|part| part.is_finite());
    let is_positive = [spacing.row_mm, spacing.column_mm].iter().all(|&part| part.is_finite() && part > 0.0);
    if !is_finite || !is_positive {
        return Err(WriteError::NoPlacement);
    }
    let back = slice.turn.inverse();
    let stored_spacing = if back.transposed { spacing.transposed() } else { spacing };
    Ok((placement.turned(back, [slice.rows, slice.columns], spacing), stored_spacing))
}

/// The number that a file had before it became an f32: 0.7 and not 0.699999988.
fn as_written(millimetres: f32) -> f64 {
    millimetres.to_string().parse().unwrap_or(f64::from(millimetres))
}

fn is_near(left: Vector, right: Vector) -> bool {
    length_of_difference(left, right) <= SAME
}

fn subtract([a, b, c]: Vector, [x, y, z]: Vector) -> Vector {
    [a - x, b - y, c - z]
}

fn length([x, y, z]: Vector) -> f64 {
    x.hypot(y).hypot(z)
}

fn length_of_difference(left: Vector, right: Vector) -> f64 {
    length(subtract(left, right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Turn;

    fn slice(z: f64) -> SliceInfo {
        SliceInfo {
            rows: 3,
            columns: 2,
            spacing: Some(Spacing { row_mm: 0.5, column_mm: 2.0 }),
            thickness_mm: Some(4.0),
            placement: Some(Placement {
                origin_mm: [1.0, 2.0, z],
                right: [1.0, 0.0, 0.0],
                down: [0.0, 1.0, 0.0],
            }),
            turn: Turn::NONE,
            dicom: None,
        }
    }

    #[test]
    fn even_slices_have_one_step() {
        let layout = Layout::of([slice(5.0), slice(7.501), slice(10.0)]).unwrap();
        assert_eq!(layout.step_mm().unwrap(), [0.0, 0.0, 2.5]);
    }

    #[test]
    fn spacing_is_what_the_file_said() {
        let spacing = Some(Spacing { row_mm: 0.7, column_mm: 0.703_125 });
        let layout = Layout::of([SliceInfo { spacing, ..slice(5.0) }]).unwrap();
        assert_eq!((layout.row_mm, layout.column_mm), (0.7, 0.703_125));
    }

    #[test]
    fn a_place_that_is_no_number_is_none() {
        assert!(matches!(Layout::of([slice(f64::NAN)]), Err(WriteError::NoPlacement)));
        let flat = SliceInfo { spacing: Some(Spacing { row_mm: 0.0, column_mm: 1.0 }), ..slice(0.0) };
        assert!(matches!(Layout::of([flat]), Err(WriteError::NoPlacement)));
    }

    #[test]
    fn a_single_slice_steps_by_its_thickness() {
        assert_eq!(Layout::of([slice(5.0)]).unwrap().step_mm().unwrap(), [0.0, 0.0, 4.0]);
        let unknown = Layout::of([SliceInfo { thickness_mm: None, ..slice(5.0) }]).unwrap();
        assert!(matches!(unknown.step_mm(), Err(WriteError::NoThickness)));
    }

    #[test]
    fn a_missing_slice_or_the_same_twice_is_refused() {
        for places in [vec![0.0, 1.0, 3.0], vec![0.0, 0.0], vec![0.0, 1.0, 1.0, 2.0]] {
            let layout = Layout::of(places.iter().map(|&z| slice(z))).unwrap();
            assert!(matches!(layout.step_mm(), Err(WriteError::Uneven)), "{places:?}");
        }
    }

    #[test]
    fn slices_of_several_sizes_spacings_or_orientations_are_refused() {
        let size = SliceInfo { columns: 3, ..slice(1.0) };
        let spacing = SliceInfo { spacing: Some(Spacing { row_mm: 1.0, column_mm: 2.0 }), ..slice(1.0) };
        let turned = SliceInfo { turn: Turn::MIRROR, ..slice(1.0) };
        for other in [size, spacing, turned] {
            assert!(matches!(Layout::of([slice(0.0), other]), Err(WriteError::Mixed)));
        }
    }

    #[test]
    fn a_slice_is_placed_as_its_file_has_it() {
        let shown = SliceInfo { turn: Turn { transposed: true, ..Turn::MIRROR }, ..slice(5.0) };
        let layout = Layout::of([shown]).unwrap();
        // Shown: 3 rows of 2; mirrored last, so that the stored rows run from the shown right to the left.
        assert_eq!(layout.size, [2, 3]);
        assert_eq!((layout.row_mm, layout.column_mm), (2.0, 0.5));
        assert_eq!((layout.right, layout.down), ([0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]));
        assert_eq!(layout.origins_mm, [[3.0, 2.0, 5.0]]);
    }
}
