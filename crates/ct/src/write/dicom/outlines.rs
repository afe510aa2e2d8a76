//! Outlines of a mask along the edges of its pixels.

use std::collections::HashMap;

use crate::Mask;

/// Where four pixels meet: `[row, column]` of the lower right one.
pub(super) type Corner = [u32; 2];

/// A closed polygon; its last corner is joined to its first.
pub(super) type Outline = Vec<Corner>;

/// One outline around each group of spine pixels that touch by their sides, clockwise as seen. Holes are joined to the
/// outline around them by channels without width.
pub(super) fn outlines(mask: &Mask) -> Vec<Outline> {
    let mut rings = Rings::default();
    let (mut outer, mut holes) = (Vec::new(), Vec::new());
    for loop_ in loops(mask) {
        let is_hole = loop_.is_hole;
        let ring = rings.add(&loop_.corners);
        if is_hole { holes.push(ring) } else { outer.push(ring) }
    }
    rings.join(mask, holes);
    outer.into_iter().map(|start| straight(&rings.corners_from(start))).collect()
}

/// The way along an edge, spine on its right.
#[derive(Clone, Copy, PartialEq)]
enum Heading {
    East,
    South,
    West,
    North,
}

impl Heading {
    fn right(self) -> Self {
        match self {
            Self::East => Self::South,
            Self::South => Self::West,
            Self::West => Self::North,
            Self::North => Self::East,
        }
    }

    fn left(self) -> Self {
        self.right().right().right()
    }

    fn step(self, [row, column]: Corner) -> Corner {
        match self {
            Self::East => [row, column + 1],
            Self::South => [row + 1, column],
            Self::West => [row, column.wrapping_sub(1)],
            Self::North => [row.wrapping_sub(1), column],
        }
    }
}

/// A closed way between spine and background, a corner at each pixel.
struct Loop {
    corners: Vec<Corner>,
    is_hole: bool,
}

/// All ways between spine and background.
fn loops(mask: &Mask) -> Vec<Loop> {
    // Each loop has an edge to the east, which is the upper edge of a pixel.
    let mut seen = vec![false; mask.rows as usize * mask.columns as usize];
    let index = |[row, column]: Corner| row as usize * mask.columns as usize + column as usize;
    let mut loops = Vec::new();
    for row in 0..mask.rows {
        for column in 0..mask.columns {
            let start = [row, column];
            let is_upper_edge = is_spine(mask, start) && !is_spine(mask, [row.wrapping_sub(1), column]);
            if !is_upper_edge || seen.get(index(start)) == Some(&true) {
                continue;
            }
            let (mut corner, mut heading) = (start, Heading::East);
            let mut corners = Vec::new();
            // Twice the area to the right of the way, in pixels.
            let mut area = 0_i64;
            loop {
                match heading {
                    Heading::East => {
                        area -= i64::from(corner[0]);
                        if let Some(seen) = seen.get_mut(index(corner)) {
                            *seen = true;
                        }
                    }
                    Heading::West => area += i64::from(corner[0]),
                    Heading::North | Heading::South => {}
                }
                corners.push(corner);
                corner = heading.step(corner);
                heading = turn(mask, corner, heading);
                if corner == start && heading == Heading::East {
                    break;
                }
            }
            loops.push(Loop { corners, is_hole: area < 0 });
        }
    }
    loops
}

/// Where the way goes on at a corner. Pixels that touch by a corner only are kept apart.
fn turn(mask: &Mask, [row, column]: Corner, heading: Heading) -> Heading {
    let (above, before) = (row.wrapping_sub(1), column.wrapping_sub(1));
    let (ahead_right, ahead_left) = match heading {
        Heading::East => ([row, column], [above, column]),
        Heading::South => ([row, before], [row, column]),
        Heading::West => ([above, before], [row, before]),
        Heading::North => ([above, column], [above, before]),
    };
    if !is_spine(mask, ahead_right) {
        heading.right()
    } else if is_spine(mask, ahead_left) {
        heading.left()
    } else {
        heading
    }
}

/// Whether there is spine in this pixel; outside the mask there is none.
fn is_spine(mask: &Mask, [row, column]: Corner) -> bool {
    mask.get(row, column)
}

/// Closed ways as linked corners, so that one is put into another in no time.
#[derive(Default)]
struct Rings {
    nodes: Vec<Node>,
}

#[derive(Clone, Copy)]
struct Node {
    corner: Corner,
    next: usize,
}

impl Rings {
    /// Adds a way and returns its highest node, of those the leftmost.
    fn add(&mut self, corners: &[Corner]) -> usize {
        let start = self.nodes.len();
        let nodes = corners.iter().zip(start + 1..).map(|(&corner, next)| Node { corner, next });
        self.nodes.extend(nodes);
        if let Some(last) = self.nodes.last_mut() {
            last.next = start;
        }
        let top = corners.iter().enumerate().min_by_key(|(_, corner)| **corner).map_or(0, |(place, _)| place);
        start + top
    }

