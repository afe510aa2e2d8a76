//! Where a slice lies in the patient.

use serde::{Deserialize, Serialize};

use crate::{Spacing, Turn};

/// A direction or a point, in millimetres along DICOM's axes (PS3.3 C.7.6.2.1.1): x to the patient's left, y to the
/// back, z to the head.
pub type Vector = [f64; 3];

/// A slice's place and orientation in the patient.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// Centre of the top left pixel.
    pub origin_mm: Vector,
    /// Unit vector from one column to the next, to the right in the picture.
    pub right: Vector,
    /// Unit vector from one row to the next, down the picture.
    pub down: Vector,
}

/// The anatomical plane that a slice is nearest to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plane {
    /// Across the body.
    Axial,
    /// From front to back.
    Sagittal,
    /// From side to side.
    Coronal,
}

/// What the four sides of a picture face: R, L, A(nterior), P(osterior), H(ead) or F(eet).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sides {
    /// Of the left side.
    pub left: char,
    /// Of the right side.
    pub right: char,
    /// Of the upper side.
    pub top: char,
    /// Of the lower side.
    pub bottom: char,
}

impl Placement {
    /// The unit vector from a slice towards its series' next one, if that is the way they are stacked: `right` x `down`.
    pub fn normal(&self) -> Vector {
        let ([a, b, c], [x, y, z]) = (self.right, self.down);
        [b * z - c * y, c * x - a * z, a * y - b * x]
    }

    /// The slice's place along its own normal, by which a series is sorted.
    pub fn position_mm(&self) -> f64 {
        dot(self.origin_mm, self.normal())
    }

    /// The nearest anatomical plane.
    pub fn plane(&self) -> Plane {
        match main_axis(self.normal()) {
            0 => Plane::Sagittal,
            1 => Plane::Coronal,
            _ => Plane::Axial,
        }
    }

    /// What the picture's sides face.
    pub fn sides(&self) -> Sides {
        let face = |[x, y, z]: Vector| match main_axis([x, y, z]) {
            0 if x > 0.0 => ('L', 'R'),
            0 => ('R', 'L'),
            1 if y > 0.0 => ('P', 'A'),
            1 => ('A', 'P'),
            _ if z > 0.0 => ('H', 'F'),
            _ => ('F', 'H'),
        };
        let ((right, left), (bottom, top)) = (face(self.right), face(self.down));
        Sides { left, right, top, bottom }
    }

    /// The turn after which the picture lies as radiologists expect it: in axial slices the patient's right is on the
    /// left and the front on top, in coronal ones the right is on the left and the head on top, in sagittal ones the front is on
    /// the left and the head on top.
    pub fn upright(&self) -> Turn {
        let (wanted_right, wanted_down) = match self.plane() {
            Plane::Axial => ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
            Plane::Coronal => ([1.0, 0.0, 0.0], [0.0, 0.0, -1.0]),
            Plane::Sagittal => ([0.0, 1.0, 0.0], [0.0, 0.0, -1.0]),
        };
        let transposed = dot(self.right, wanted_right).abs() < dot(self.down, wanted_right).abs();
        let (right, down) = if transposed { (self.down, self.right) } else { (self.right, self.down) };
        Turn {
            transposed,
            upside_down: dot(down, wanted_down) < 0.0,
            mirrored: dot(right, wanted_right) < 0.0,
        }
    }

    /// The middle of the picture.
    pub(crate) fn middle_mm(&self, [rows, columns]: [u32; 2], spacing: Spacing) -> Vector {
        let half =
            |count: u32, spacing_mm: f32| f64::from(count.saturating_sub(1)) * f64::from(spacing_mm) / 2.0;
        let in_first_row = add(self.origin_mm, self.right, half(columns, spacing.column_mm));
        add(in_first_row, self.down, half(rows, spacing.row_mm))
    }

