//! The shader of convolutions.
//!
//! An invocation keeps the sums of a tile in registers: some rows and columns of pixels, some groups of channels. Per row
//! of the kernel and group of input channels it reads each pixel and each weight that the tile needs once, and multiplies
//! each with each. Compilers keep in registers only what has a name of its own, hence a text without arrays or inner loops.

use std::fmt::Write;

use crate::Geometry;

/// What one invocation computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Rows of pixels; even.
    pub rows: usize,
    /// Columns of pixels; even.
    pub columns: usize,
    /// Groups of 4 channels.
    pub groups: usize,
}

impl Tile {
    /// The tile for a layer: no more channels than it has, and a short text where the kernel is wide.
    pub(super) fn fitting(self, kernel_columns: usize, groups: usize) -> Self {
        const WIDE: usize = 8;
        if kernel_columns > WIDE {
            return Self { rows: 2, columns: 2, groups: 1 };
        }
        Self { groups: self.groups.min(groups), ..self }
    }
}

/// What convolutions differ in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variant {
    pub(super) geometry: Geometry,
    pub(super) tile: Tile,
    /// Images that are read as one.
    pub(super) images: usize,
    pub(super) rectify: bool,
    /// Whether there is another output, the largest of each 2x2 pixels.
    pub(super) pooled: bool,
}

/// Images that are read as one, at most: the shader has 8 buffers.
pub(super) const MAX_IMAGES: usize = 4;

/// Invocations of a workgroup along columns and rows.
pub(super) const WORKGROUP: [usize; 2] = [8, 8];

