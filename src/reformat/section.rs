//! The pixels of a reformat.

use std::sync::Arc;

use rachis_ct::{Mask, Slice, Spacing};

use super::geometry::Line;
use super::{Axis, Geometry, View};
use crate::overlay::{Region, Regions};

/// The most lines that are made along a stack; no screen shows more.
const MAX_LINES: f64 = 1024.0;

/// The value of pixels where there is no slice: black through any window.
pub const BLANK: i16 = i16::MIN;

/// A slice's prediction with the reference that it is shown against, if any.
pub type Masks = (Arc<Mask>, Option<Arc<Mask>>);

/// How a reformat is put together from the slices. It depends on the geometry only, and is made once.
///
/// Its pixels are the slices' own in the one direction, and evenly spaced along the stack in the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    view: View,
    /// Number of voxels of a slice that each line has.
    length: usize,
    /// What the lines show, from the top or from the left.
    lines: Vec<Line>,
    spacing: Spacing,
}

impl Section {
    /// The section of a view; `None` for the view of the slices themselves.
    pub fn new(view: View, geometry: &Geometry) -> Option<Self> {
        let in_plane = if view.across == Axis::Slice { view.down } else { view.across };
        if view.through == Axis::Slice {
            return None;
        }
        let extent = geometry.length_mm(Axis::Slice);
        let finest = geometry.step_mm(in_plane).min(geometry.step_mm(Axis::Slice));
        let count = (extent / finest).round().clamp(1.0, MAX_LINES);
        let step = extent / count;
        let mut lines: Vec<Line> = (0..count as u32)
            .map(|line| geometry.line_at(geometry.near_border_mm() + (f64::from(line) + 0.5) * step))
            .collect();
        let is_transposed = view.across == Axis::Slice;
        if if is_transposed { view.mirrored } else { view.upside_down } {
            lines.reverse();
        }
        let (in_plane_mm, step_mm) = (geometry.step_mm(in_plane) as f32, step as f32);
        let spacing = if is_transposed {
            Spacing { row_mm: in_plane_mm, column_mm: step_mm }
        } else {
            Spacing { row_mm: step_mm, column_mm: in_plane_mm }
        };
        Some(Self { view, length: geometry.count(in_plane) as usize, lines, spacing })
    }

    /// The picture through column or row `at`, of the slices that are there: [`BLANK`] where none is. `None` as long as
    /// there is no slice at all.
    pub fn slice(&self, at: u32, slices: &[Option<Arc<Slice>>]) -> Option<Slice> {
        let quantity = slices.iter().flatten().next()?.quantity;
        let cut: Vec<Option<Vec<i16>>> = slices
            .iter()
            .map(|slice| {
                let slice = slice.as_ref()?;
                let columns = slice.columns as usize;
                let value = |row: usize, column: usize| slice.pixels.get(row * columns + column).copied();
                Some(self.cut(at, |row, column| value(row, column).unwrap_or(BLANK)))
            })
            .collect();
        let line = |slice: usize| cut.get(slice)?.as_ref();
        let (rows, columns, pixels) = self.laid_out(BLANK, |what, pixels| {
            let nearest = what.nearest().and_then(line);
            match what {
                Line::Between { before, share } if share > 0.0 => match (line(before), line(before + 1)) {
                    (Some(from), Some(to)) => {
                        for (pixel, (&from, &to)) in pixels.iter_mut().zip(from.iter().zip(to)) {
                            let (from, to) = (f32::from(from), f32::from(to));
                            *pixel = (from + (to - from) * share).round() as i16;
                        }
                    }
                    _ => copy(nearest, pixels),
                },
                _ => copy(nearest, pixels),
            }
        });
        let slice = Slice::new(rows, columns, pixels, quantity).ok()?;
        Some(Slice { spacing: Some(self.spacing), ..slice })
    }

    /// The overlay through column or row `at`: each slice's prediction, against its reference where it has one.
    pub fn regions(&self, at: u32, masks: &[Option<Masks>]) -> Regions {
        let cut: Vec<Option<Vec<Option<Region>>>> = masks
            .iter()
            .map(|masks| {
                let (prediction, reference) = masks.as_ref()?;
                Some(self.cut(at, |row, column| {
                    let expected = reference.as_ref().map(|mask| is_spine(mask, row, column));
                    Region::of(is_spine(prediction, row, column), expected)
                }))
            })
            .collect();
        let (rows, columns, pixels) = self.laid_out(None, |what, pixels| {
            copy(what.nearest().and_then(|slice| cut.get(slice)?.as_ref()), pixels);
        });
        Regions { rows, columns, pixels }
    }

    /// The pixels of a slice that the section goes through, in the direction shown.
    fn cut<T>(&self, at: u32, pixel: impl Fn(usize, usize) -> T) -> Vec<T> {
        let at = at as usize;
        let is_flipped =
            if self.view.across == Axis::Slice { self.view.upside_down } else { self.view.mirrored };
        let along = |place: usize| {
            let place = if is_flipped { self.length - 1 - place } else { place };
            if self.view.through == Axis::Column { pixel(place, at) } else { pixel(at, place) }
        };
        (0..self.length).map(along).collect()
    }

    /// Rows, columns and pixels of a picture whose lines along the stack are filled one by one.
    fn laid_out<T: Copy>(&self, blank: T, fill: impl Fn(Line, &mut [T])) -> (u32, u32, Vec<T>) {
        let (lines, length) = (self.lines.len(), self.length);
        let mut pixels = vec![blank; lines * length];
        for (what, line) in self.lines.iter().zip(pixels.chunks_exact_mut(length.max(1))) {
            fill(*what, line);
        }
        if self.view.across != Axis::Slice {
            return (lines as u32, length as u32, pixels);
        }
        let transposed = rachis_ct::Turn { transposed: true, ..Default::default() };
        (length as u32, lines as u32, transposed.apply([lines as u32, length as u32], &pixels))
    }
}

fn is_spine(mask: &Mask, row: usize, column: usize) -> bool {
    mask.get(row as u32, column as u32)
}

fn copy<T: Copy>(from: Option<&Vec<T>>, to: &mut [T]) {
    if let Some(from) = from {
        for (to, from) in to.iter_mut().zip(from) {
            *to = *from;
        }
    }
}
