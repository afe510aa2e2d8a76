//! The shader of convolutions.
//!
//! An invocation keeps the sums of a tile in registers: some rows and columns of pixels, some groups of channels. Per row
//! of the kernel and group of input channels it reads each pixel and each weight that the tile needs once, and multiplies
//! each with each. Compilers keep in registers only what has a name of its own, hence a text without arrays or inner loops.
//!
//! Where several invocations share a tile, each sums over its part of the input channels, and the first adds their sums.

use std::fmt::Write;

use super::{LANES, Tile};
use crate::Geometry;

/// What convolutions differ in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variant {
    pub(super) geometry: Geometry,
    pub(super) tile: Tile,
    /// Invocations that share a tile.
    pub(super) split: usize,
    /// Images that are read as one.
    pub(super) images: usize,
    pub(super) rectify: bool,
    /// Whether there is another output, the largest of each 2x2 pixels.
    pub(super) pooled: bool,
}

/// Images that are read as one, at most: the shader has 8 buffers.
pub(super) const MAX_IMAGES: usize = 4;

/// Invocations of a workgroup along columns and rows, apart from those that share a tile.
pub(super) const WORKGROUP: [usize; 2] = [8, 8];

/// Vectors of four numbers in the memory that a workgroup shares, on every device.
const SHARED_VECTORS: usize = 1024;

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
    // Phases lie in rows of so many.
    phase_columns: u32,
    // Of each image.
    image_groups: vec4u,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(2) var<storage, read> weights: array<vec4f>;

