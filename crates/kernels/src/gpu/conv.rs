//! Convolutions, and transposed ones as convolutions whose results lie some pixels apart.

use super::conv_shader::{MAX_IMAGES, Variant, WORKGROUP};
use super::device::{Dispatch, Gpu, Task};
use super::{LANES, Scheme, Tile, View, groups};
use crate::{Filters, Geometry, Shape, Spread};

/// A convolution with its weights on the device.
#[derive(Debug)]
pub(super) struct Conv {
    rectify: bool,
    phases: Vec<Phases>,
}

/// Convolutions whose results go to some of the output's pixels, in phases that have the same geometry.
#[derive(Debug)]
struct Phases {
    scheme: Scheme,
    geometry: Geometry,
    placing: Placing,
    /// For each phase, for each block of channels that an invocation computes: the bias, then the weights of each image.
    weights: wgpu::Buffer,
    /// Groups of 4 values of a block.
    block: usize,
    /// Multiplications and additions for a window, in all phases.
    operations: u64,
}

/// Where the results of windows go.
#[derive(Debug, Clone, Copy)]
enum Placing {
    /// Side by side.
    Dense,
    /// A step apart: the pixels of a transposed convolution's full output whose rows and columns leave a place from `first`
    /// on when divided by the step, `count` rows and columns of places. Of the full output the first `start` rows and
    /// columns are left out.
    Apart { step: [usize; 2], first: [usize; 2], count: [usize; 2], start: [usize; 2] },
}

impl Placing {
    /// Rows and columns of phases.
    fn phases(self) -> [usize; 2] {
        match self {
            Self::Dense => [1, 1],
            Self::Apart { count, .. } => count,
        }
    }
}

impl Conv {
    /// Packs the weights of a convolution that reads images of so many `channels` as one.
    pub(super) fn new(gpu: &Gpu, geometry: Geometry, filters: &Filters, channels: &[usize]) -> Self {
        let outputs = filters.bias.len();
        let weight = |_: [usize; 2], [row, column]: [usize; 2], input: usize, output: usize| {
            filters.weights[((row * geometry.size[1] + column) * filters.inputs + input) * outputs + output]
        };
        let scheme = gpu.scheme.fitting(geometry.size[1], groups(outputs));
        let phases = Phases::new(gpu, scheme, geometry, Placing::Dense, &filters.bias, channels, weight);
        Self { rectify: filters.rectify, phases: vec![phases] }
    }

    /// The same for a transposed convolution.
    ///
    /// Pixels of the output that are a step apart meet the same weights of the kernel: they are an ordinary convolution
    /// of the input.
    pub(super) fn transposed(gpu: &Gpu, spread: Spread, filters: &Filters, channels: &[usize]) -> Self {
        let Spread { size, stride, start } = spread;
        let outputs = filters.bias.len();
        let scheme = gpu.scheme.fitting(size[1].div_ceil(stride[1]), groups(outputs));
        let taps_at = |axis: usize, place: usize| size[axis].saturating_sub(place).div_ceil(stride[axis]);
        // The first places have a tap more.
        let parts = |axis: usize| {
            let more = match size[axis] % stride[axis] {
                0 => stride[axis],
                more => more,
            };
            [(0, more), (more, stride[axis] - more)].into_iter().filter(|&(_, count)| count > 0)
        };
        let phases = |((first_row, rows), (first_column, columns)): ((usize, usize), (usize, usize))| {
            let first = [first_row, first_column];
            let taps = [0, 1].map(|axis| taps_at(axis, first[axis]));
            let weight = |phase: [usize; 2], tap: [usize; 2], input: usize, output: usize| {
                // The last weight meets the first pixel.
                let [row, column] = [0, 1]
                    .map(|axis| first[axis] + phase[axis] + (taps[axis] - 1 - tap[axis]) * stride[axis]);
                filters.weights[((row * size[1] + column) * outputs + output) * filters.inputs + input]
            };
            let geometry = Geometry { size: taps, stride: [1, 1], dilation: [1, 1] };
            let placing = Placing::Apart { step: stride, first, count: [rows, columns], start };
            Phases::new(gpu, scheme, geometry, placing, &filters.bias, channels, weight)
        };
        let parts = parts(0).flat_map(|rows| parts(1).map(move |columns| (rows, columns)));
        Self { rectify: filters.rectify, phases: parts.map(phases).collect() }
    }

    /// Bytes that the weights take.
    pub(super) fn bytes(&self) -> u64 {
        self.phases.iter().map(|phases| phases.weights.size()).sum()
    }