    /// Puts each hole into the outline around it.
    ///
    /// From its highest corner a hole's channel goes up between two columns of spine to the next edge, which belongs to
    /// the outline or to a higher hole. That one is in the outline already, for the highest holes come first.
    fn join(&mut self, mask: &Mask, mut holes: Vec<usize>) {
        if holes.is_empty() {
            return;
        }
        let place: HashMap<Corner, usize> =
            self.nodes.iter().enumerate().map(|(index, node)| (node.corner, index)).collect();
        holes.sort_by_key(|&hole| self.corner(hole));
        for hole in holes {
            let Some([mut row, column]) = self.corner(hole) else { continue };
            while is_spine(mask, [row.wrapping_sub(1), column])
                && is_spine(mask, [row.wrapping_sub(1), column.wrapping_sub(1)])
            {
                row -= 1;
            }
            if let Some(&edge) = place.get(&[row, column]) {
                self.splice(edge, hole);
            }
        }
    }

    /// From `edge` to `hole`, around it, back to `edge` and on.
    fn splice(&mut self, edge: usize, hole: usize) {
        let (Some(edge_node), Some(hole_node)) =
            (self.nodes.get(edge).copied(), self.nodes.get(hole).copied())
        else {
            return;
        };
        let mut last = hole;
        while let Some(node) = self.nodes.get(last).filter(|node| node.next != hole) {
            last = node.next;
        }
        let back = self.nodes.len();
        self.nodes.push(Node { corner: hole_node.corner, next: back + 1 });
        self.nodes.push(edge_node);
        self.link(last, back);
        self.link(edge, hole);
    }

    fn link(&mut self, from: usize, to: usize) {
        if let Some(node) = self.nodes.get_mut(from) {
            node.next = to;
        }
    }

    fn corner(&self, index: usize) -> Option<Corner> {
        self.nodes.get(index).map(|node| node.corner)
    }

    /// The way once around.
    fn corners_from(&self, start: usize) -> Vec<Corner> {
        let following = |node: &&Node| Some(self.nodes.get(node.next)?).filter(|_| node.next != start);
        std::iter::successors(self.nodes.get(start), following).map(|node| node.corner).collect()
    }
}

/// The closed way without the corners at which it goes straight on.
fn straight(corners: &[Corner]) -> Outline {
    let before = corners.iter().cycle().skip(corners.len().saturating_sub(1));
    let after = corners.iter().cycle().skip(1);
    let direction = |from: &Corner, to: &Corner| {
        let [[from_row, from_column], [to_row, to_column]] = [*from, *to];
        [from_row.cmp(&to_row), from_column.cmp(&to_column)]
    };
    let turns = corners.iter().zip(before).zip(after);
    turns
        .filter(|((corner, before), after)| direction(before, corner) != direction(corner, after))
        .map(|((corner, _), _)| *corner)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mask(picture: &[&str]) -> Mask {
        let pixels = picture.concat().bytes().map(|byte| u8::from(byte == b'#')).collect();
        Mask::new(picture.len() as u32, picture[0].len() as u32, pixels).unwrap()
    }

    #[test]
    fn a_rectangle_has_four_corners() {
        assert_eq!(outlines(&mask(&["....", ".##.", ".##."])), [[[1, 1], [1, 3], [3, 3], [3, 1]]]);
    }

    #[test]
    fn pixels_that_touch_by_a_corner_only_are_apart() {
        let outlines = outlines(&mask(&["#.", ".#"]));
        assert_eq!(outlines, [[[0, 0], [0, 1], [1, 1], [1, 0]], [[1, 1], [1, 2], [2, 2], [2, 1]]]);
    }

    #[test]
    fn a_hole_is_joined_to_its_outline_by_a_channel() {
        let outlines = outlines(&mask(&["###", "#.#", "###"]));
        let channel = [[0, 0], [0, 1], [2, 1], [2, 2], [1, 2], [1, 1], [0, 1], [0, 3], [3, 3], [3, 0]];
        assert_eq!(outlines, [channel]);
    }

    #[test]
    fn an_empty_mask_has_no_outline() {
        assert!(outlines(&mask(&["..", ".."])).is_empty());
    }

    /// Whether a polygon encloses a pixel's centre, by the edges that it has above the centre.
    fn encloses(outline: &Outline, row: u32, column: u32) -> bool {
        let ends = outline.iter().cycle().skip(1);
        let edges = outline.iter().zip(ends).filter(|([from_row, from], [to_row, to])| {
            from_row == to_row && *from_row <= row && (*from.min(to)..*from.max(to)).contains(&column)
        });
        edges.count() % 2 == 1
    }

    proptest! {
        #[test]
        fn filled_outlines_are_the_mask(rows in 1_u32..14, columns in 1_u32..14, seed in any::<u64>(), full in 1_u64..8) {
            let mut state = seed;
            let pixels = (0..rows * columns).map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                u8::from((state >> 40) % 8 < full)
            });
            let mask = Mask::new(rows, columns, pixels.collect()).unwrap();
            let outlines = outlines(&mask);
            for row in 0..rows {
                for column in 0..columns {
                    let around = outlines.iter().filter(|outline| encloses(outline, row, column)).count();
                    // Once, so that uniting the outlines and exclusive-or give the same.
                    prop_assert_eq!(around, usize::from(is_spine(&mask, [row, column])), "{:?}", mask);
                }
            }
            let area: i64 = outlines.iter().map(|outline| {
                let ends = outline.iter().cycle().skip(1);
                outline.iter().zip(ends).map(|(a, b)| i64::from(a[1]) * i64::from(b[0]) - i64::from(b[1]) * i64::from(a[0])).sum::<i64>()
            }).sum();
            prop_assert_eq!(area, 2 * mask.count() as i64);
        }
    }
}
