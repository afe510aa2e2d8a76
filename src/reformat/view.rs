//! How the three views of a stack lie on its axes.

use rachis_ct::{Placement, Plane, Sides};

use super::{Axis, Geometry, Voxel};

/// A view of a stack: its slices as they are, or a reformat across them, upright.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// The axis that it looks along.
    pub through: Axis,
    /// The axis that runs across it.
    pub across: Axis,
    /// The axis that runs down it.
    pub down: Axis,
    /// Whether the first voxel across is at the right.
    pub(super) mirrored: bool,
    /// Whether the first voxel down is at the bottom.
    pub(super) upside_down: bool,
    /// The anatomical plane, where it is known.
    pub plane: Option<Plane>,
    /// What its sides face, where that is known.
    pub sides: Option<Sides>,
}

impl View {
    /// The view that looks along an axis.
    pub fn along(through: Axis, geometry: &Geometry) -> Self {
        let [across, down] = match through {
            Axis::Slice => [Axis::Column, Axis::Row],
            Axis::Column => [Axis::Row, Axis::Slice],
            Axis::Row => [Axis::Column, Axis::Slice],
        };
        let placed = geometry.direction(across).zip(geometry.direction(down));
        let Some(placement) = placed.map(|(right, down)| Placement { origin_mm: [0.0; 3], right, down })
        else {
            // Slices without a place come from the feet upwards, if from anywhere.
            let upside_down = through != Axis::Slice;
            return Self { through, across, down, mirrored: false, upside_down, plane: None, sides: None };
        };
        // The slices themselves are shown upright already.
        let turn = if through == Axis::Slice { Default::default() } else { placement.upright() };
        let [across, down] = if turn.transposed { [down, across] } else { [across, down] };
        let spacing = rachis_ct::Spacing { row_mm: 1.0, column_mm: 1.0 };
        Self {
            through,
            across,
            down,
            mirrored: turn.mirrored,
            upside_down: turn.upside_down,
            plane: Some(placement.plane()),
            sides: Some(placement.turned(turn, [1, 1], spacing).sides()),
        }
    }

    /// Width by height, in millimetres.
    pub fn aspect(&self, geometry: &Geometry) -> f64 {
        geometry.length_mm(self.across) / geometry.length_mm(self.down)
    }

    /// Where a voxel's centre is in the view: 0 to 1 from the left and from the top.
    pub fn point(&self, voxel: Voxel, geometry: &Geometry) -> [f64; 2] {
        let fraction = |axis| geometry.fraction(axis, voxel.along(axis));
        self.turned([fraction(self.across), fraction(self.down)])
    }

    /// The voxel at a point of the view that shows `voxel`.
    pub fn voxel(&self, point: [f64; 2], voxel: Voxel, geometry: &Geometry) -> Voxel {
        let [across, down] = self.turned(point);
        let across = geometry.index(self.across, across);
        voxel.with(self.across, across).with(self.down, geometry.index(self.down, down))
    }

    /// The voxel so many steps to the right, down, and deeper into the stack, as far as there are voxels.
    pub fn stepped(&self, voxel: Voxel, [right, down, deeper]: [i32; 3], geometry: &Geometry) -> Voxel {
        let step = |voxel: Voxel, axis, steps: i32| {
            let last = geometry.count(axis).saturating_sub(1);
            voxel.with(axis, voxel.along(axis).saturating_add_signed(steps).min(last))
        };
        let right = if self.mirrored { -right } else { right };
        let down = if self.upside_down { -down } else { down };
        step(step(step(voxel, self.across, right), self.down, down), self.through, deeper)
    }

    /// From a point counted along the axes to one counted from the left and the top, and back.
    fn turned(&self, [across, down]: [f64; 2]) -> [f64; 2] {
        [if self.mirrored { 1.0 - across } else { across }, if self.upside_down { 1.0 - down } else { down }]
    }
}
