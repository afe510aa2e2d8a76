//! Surface distances equal those of MedPy; `make_surfaces.py` wrote the numbers.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of tests may stop them"
)]

use proptest::prelude::*;
use rachis_eval::{EvalError, Grid, SurfaceDistances};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    name: String,
    shape: Vec<usize>,
    spacing_mm: Vec<f64>,
    predicted: String,
    reference: String,
    hd95_mm: f64,
    assd_mm: f64,
}

fn mask(drawn: &str) -> Vec<u8> {
    drawn.bytes().map(|pixel| u8::from(pixel == b'#')).collect()
}

fn measured(pair: &Expected) -> SurfaceDistances {
    let (predicted, reference) = (mask(&pair.predicted), mask(&pair.reference));
    let distances = match (&*pair.shape, &*pair.spacing_mm) {
        (&[rows, columns], &[row_mm, column_mm]) => {
            let grid = Grid { shape: [rows, columns], spacing_mm: [row_mm, column_mm] };
            SurfaceDistances::of(&predicted, &reference, &grid)
        }
        (&[planes, rows, columns], &[plane_mm, row_mm, column_mm]) => {
            let grid = Grid { shape: [planes, rows, columns], spacing_mm: [plane_mm, row_mm, column_mm] };
            SurfaceDistances::of(&predicted, &reference, &grid)
        }
        _ => panic!("{} is neither picture nor volume", pair.name),
    };
    distances.unwrap().unwrap()
}

#[test]
fn distances_equal_those_of_medpy() {
    let pairs: Vec<Expected> = serde_json::from_str(include_str!("surfaces.json")).unwrap();
    for pair in &pairs {
        let SurfaceDistances { hd95_mm, assd_mm } = measured(pair);
        assert!((hd95_mm - pair.hd95_mm).abs() < 1e-9, "{}: {hd95_mm}, not {}", pair.name, pair.hd95_mm);
        assert!((assd_mm - pair.assd_mm).abs() < 1e-9, "{}: {assd_mm}, not {}", pair.name, pair.assd_mm);
    }
}

const SQUARE: Grid<2> = Grid { shape: [2, 2], spacing_mm: [1.0, 1.0] };

#[test]
fn an_empty_mask_has_no_surface() {
    for (predicted, reference) in [([0; 4], [0; 4]), ([0; 4], [0, 1, 0, 0]), ([0, 1, 0, 0], [0; 4])] {
        assert_eq!(SurfaceDistances::of(&predicted, &reference, &SQUARE).unwrap(), None);
    }
    let nothing = Grid { shape: [0, 5], spacing_mm: [1.0, 1.0] };
    assert_eq!(SurfaceDistances::of(&[], &[], &nothing).unwrap(), None);
}

#[test]
fn masks_that_do_not_fit_are_refused() {
    let three = SurfaceDistances::of(&[0; 4], &[0; 3], &SQUARE);
    assert!(matches!(three, Err(EvalError::PixelCounts { .. })), "{three:?}");
    let five = SurfaceDistances::of(&[0; 5], &[0; 5], &SQUARE);
    assert!(matches!(five, Err(EvalError::Shape { pixels: 5, .. })), "{five:?}");
    let huge = SurfaceDistances::of(&[], &[], &Grid { shape: [usize::MAX, 3], spacing_mm: [1.0, 1.0] });
    assert!(matches!(huge, Err(EvalError::Shape { .. })), "{huge:?}");
}

#[test]
fn an_impossible_spacing_is_refused() {
    for spacing_mm in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300] {
        let grid = Grid { spacing_mm: [1.0, spacing_mm], ..SQUARE };
        let refused = SurfaceDistances::of(&[1; 4], &[1; 4], &grid);
        assert!(matches!(refused, Err(EvalError::Spacing { .. })), "{spacing_mm}: {refused:?}");
    }
}

const SMALL: [usize; 2] = [7, 9];

fn small_mask() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec((0_u8..5).prop_map(|pixel| pixel / 4), SMALL[0] * SMALL[1])
}

fn distances(a: &[u8], b: &[u8], shape: [usize; 2], spacing_mm: [f64; 2]) -> Option<SurfaceDistances> {
    SurfaceDistances::of(a, b, &Grid { shape, spacing_mm }).unwrap()
}

/// Puts a small mask into a larger picture.
fn moved(mask: &[u8], rows: usize, columns: usize) -> Vec<u8> {
    let mut picture = vec![0; 20 * 20];
    for (row, pixels) in mask.chunks(SMALL[1]).enumerate() {
        let start = (row + rows) * 20 + columns;
        picture[start..start + SMALL[1]].copy_from_slice(pixels);
    }
    picture
}

fn is_close(a: Option<SurfaceDistances>, b: Option<SurfaceDistances>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a.hd95_mm - b.hd95_mm).abs() < 1e-9 && (a.assd_mm - b.assd_mm).abs() < 1e-9,
        (a, b) => a.is_none() && b.is_none(),
    }
}

proptest! {
    #[test]
    fn neither_mask_comes_first(a in small_mask(), b in small_mask()) {
        prop_assert!(is_close(distances(&a, &b, SMALL, [0.7, 1.3]), distances(&b, &a, SMALL, [0.7, 1.3])));
    }

    #[test]
    fn a_mask_has_no_distance_from_itself(a in small_mask()) {
        if let Some(found) = distances(&a, &a, SMALL, [0.7, 1.3]) {
            prop_assert_eq!(found, SurfaceDistances { hd95_mm: 0.0, assd_mm: 0.0 });
        }
    }

    #[test]
    fn where_both_masks_lie_together_does_not_matter(
        a in small_mask(), b in small_mask(), rows in 0_usize..13, columns in 0_usize..11,
    ) {
        let there = distances(&moved(&a, rows, columns), &moved(&b, rows, columns), [20, 20], [0.7, 1.3]);
        prop_assert!(is_close(distances(&a, &b, SMALL, [0.7, 1.3]), there));
    }

    #[test]
    fn distances_scale_with_the_spacing(a in small_mask(), b in small_mask(), scale in 0.1_f64..10.0) {
        let scaled = distances(&a, &b, SMALL, [0.7 * scale, 1.3 * scale]);
        let expected = distances(&a, &b, SMALL, [0.7, 1.3]).map(|SurfaceDistances { hd95_mm, assd_mm }| {
            SurfaceDistances { hd95_mm: hd95_mm * scale, assd_mm: assd_mm * scale }
        });
        prop_assert!(is_close(scaled, expected));
    }
}
