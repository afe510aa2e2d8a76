//! How a frame lies in the patient, and the turn after which it lies as radiologists expect it.

use crate::placement::dot;
use crate::{Placement, Spacing, Turn, Vector};

/// A frame as it is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    /// `[rows, columns]`.
    pub size: [u32; 2],
    pub spacing: Option<Spacing>,
    pub placement: Option<Placement>,
    /// From what is stored to this.
    pub turn: Turn,
}

/// How far directions may be from unit length and from a right angle: files round them to two decimals.
const TOLERANCE: f64 = 0.02;

impl Layout {
    /// Of a frame stored with `size` and `spacing`; of ImagePositionPatient, ImageOrientationPatient and
    /// PatientOrientation whatever the file has. PatientPosition does not tell how a picture lies.
    pub fn new(
        size: [u32; 2],
        spacing: Option<Spacing>,
        position: &[f64],
        orientation: &[f64],
        sides: Option<&str>,
    ) -> Self {
        let directions = directions(orientation);
        let stored = directions.zip(vector(position)).map(|([right, down], origin_mm)| Placement {
            origin_mm,
            right,
            down,
        });
        let turn = directions
            .or_else(|| sides.and_then(facing))
            .map_or(Turn::NONE, |[right, down]| Placement { origin_mm: [0.0; 3], right, down }.upright());
        let shown = |spacing: Spacing| if turn.transposed { spacing.transposed() } else { spacing };
        Self {
            size: turn.size(size),
            spacing: spacing.map(shown),
            placement: stored.zip(spacing).map(|(stored, spacing)| stored.turned(turn, size, spacing)),
            turn,
        }
    }
}

fn vector(numbers: &[f64]) -> Option<Vector> {
    numbers.first_chunk().copied()
}

/// ImageOrientationPatient as two unit vectors at a right angle, to the right and down the stored picture.
fn directions(orientation: &[f64]) -> Option<[Vector; 2]> {
    let &[a, b, c, x, y, z] = orientation.first_chunk()?;
    let (right, down) = (unit([a, b, c])?, unit([x, y, z])?);
    (dot(right, down).abs() < TOLERANCE).then_some([right, down])
}

fn unit(vector: Vector) -> Option<Vector> {
    let length = dot(vector, vector).sqrt();
    ((length - 1.0).abs() < TOLERANCE).then(|| vector.map(|part| part / length))
}

/// The axes nearest to PatientOrientation (DICOM PS3.3 C.7.6.1.1.1), such as `L\P`: what rows and columns run towards.
fn facing(orientation: &str) -> Option<[Vector; 2]> {
    let mut axes = orientation.split('\\').map(|direction| match direction.trim().chars().next()? {
        'L' => Some([1.0, 0.0, 0.0]),
        'R' => Some([-1.0, 0.0, 0.0]),
        'P' => Some([0.0, 1.0, 0.0]),
        'A' => Some([0.0, -1.0, 0.0]),
        'H' => Some([0.0, 0.0, 1.0]),
        'F' => Some([0.0, 0.0, -1.0]),
        _ => None,
    });
    let (right, down) = (axes.next()??, axes.next()??);
    (dot(right, down) == 0.0).then_some([right, down])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACING: Option<Spacing> = Some(Spacing { row_mm: 2.0, column_mm: 0.5 });
    const SUPINE: [f64; 6] = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0];

    #[test]
    fn a_patient_on_the_left_side_comes_upright() {
        // Table coordinates of a head-first scan: what is up is the patient's right.
        let orientation = [0.0, -1.0, 0.0, 1.0, 0.0, 0.0];
        let layout = Layout::new([4, 6], SPACING, &[-10.0, 20.0, 5.0], &orientation, None);
        assert_eq!(layout.size, [6, 4]);
        assert_eq!(layout.spacing, Some(Spacing { row_mm: 0.5, column_mm: 2.0 }));
        let placement = layout.placement.unwrap();
        assert_eq!((placement.right, placement.down), ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]));
        assert_eq!(placement.origin_mm, [-10.0, 17.5, 5.0]);
    }

    #[test]
    fn without_a_position_the_orientation_still_turns_the_picture() {
        let prone = [-1.0, 0.0, 0.0, 0.0, -1.0, 0.0];
        let layout = Layout::new([4, 6], SPACING, &[], &prone, None);
        assert_eq!((layout.turn, layout.placement), (Turn::HALF, None));
        let layout = Layout::new([4, 6], SPACING, &[], &[], Some("R\\AH"));
        assert_eq!((layout.turn, layout.placement), (Turn::HALF, None));
    }

    #[test]
    fn an_orientation_that_is_none_is_ignored() {
        for orientation in
            [&[0.0; 6][..], &[1.0, 0.0, 0.0, 1.0, 0.0, 0.0], &[9.0, 0.0, 0.0, 0.0, 1.0, 0.0], &SUPINE[..5]]
        {
            let layout = Layout::new([4, 6], SPACING, &[0.0; 3], orientation, Some("L\\L"));
            assert_eq!((layout.turn, layout.placement), (Turn::NONE, None), "{orientation:?}");
        }
    }
}