    /// The place of the same picture after `turn`, where it has `[rows, columns]` and `spacing` before.
    #[must_use]
    pub fn turned(&self, turn: Turn, [rows, columns]: [u32; 2], spacing: Spacing) -> Self {
        let (right, down, [rows, columns], spacing) = if turn.transposed {
            (self.down, self.right, [columns, rows], spacing.transposed())
        } else {
            (self.right, self.down, [rows, columns], spacing)
        };
        let mut turned = Self { origin_mm: self.origin_mm, right, down };
        let last = |count: u32, spacing_mm: f32| f64::from(count.saturating_sub(1)) * f64::from(spacing_mm);
        if turn.mirrored {
            turned.origin_mm = add(turned.origin_mm, right, last(columns, spacing.column_mm));
            turned.right = right.map(|part| -part);
        }
        if turn.upside_down {
            turned.origin_mm = add(turned.origin_mm, down, last(rows, spacing.row_mm));
            turned.down = down.map(|part| -part);
        }
        turned
    }
}

pub(crate) fn dot([a, b, c]: Vector, [x, y, z]: Vector) -> f64 {
    a * x + b * y + c * z
}

fn add(point: Vector, direction: Vector, millimetres: f64) -> Vector {
    let ([a, b, c], [x, y, z]) = (point, direction);
    [a + x * millimetres, b + y * millimetres, c + z * millimetres]
}

/// The axis along which a direction goes furthest.
fn main_axis([x, y, z]: Vector) -> usize {
    let [x, y, z] = [x.abs(), y.abs(), z.abs()];
    if x >= y && x >= z {
        0
    } else if y >= z {
        1
    } else {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACING: Spacing = Spacing { row_mm: 2.0, column_mm: 0.5 };

    fn placed(right: Vector, down: Vector) -> Placement {
        Placement { origin_mm: [10.0, 20.0, 30.0], right, down }
    }

    fn sides(placement: &Placement) -> String {
        let Sides { left, right, top, bottom } = placement.sides();
        [left, right, top, bottom].iter().collect()
    }

    #[test]
    fn a_supine_slice_lies_as_expected() {
        let supine = placed([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]);
        assert_eq!((supine.plane(), sides(&supine).as_str()), (Plane::Axial, "RLAP"));
        assert_eq!(supine.upright(), Turn::NONE);
        assert_eq!(supine.position_mm(), 30.0);
    }

    #[test]
    fn a_prone_slice_is_given_half_a_turn_about_the_same_place() {
        let prone = placed([-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]);
        assert_eq!((prone.upright(), prone.position_mm()), (Turn::HALF, 30.0));
        let turned = prone.turned(Turn::HALF, [5, 9], SPACING);
        assert_eq!(
            turned,
            Placement { origin_mm: [6.0, 12.0, 30.0], ..placed([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]) }
        );
    }

    #[test]
    fn every_layout_of_an_axial_slice_comes_upright_and_keeps_its_corners() {
        for turn in Turn::all() {
            let stored = placed([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]).turned(turn, [4, 3], SPACING);
            let (size, spacing) =
                (turn.size([4, 3]), if turn.transposed { SPACING.transposed() } else { SPACING });
            assert_eq!(stored.upright(), turn.inverse(), "{turn:?}");
            let shown = stored.turned(stored.upright(), size, spacing);
            assert_eq!(sides(&shown), "RLAP", "{turn:?}");
            assert_eq!(shown.origin_mm, [10.0, 20.0, 30.0], "{turn:?}");
        }
    }

    #[test]
    fn sagittal_and_coronal_slices_have_the_head_on_top() {
        let sagittal = placed([0.0, 1.0, 0.0], [0.0, 0.0, 1.0]);
        assert_eq!(sagittal.plane(), Plane::Sagittal);
        assert_eq!(sides(&sagittal.turned(sagittal.upright(), [4, 4], SPACING)), "APHF");
        let coronal = placed([0.0, 0.0, -1.0], [-1.0, 0.0, 0.0]);
        assert_eq!(coronal.plane(), Plane::Coronal);
        assert_eq!(sides(&coronal.turned(coronal.upright(), [4, 4], SPACING)), "RLHF");
    }
}