fn store(phase: u32, group: u32, row: u32, column: u32, sum: vec4f) {
    let y = i32(row) * p.step_rows + p.shift_rows + i32(phase / p.phase_columns);
    let x = i32(column) * p.step_columns + p.shift_columns + i32(phase % p.phase_columns);
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
        let Self { tile: Tile { rows, columns, groups }, split, .. } = *self;
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
        if split > 1 {
            let vectors = self.sums_at_once() * self.invocations();
            writeln!(text, "var<workgroup> shared_sums: array<vec4f, {vectors}>;")?;
        }
        writeln!(
            text,
            "
@compute @workgroup_size({across}, {down}, {split})
fn main(
    @builtin(workgroup_id) workgroup: vec3u,
    @builtin(local_invocation_id) local: vec3u,
    @builtin(local_invocation_index) index: u32,
) {{
    let row = p.first_row + (workgroup.y * {down} + local.y) * {rows};
    let column = (workgroup.x * {across} + local.x) * {columns};
    let blocks = (p.groups + {}) / {groups};
    let phase = workgroup.z / blocks;
    let group = workgroup.z % blocks * {groups};
    var w = workgroup.z * p.block;",
            groups - 1
        )?;
        // At a barrier, all must still be there.
        if split == 1 {
            writeln!(
                text,
                "    if (row >= p.window_rows || column >= p.window_columns) {{
        return;
    }}"
            )?;
        }
        self.begin_sums(text)?;
        self.find_columns(text)?;
        for image in 0..self.images {
            self.add_products(text, image)?;
        }
        if split > 1 {
            self.join_sums(text)?;
        }
        self.store(text)?;
        writeln!(text, "}}")
    }

    /// Invocations of a workgroup.
    fn invocations(&self) -> usize {
        WORKGROUP[0] * WORKGROUP[1] * self.split
    }

    /// Vectors of four weights that a kernel's row has for one group of input channels.
    fn weights_of_row(&self) -> usize {
        self.geometry.size[1] * LANES * self.tile.groups
    }

    /// Sums of each invocation that shared memory has room for.
    fn sums_at_once(&self) -> usize {
        let Tile { rows, columns, groups } = self.tile;
        (SHARED_VECTORS / self.invocations()).clamp(1, rows * columns * groups)
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

    /// The names of the tile's sums.
    fn sums(&self) -> impl Iterator<Item = String> + use<> {
        let groups = self.tile.groups;
        self.pixels()
            .flat_map(move |(row, column)| (0..groups).map(move |group| format!("s{row}_{column}_{group}")))
    }

    fn begin_sums(&self, text: &mut String) -> std::fmt::Result {
        let Self { tile, split, .. } = *self;
        for group in 0..tile.groups {
            let bias = format!("weights[w + {group}]");
            let bias = if split > 1 { format!("select(vec4f(), {bias}, local.z == 0)") } else { bias };
            writeln!(text, "    let bias{group} = {bias};")?;
        }
        for (row, column) in self.pixels() {
            for group in 0..tile.groups {
                writeln!(text, "    var s{row}_{column}_{group} = bias{group};")?;
            }
        }
        writeln!(text, "    w += {};", tile.groups)
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
        let Self { tile, split, .. } = *self;
        let (kernel_rows, weights) = (self.geometry.size[0], self.weights_of_row());
        let part = if split > 1 { "local.z" } else { "0u" };
        writeln!(
            text,
            "    for (var tap = 0; tap < {kernel_rows}; tap++) {{
        var k = w + (u32(tap) * p.image_groups[{image}] + {part}) * {weights};"
        )?;
        self.find_rows(text, part)?;
        writeln!(text, "        for (var g = {part}; g < p.image_groups[{image}]; g += {split}) {{")?;
        self.read_pixels(text, image)?;
        self.multiply(text)?;
        writeln!(text, "            k += {};", weights * split)?;
        for row in 0..tile.rows {
            writeln!(text, "            line{row} += i32(p.rows * p.columns) * {split};")?;
        }
        writeln!(text, "        }}\n    }}")?;
        writeln!(text, "    w += p.image_groups[{image}] * {};", kernel_rows * weights)
    }

    /// The rows of the image that the tile sees through the kernel's row `tap`, in a group.
    fn find_rows(&self, text: &mut String, group: &str) -> std::fmt::Result {
        let Geometry { stride, dilation, .. } = self.geometry;
        for row in 0..self.tile.rows {
            writeln!(
                text,
                "        let y{row} = (i32(row) + {row}) * {} + tap * {} - p.above;
        let is{row} = y{row} >= 0 && y{row} < i32(p.rows);
        var line{row} = (i32({group} * p.rows) + y{row}) * i32(p.columns);",
                stride[0], dilation[0]
            )?;
        }
        Ok(())
    }

    fn read_pixels(&self, text: &mut String, image: usize) -> std::fmt::Result {
        let seen = self.seen_columns();
        for row in 0..self.tile.rows {
            for column in &seen {
                writeln!(
                    text,
                    "            let v{row}_{column} = select(vec4f(), image{image}[line{row} + x{column}], is{row} && has{column});"
                )?;
            }
        }
        Ok(())
    }

    /// Multiplies the pixels that were read with the weights from `k` on.
    fn multiply(&self, text: &mut String) -> std::fmt::Result {
        let Geometry { size, stride, dilation } = self.geometry;
        let groups = self.tile.groups;
        for (tap, lane) in (0..size[1]).flat_map(|tap| (0..LANES).map(move |lane| (tap, lane))) {
            for group in 0..groups {
                let at = (tap * LANES + lane) * groups + group;
                writeln!(text, "            let w{tap}_{lane}_{group} = weights[k + {at}];")?;
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
        Ok(())
    }

    /// Adds the sums of the invocations that share a tile; the first has them then, and the others end.
    fn join_sums(&self, text: &mut String) -> std::fmt::Result {
        let (invocations, tiles) = (self.invocations(), WORKGROUP[0] * WORKGROUP[1]);
        let sums: Vec<String> = self.sums().collect();
        for sums in sums.chunks(self.sums_at_once()) {
            writeln!(text, "    workgroupBarrier();")?;
            for (at, sum) in sums.iter().enumerate() {
                writeln!(text, "    shared_sums[index + {}] = {sum};", at * invocations)?;
            }
            writeln!(text, "    workgroupBarrier();\n    if (local.z == 0) {{")?;
            for (at, sum) in sums.iter().enumerate() {
                for part in 1..self.split {
                    writeln!(
                        text,
                        "        {sum} += shared_sums[index + {}];",
                        at * invocations + part * tiles
                    )?;
                }
            }
            writeln!(text, "    }}")?;
        }
        writeln!(text, "    if (local.z > 0) {{\n        return;\n    }}")
    }

    fn store(&self, text: &mut String) -> std::fmt::Result {
        for group in 0..self.tile.groups {
            writeln!(text, "    if (group + {group} < p.groups) {{")?;
            for (row, column) in self.pixels() {
                let sum = format!("s{row}_{column}_{group}");
                if self.rectify {
                    writeln!(text, "        {sum} = max({sum}, vec4f());")?;
                }
                writeln!(
                    text,
                    "        store(phase, group + {group}, row + {row}, column + {column}, {sum});"
                )?;
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