    /// Adds what computes `output` of `images`, and the largest of each 2x2 pixels of it into `pooled`.
    pub(super) fn plan(
        &self,
        gpu: &Gpu,
        images: &[View<'_>],
        output: View<'_>,
        pooled: Option<View<'_>>,
        dispatches: &mut Vec<Dispatch>,
    ) {
        for phases in &self.phases {
            phases.plan(gpu, self.rectify, images, output, pooled, dispatches);
        }
    }
}

impl Phases {
    fn new(
        gpu: &Gpu,
        scheme: Scheme,
        geometry: Geometry,
        placing: Placing,
        bias: &[f32],
        channels: &[usize],
        weight: impl Fn([usize; 2], [usize; 2], usize, usize) -> f32,
    ) -> Self {
        assert!(channels.len() <= MAX_IMAGES, "the shader has buffers for {MAX_IMAGES} images");
        let [rows, columns] = geometry.size;
        let outputs = bias.len();
        let width = scheme.tile.groups * LANES;
        let [phase_rows, phase_columns] = placing.phases();
        let phases = (0..phase_rows).flat_map(|row| (0..phase_columns).map(move |column| [row, column]));
        let blocks = phases.flat_map(|phase| (0..outputs).step_by(width).map(move |first| (phase, first)));
        let mut packed = Vec::new();
        for (phase, first) in blocks.clone() {
            let block = first..first + width;
            packed.extend(block.clone().map(|output| bias.get(output).copied().unwrap_or(0.0)));
            let mut image_start = 0;
            for &count in channels {
                for (row, group) in
                    (0..rows).flat_map(|row| (0..groups(count)).map(move |group| (row, group)))
                {
                    for (column, lane) in
                        (0..columns).flat_map(|column| (0..LANES).map(move |lane| (column, lane)))
                    {
                        let input = group * LANES + lane;
                        packed.extend(block.clone().map(|output| {
                            let exists = input < count && output < outputs;
                            if exists {
                                weight(phase, [row, column], image_start + input, output)
                            } else {
                                0.0
                            }
                        }));
                    }
                }
                image_start += count;
            }
        }
        let (block, operations) = (packed.len() / blocks.count().max(1) / LANES, 2 * (packed.len() as u64));
        Self {
            scheme,
            geometry,
            placing,
            weights: gpu.filled(bytemuck::cast_slice(&packed), wgpu::BufferUsages::STORAGE),
            block,
            operations,
        }
    }

    fn plan(
        &self,
        gpu: &Gpu,
        rectify: bool,
        images: &[View<'_>],
        output: View<'_>,
        pooled: Option<View<'_>>,
        dispatches: &mut Vec<Dispatch>,
    ) {
        let Some(first) = images.first() else { return };
        let Windows { count, before, step, shift } = self.windows(first.shape, output.shape);
        // No weight reaches these pixels: they are the bias, and their shader reads no image.
        let images = if self.geometry.size.contains(&0) { &[] } else { images };
        let [phase_rows, phase_columns] = self.placing.phases();
        let blocks =
            groups(output.shape.channels).div_ceil(self.scheme.tile.groups) * phase_rows * phase_columns;
        let input_groups = images.iter().map(|image| groups(image.shape.channels)).sum();
        let (tile, split) = self.scheme.filling(count, blocks, input_groups);
        let variant = Variant {
            geometry: self.geometry,
            tile,
            split,
            images: images.len(),
            rectify,
            pooled: pooled.is_some(),
        };
        let mut buffers = vec![output.buffer, &self.weights];
        buffers.extend(images.iter().chain(&pooled).map(|view| view.buffer));
        let source = variant.source();

        let rows_at_once = self.rows_at_once(count, tile);
        for first_row in (0..count[0]).step_by(rows_at_once) {
            let rows = rows_at_once.min(count[0] - first_row);
            let signed = |values: [isize; 2]| values.map(|value| value as i32 as u32);
            let [above, left] = signed(before);
            let [shift_rows, shift_columns] = signed(shift);
            let mut params = [
                first.shape.rows,
                first.shape.columns,
                count[0],
                count[1],
                above as usize,
                left as usize,
                first_row,
                output.shape.rows,
                output.shape.columns,
                groups(output.shape.channels),
                step[0],
                step[1],
                shift_rows as usize,
                shift_columns as usize,
                self.block,
                phase_columns,
            ]
            .map(|value| value as u32)
            .to_vec();
            params.extend(
                (0..MAX_IMAGES)
                    .map(|at| images.get(at).map_or(0, |image| groups(image.shape.channels) as u32)),
            );
            dispatches.push(gpu.dispatch(&Task {
                source: &source,
                params: &params,
                buffers: &buffers,
                invocations: [count[1].div_ceil(tile.columns), rows.div_ceil(tile.rows), blocks],
                workgroup: WORKGROUP,
                operations: self.operations * (rows * count[1]) as u64,
            }));
        }
    }

    /// Rows of windows for one dispatch, so that none is longer than a submission may be.
    fn rows_at_once(&self, count: [usize; 2], tile: Tile) -> usize {
        let rows_of_workgroup = tile.rows * WORKGROUP[1];
        let row = self.operations * (count[1] as u64);
        let rows = (self.scheme.most_operations / row.max(1)) as usize;
        (rows / rows_of_workgroup).max(1) * rows_of_workgroup
    }

    fn windows(&self, image: Shape, output: Shape) -> Windows {
        match self.placing {
            Placing::Dense => Windows {
                count: output.size(),
                before: self.geometry.before(image.size(), output.size()).map(signed),
                step: [1, 1],
                shift: [0, 0],
            },
            Placing::Apart { step, first, start, .. } => {
                // Pixels up to the last that is kept in the first phase, which has the most.
                let count = [0, 1].map(|axis| {
                    (output.size()[axis] + start[axis]).saturating_sub(first[axis]).div_ceil(step[axis])
                });
                Windows {
                    count,
                    before: self.geometry.size.map(|taps| signed(taps) - 1),
                    step,
                    shift: [0, 1].map(|axis| signed(first[axis]) - signed(start[axis])),
                }
            }
        }
    }
}

/// The windows of phases for images of one size.
struct Windows {
    count: [usize; 2],
    /// Rows and columns of zeros before the image.
    before: [isize; 2],
    /// A window's result goes to `step` times its row and column, plus `shift` and the phase.
    step: [usize; 2],
    shift: [isize; 2],
}

/// Sides of images and kernels are a few thousand at most.
fn signed(length: usize) -> isize {
    isize::try_from(length).unwrap_or(isize::MAX)
}