const PARAMS: &str = "
struct Params {
    // Of the images.
    rows: u32,
    columns: u32,
    // Windows along each axis, and zeros before the image.
    window_rows: u32,
    window_columns: u32,
    above: i32,
    left: i32,
    first_row: u32,
    // Of the output, and where in it the windows' results go.
    output_rows: u32,
    output_columns: u32,
    groups: u32,
    step_rows: i32,
    step_columns: i32,
    shift_rows: i32,
    shift_columns: i32,
    // Length of the weights for the channels of one invocation.
    block: u32,
    unused: u32,
    // Of each image.
    image_groups: vec4u,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(2) var<storage, read> weights: array<vec4f>;

fn store(group: u32, row: u32, column: u32, sum: vec4f) {
    let y = i32(row) * p.step_rows + p.shift_rows;
    let x = i32(column) * p.step_columns + p.shift_columns;
    let is_window = row < p.window_rows && column < p.window_columns;
    if (is_window && y >= 0 && y < i32(p.output_rows) && x >= 0 && x < i32(p.output_columns)) {
        output[(group * p.output_rows + u32(y)) * p.output_columns + u32(x)] = sum;
    }
}
";

const STORE_POOLED: &str = "
fn store_pooled(group: u32, row: u32, column: u32, largest: vec4f) {
    let rows = p.output_rows / 2;
    let columns = p.output_columns / 2;
    if (row < rows && column < columns) {
        pooled[(group * rows + row) * columns + column] = largest;
    }
}
";

impl Variant {
    /// The shader's text.
    pub(super) fn source(&self) -> String {
        let mut text = PARAMS.to_owned();
        // Writing to a string does not fail.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let Tile { rows, columns, groups } = self.tile;
        let [across, down] = WORKGROUP;
        for image in 0..self.images {
            let binding = 3 + image;
            writeln!(text, "@group(0) @binding({binding}) var<storage, read> image{image}: array<vec4f>;")?;
        }
        if self.pooled {
            let binding = 3 + self.images;
            writeln!(text, "@group(0) @binding({binding}) var<storage, read_write> pooled: array<vec4f>;")?;
            text.push_str(STORE_POOLED);
        }
        writeln!(
            text,
            "
@compute @workgroup_size({across}, {down})
fn main(@builtin(global_invocation_id) id: vec3u) {{
    let row = p.first_row + id.y * {rows};
    let column = id.x * {columns};
    let group = id.z * {groups};
    if (row >= p.window_rows || column >= p.window_columns) {{
        return;
    }}
    var w = id.z * p.block;"
        )?;
        self.begin_sums(text)?;
        self.find_columns(text)?;
        for image in 0..self.images {
            self.add_products(text, image)?;
        }
        self.store(text)?;
        writeln!(text, "}}")
    }

    /// The places of the tile's pixels.
    fn pixels(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let Tile { rows, columns, .. } = self.tile;
        (0..rows).flat_map(move |row| (0..columns).map(move |column| (row, column)))
    }

    /// Columns of the image that the tile sees, from where the first window would start without zeros before the image.
    fn seen_columns(&self) -> Vec<usize> {
        let Geometry { size, stride, dilation } = self.geometry;
        let window = |column: usize| (0..size[1]).map(move |tap| column * stride[1] + tap * dilation[1]);
        let mut seen: Vec<usize> = (0..self.tile.columns).flat_map(window).collect();
        seen.sort_unstable();
        seen.dedup();
        seen
    }

    fn begin_sums(&self, text: &mut String) -> std::fmt::Result {
        for (row, column) in self.pixels() {
            for group in 0..self.tile.groups {
                writeln!(text, "    var s{row}_{column}_{group} = weights[w + {group}];")?;
            }
        }
        writeln!(text, "    w += {};", self.tile.groups)
    }

    fn find_columns(&self, text: &mut String) -> std::fmt::Result {
        let stride = self.geometry.stride[1];
        for column in self.seen_columns() {
            writeln!(text, "    let x{column} = i32(column) * {stride} + {column} - p.left;")?;
            writeln!(text, "    let has{column} = x{column} >= 0 && x{column} < i32(p.columns);")?;
        }
        Ok(())
    }

    /// Multiplies one image with its weights, `[kernel rows][groups][kernel columns][lanes][tile groups]`.
    fn add_products(&self, text: &mut String, image: usize) -> std::fmt::Result {
        let Geometry { size: [kernel_rows, kernel_columns], stride, dilation } = self.geometry;
        let Tile { rows, groups, .. } = self.tile;
        writeln!(text, "    for (var tap = 0; tap < {kernel_rows}; tap++) {{")?;
        for row in 0..rows {
            let (stride, dilation) = (stride[0], dilation[0]);
            writeln!(
                text,
                "        let y{row} = (i32(row) + {row}) * {stride} + tap * {dilation} - p.above;
        let is{row} = y{row} >= 0 && y{row} < i32(p.rows);
        var line{row} = y{row} * i32(p.columns);"
            )?;
        }
        writeln!(text, "        for (var g = 0u; g < p.image_groups[{image}]; g++) {{")?;
        let seen = self.seen_columns();
        for row in 0..rows {
            for column in &seen {
                writeln!(
                    text,
                    "            let v{row}_{column} = select(vec4f(), image{image}[line{row} + x{column}], is{row} && has{column});"
                )?;
            }
        }
        for (tap, lane) in (0..kernel_columns).flat_map(|tap| (0..4).map(move |lane| (tap, lane))) {
            for group in 0..groups {
                let at = (tap * 4 + lane) * groups + group;
                writeln!(text, "            let w{tap}_{lane}_{group} = weights[w + {at}];")?;
            }
            for (row, column) in self.pixels() {
                let place = column * stride[1] + tap * dilation[1];
                for group in 0..groups {
                    writeln!(
                        text,
                        "            s{row}_{column}_{group} += v{row}_{place}[{lane}] * w{tap}_{lane}_{group};"
                    )?;
                }
            }
        }
        writeln!(text, "            w += {};", kernel_columns * 4 * groups)?;
        for row in 0..rows {
            writeln!(text, "            line{row} += i32(p.rows * p.columns);")?;
        }
        writeln!(text, "        }}\n    }}")
    }

    fn store(&self, text: &mut String) -> std::fmt::Result {
        for group in 0..self.tile.groups {
            writeln!(text, "    if (group + {group} < p.groups) {{")?;
            for (row, column) in self.pixels() {
                let sum = format!("s{row}_{column}_{group}");
                if self.rectify {
                    writeln!(text, "        {sum} = max({sum}, vec4f());")?;
                }
                writeln!(text, "        store(group + {group}, row + {row}, column + {column}, {sum});")?;
            }
            if self.pooled {
                for (row, column) in self.pixels().filter(|(row, column)| row % 2 == 0 && column % 2 == 0) {
                    let sum =
                        |down: usize, right: usize| format!("s{}_{}_{group}", row + down, column + right);
                    let (a, b, c, d) = (sum(0, 0), sum(0, 1), sum(1, 0), sum(1, 1));
                    writeln!(
                        text,
                        "        store_pooled(group + {group}, row / 2 + {}, column / 2 + {}, max(max({a}, {b}), max({c}, {d})));",
                        row / 2,
                        column / 2
                    )?;
                }
            }
            writeln!(text, "    }}")?;
        }
        Ok(())
    }
}
