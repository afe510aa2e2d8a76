use std::sync::Arc;

use rachis_ct::{Mask, Placement, Plane, Quantity, Sides, Slice, SliceInfo, Spacing, Turn, Vector};

use super::*;
use crate::overlay::Region;

const SPACING: Spacing = Spacing { row_mm: 1.1, column_mm: 0.8 };
const SIZE: [u32; 2] = [60, 84];

/// What upright slices of each plane have: to the right, down the picture, and from slice to slice.
const AXIAL: [Vector; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
const SAGITTAL: [Vector; 3] = [[0.0, 1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]];
const CORONAL: [Vector; 3] = [[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, -1.0, 0.0]];

fn infos([right, down, onwards]: [Vector; 3], positions_mm: &[f64]) -> Vec<SliceInfo> {
    let info = |&position: &f64| SliceInfo {
        rows: SIZE[0],
        columns: SIZE[1],
        spacing: Some(SPACING),
        thickness_mm: None,
        placement: Some(Placement {
            origin_mm: std::array::from_fn(|axis| 7.0 + onwards[axis] * position),
            right,
            down,
        }),
        turn: Turn::NONE,
        dicom: None,
    };
    positions_mm.iter().map(info).collect()
}

fn geometry(directions: [Vector; 3], positions_mm: &[f64]) -> Geometry {
    Geometry::of(&infos(directions, positions_mm)).unwrap()
}

fn evenly(count: u32, distance_mm: f64) -> Vec<f64> {
    (0..count).map(|slice| f64::from(slice) * distance_mm).collect()
}

fn letters(view: View) -> String {
    let Sides { left, right, top, bottom } = view.sides.unwrap();
    [left, right, top, bottom].iter().collect()
}

/// Masks of a ball about the middle of the stack; the slices hold 1000 in it and 0 outside.
fn ball(geometry: &Geometry, radius_mm: f64) -> Vec<(Arc<Slice>, Arc<Mask>)> {
    let axes = [Axis::Row, Axis::Column, Axis::Slice];
    let [rows, columns, slices] = axes.map(|axis| geometry.count(axis));
    let from_middle = |axis, index| (geometry.fraction(axis, index) - 0.5) * geometry.length_mm(axis);
    let made = (0..slices).map(|slice| {
        let voxels = (0..rows).flat_map(|row| (0..columns).map(move |column| [row, column, slice]));
        let inside = voxels.map(|voxel| {
            let away = axes.iter().zip(voxel).map(|(&axis, index)| from_middle(axis, index).powi(2));
            u8::from(away.sum::<f64>().sqrt() <= radius_mm)
        });
        let mask = Mask::new(rows, columns, inside.collect()).unwrap();
        let values = mask.pixels().into_iter().map(|pixel| i16::from(pixel) * 1000).collect();
        let slice = Slice::new(rows, columns, values, Quantity::Hu).unwrap();
        (Arc::new(slice), Arc::new(mask))
    });
    made.collect()
}

/// Width and height of what is not background, in millimetres.
fn extent_mm(rows: u32, columns: u32, spacing: Spacing, is_inside: impl Fn(usize) -> bool) -> [f64; 2] {
    let inside = |row, column| is_inside((row * columns + column) as usize);
    let wide = (0..columns).filter(|&column| (0..rows).any(|row| inside(row, column))).count();
    let high = (0..rows).filter(|&row| (0..columns).any(|column| inside(row, column))).count();
    [wide as f64 * f64::from(spacing.column_mm), high as f64 * f64::from(spacing.row_mm)]
}

#[test]
fn a_ball_is_a_circle_of_its_size_in_all_views_of_every_plane() {
    const RADIUS_MM: f64 = 25.0;
    for directions in [AXIAL, SAGITTAL, CORONAL] {
        let geometry = geometry(directions, &evenly(28, 2.5));
        let (slices, masks): (Vec<_>, Vec<_>) = ball(&geometry, RADIUS_MM)
            .into_iter()
            .map(|(slice, mask)| (Some(slice), Some((mask, None))))
            .unzip();
        for through in [Axis::Column, Axis::Row] {
            let view = View::along(through, &geometry);
            let section = Section::new(view, &geometry).unwrap();
            let middle = geometry.count(through) / 2;
            let picture = section.slice(middle, &slices).unwrap();
            let spacing = picture.spacing.unwrap();
            let shape = f64::from(picture.columns) * f64::from(spacing.column_mm)
                / (f64::from(picture.rows) * f64::from(spacing.row_mm));
            assert!((shape / view.aspect(&geometry) - 1.0).abs() < 1e-6);
            // Half grey is half-way between slices, as far as masks reach.
            let grey = extent_mm(picture.rows, picture.columns, spacing, |at| picture.pixels[at] > 500);
            let regions = section.regions(middle, &masks);
            let mask = extent_mm(regions.rows, regions.columns, spacing, |at| regions.pixels[at].is_some());
            for extent in [grey, mask].concat() {
                assert!((extent - 2.0 * RADIUS_MM).abs() <= 2.5, "{directions:?} {through:?}: {extent} mm");
            }
        }
        let counts = masks.iter().map(|masks| Some(masks.as_ref()?.0.count()));
        let volume = geometry.volume_cm3(counts);
        let expected = 4.0 / 3.0 * std::f64::consts::PI * RADIUS_MM.powi(3) / 1000.0;
        assert!((volume / expected - 1.0).abs() < 0.01, "{volume} cm3 of {expected}");
    }
}

#[test]
fn views_are_named_and_lie_as_radiologists_expect() {
    for (directions, column, row) in [
        (AXIAL, (Plane::Sagittal, "APHF"), (Plane::Coronal, "RLHF")),
        (SAGITTAL, (Plane::Coronal, "RLHF"), (Plane::Axial, "RLAP")),
        (CORONAL, (Plane::Sagittal, "APHF"), (Plane::Axial, "RLAP")),
    ] {
        // The order of the slices changes nothing.
        for distance_mm in [3.0, -3.0] {
            let geometry = geometry(directions, &evenly(9, distance_mm));
            let [a, b] = [Axis::Column, Axis::Row].map(|axis| View::along(axis, &geometry));
            assert_eq!((a.plane.unwrap(), letters(a).as_str()), column);
            assert_eq!((b.plane.unwrap(), letters(b).as_str()), row);
        }
    }
}

#[test]
fn the_head_is_where_the_letter_says() {
    // Only the slice nearest to the head is bright, and in it the left of the patient.
    let geometry = geometry(AXIAL, &evenly(5, 4.0));
    let slices: Vec<_> = (0..5)
        .map(|slice| {
            let bright = |place: u32| i16::from(slice == 4 && place % SIZE[1] > SIZE[1] / 2) * 1000;
            let pixels = (0..SIZE[0] * SIZE[1]).map(bright).collect();
            Some(Arc::new(Slice::new(SIZE[0], SIZE[1], pixels, Quantity::Hu).unwrap()))
        })
        .collect();
    let coronal = View::along(Axis::Row, &geometry);
    assert_eq!(letters(coronal), "RLHF");
    let picture = Section::new(coronal, &geometry).unwrap().slice(3, &slices).unwrap();
    let corner = |row: u32, column: u32| picture.pixels[(row * picture.columns + column) as usize];
    let (bottom, right) = (picture.rows - 1, picture.columns - 1);
    assert_eq!([corner(0, 0), corner(0, right), corner(bottom, 0), corner(bottom, right)], [0, 1000, 0, 0]);
}

#[test]
fn a_bright_voxel_is_shown_where_the_cross_hair_says() {
    let bright = Voxel { column: 61, row: 12, slice: 5 };
    for directions in [AXIAL, SAGITTAL, CORONAL] {
        for distance_mm in [2.5, -2.5] {
            let geometry = geometry(directions, &evenly(8, distance_mm));
            let slice = |slice: u32| {
                let mut pixels = vec![0; 60 * 84];
                pixels[12 * 84 + 61] = i16::from(slice == 5) * 1000;
                Some(Arc::new(Slice::new(SIZE[0], SIZE[1], pixels, Quantity::Hu).unwrap()))
            };
            let slices: Vec<_> = (0..8).map(slice).collect();
            for view in [Axis::Column, Axis::Row].map(|axis| View::along(axis, &geometry)) {
                let section = Section::new(view, &geometry).unwrap();
                let at = bright.along(view.through);
                let picture = section.slice(at, &slices).unwrap();
                let [x, y] = view.point(bright, &geometry);
                let (column, row) = (x * f64::from(picture.columns), y * f64::from(picture.rows));
                let value = picture.pixels[row as usize * picture.columns as usize + column as usize];
                assert!(value > 700, "{directions:?} {view:?}: {value}");
                let beside = section.slice(at + 1, &slices).unwrap();
                assert!(beside.pixels.iter().all(|&pixel| pixel == 0));
            }
        }
    }
}

#[test]
fn a_voxel_is_found_again_in_every_view() {
    for directions in [AXIAL, SAGITTAL, CORONAL] {
        for positions in [evenly(7, 2.5), vec![0.0, -1.0, -2.0, -9.0, -10.5]] {
            let geometry = geometry(directions, &positions);
            let views = [Axis::Slice, Axis::Column, Axis::Row].map(|axis| View::along(axis, &geometry));
            for slice in 0..positions.len() as u32 {
                for (row, column) in [(0, 0), (0, 83), (59, 0), (59, 83), (31, 17)] {
                    let voxel = Voxel { column, row, slice };
                    for view in views {
                        let point = view.point(voxel, &geometry);
                        assert!(point.iter().all(|part| (0.0..1.0).contains(part)), "{point:?}");
                        assert_eq!(view.voxel(point, voxel, &geometry), voxel, "{directions:?} {view:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn arrows_go_the_way_they_point_and_stop_at_the_border() {
    let voxel = Voxel { column: 40, row: 30, slice: 3 };
    for directions in [AXIAL, SAGITTAL, CORONAL] {
        let geometry = geometry(directions, &evenly(7, -2.5));
        for view in [Axis::Slice, Axis::Column, Axis::Row].map(|axis| View::along(axis, &geometry)) {
            let [x, y] = view.point(voxel, &geometry);
            let [right, _] = view.point(view.stepped(voxel, [1, 0, 0], &geometry), &geometry);
            let [_, down] = view.point(view.stepped(voxel, [0, 1, 0], &geometry), &geometry);
            assert!(right > x && down > y, "{directions:?} {view:?}");
            let deeper = view.stepped(voxel, [0, 0, 2], &geometry);
            assert_eq!(deeper.along(view.through), voxel.along(view.through) + 2);
            let corner = view.stepped(voxel, [1000, -1000, 1000], &geometry);
            let [x, y] = view.point(corner, &geometry);
            assert!(x > 0.9 && y < 0.15 && x < 1.0 && y > 0.0, "{x} {y}");
        }
    }
}

#[test]
fn slices_lie_where_they_are_and_what_is_missing_stays_blank() {
    let positions = [0.0, 2.0, 4.0, 12.0, 14.0];
    let geometry = geometry(AXIAL, &positions);
    assert_eq!(geometry.gaps_mm().collect::<Vec<_>>(), [8.0]);
    assert_eq!([0, 1, 2, 3, 4].map(|slice| geometry.thickness_mm(slice)), [2.0, 2.0, 5.0, 5.0, 2.0]);
    assert_eq!(geometry.length_mm(Axis::Slice), 16.0);
    let flat = |value: i16| Slice::new(SIZE[0], SIZE[1], vec![value; 60 * 84], Quantity::Hu).unwrap();
    let slices: Vec<_> = positions.iter().map(|&mm| Some(Arc::new(flat(mm as i16 * 100)))).collect();
    let section = Section::new(View::along(Axis::Row, &geometry), &geometry).unwrap();
    let picture = section.slice(0, &slices).unwrap();
    let line_mm = f64::from(picture.spacing.unwrap().row_mm);
    for row in 0..picture.rows {
        // From the lower border of the stack, 1 mm below its first slice.
        let position = 15.0 - (f64::from(row) + 0.5) * line_mm;
        let value = picture.pixels[(row * picture.columns) as usize];
        if (5.0..11.0).contains(&position) {
            assert_eq!(value, BLANK, "at {position} mm");
        } else {
            let nearest = if position < 8.0 { position.min(4.0) } else { position.max(12.0) };
            let expected = nearest.clamp(0.0, 14.0) * 100.0;
            assert!((f64::from(value) - expected).abs() <= 1.0, "{value} for {expected} at {position} mm");
        }
    }
    // A slice that is not read yet leaves its lines blank, and its neighbours go no further than half-way.
    let mut some = slices.clone();
    some[1] = None;
    let picture = section.slice(0, &some).unwrap();
    let at = |mm: f64| picture.pixels[(((15.0 - mm) / line_mm) as u32 * picture.columns) as usize];
    assert_eq!([at(2.0), at(0.5), at(3.5)], [BLANK, 0, 400]);
    assert_eq!(section.slice(0, &vec![None; 5]), None);
}

#[test]
fn a_reformat_shows_what_is_agreed_missed_and_extra_and_nothing_where_no_mask_is() {
    let geometry = geometry(AXIAL, &evenly(4, 3.0));
    let mask = |value: u8| Arc::new(Mask::new(SIZE[0], SIZE[1], vec![value; 60 * 84]).unwrap());
    let masks = [Some((mask(1), Some(mask(1)))), Some((mask(0), Some(mask(1)))), Some((mask(1), None)), None];
    let section = Section::new(View::along(Axis::Column, &geometry), &geometry).unwrap();
    let regions = section.regions(5, &masks);
    let in_slice = |slice: u32| {
        let row = ((3.5 - f64::from(slice)) / 4.0 * f64::from(regions.rows)) as u32;
        regions.pixels[(row * regions.columns) as usize]
    };
    assert_eq!(
        [0, 1, 2, 3].map(in_slice),
        [Some(Region::Agreed), Some(Region::Missed), Some(Region::Predicted), None]
    );
}

#[test]
fn the_volume_is_of_the_slices_that_have_masks() {
    let geometry = geometry(AXIAL, &[0.0, 2.0, 4.0, 12.0, 14.0]);
    let counts = [Some(100), None, Some(10), Some(0), Some(1)];
    let expected = (100.0 * 2.0 + 10.0 * 5.0 + 2.0) * 0.88 / 1000.0;
    assert!((geometry.volume_cm3(counts) - expected).abs() < 1e-6);
}

#[test]
fn slices_without_one_place_size_or_direction_make_no_volume() {
    let even = infos(AXIAL, &evenly(4, 2.0));
    let changed = |change: fn(&mut SliceInfo)| {
        let mut infos = even.clone();
        change(&mut infos[2]);
        Geometry::of(&infos).unwrap_err()
    };
    assert_eq!(changed(|info| info.spacing = None), Obstacle::Mixed);
    assert_eq!(changed(|info| info.rows = 9), Obstacle::Mixed);
    assert_eq!(changed(|info| info.placement = None), Obstacle::Mixed);
    assert_eq!(changed(|info| info.placement.as_mut().unwrap().right = [0.0, 1.0, 0.0]), Obstacle::Mixed);
    assert_eq!(changed(|info| info.placement.as_mut().unwrap().origin_mm[2] = 900.0), Obstacle::OutOfOrder);
    assert_eq!(Geometry::of(&even[..1]).unwrap_err(), Obstacle::OneSlice);
    assert_eq!(Geometry::of(&infos(AXIAL, &[0.0, 2.0, 2.0])).unwrap_err(), Obstacle::OutOfOrder);
    let all = |change: fn(&mut SliceInfo)| {
        let mut infos = even.clone();
        infos.iter_mut().for_each(change);
        Geometry::of(&infos)
    };
    assert_eq!(all(|info| info.spacing = None).unwrap_err(), Obstacle::NoSpacing);
    assert_eq!(all(|info| info.placement = None).unwrap_err(), Obstacle::NoPlace);
    // A volume may tell how far its slices are apart and not where they lie.
    let unplaced = all(|info| (info.placement, info.thickness_mm) = (None, Some(2.5))).unwrap();
    assert_eq!(unplaced.length_mm(Axis::Slice), 10.0);
    let view = View::along(Axis::Row, &unplaced);
    assert_eq!((view.plane, view.sides), (None, None));
    // In DICOM the thickness says nothing of the next slice.
    let dicom = all(|info| {
        (info.placement, info.thickness_mm, info.dicom) = (None, Some(2.5), Some(Default::default()));
    });
    assert_eq!(dicom.unwrap_err(), Obstacle::NoPlace);
}

#[test]
fn grey_values_between_slices_are_those_of_scipy() {
    let reference: serde_json::Value = serde_json::from_str(include_str!("reference.json")).unwrap();
    let numbers = |value: &serde_json::Value| -> Vec<f64> {
        value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
    };
    let [row_mm, column_mm] = numbers(&reference["spacing_mm"])[..] else { panic!() };
    let spacing = Spacing { row_mm: row_mm as f32, column_mm: column_mm as f32 };
    let mut infos = infos(AXIAL, &numbers(&reference["positions_mm"]));
    for info in &mut infos {
        (info.rows, info.columns, info.spacing) = (5, 7, Some(spacing));
    }
    let geometry = Geometry::of(&infos).unwrap();
    let slice = |rows: &serde_json::Value| {
        let pixels = rows.as_array().unwrap().iter().flat_map(numbers).map(|value| value as i16).collect();
        Some(Arc::new(Slice::new(5, 7, pixels, Quantity::Hu).unwrap()))
    };
    let slices: Vec<_> = reference["slices"].as_array().unwrap().iter().map(slice).collect();
    for (through, at, expected) in
        [(Axis::Row, 3, "coronal_at_row_3"), (Axis::Column, 2, "sagittal_at_column_2")]
    {
        let section = Section::new(View::along(through, &geometry), &geometry).unwrap();
        let picture = section.slice(at, &slices).unwrap();
        let expected: Vec<Vec<f64>> = reference[expected].as_array().unwrap().iter().map(numbers).collect();
        assert_eq!((picture.rows as usize, picture.columns as usize), (expected.len(), expected[0].len()));
        for (value, expected) in picture.pixels.iter().zip(expected.concat()) {
            assert!((f64::from(*value) - expected).abs() <= 0.51, "{value}, not {expected}");
        }
    }
}
