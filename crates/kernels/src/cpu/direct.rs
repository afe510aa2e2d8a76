//! A convolution of any geometry, as sums over its window.

use fearless_simd::{Simd, dispatch};

use crate::cpu::conv::joined;
use crate::cpu::panels::{PIXELS, WIDTH, add_products, filled, pack, store_sums};
use crate::cpu::vector::LEVEL;
use crate::cpu::{Image, Scratch, resized};
use crate::{Geometry, Shape};

#[derive(Debug)]
pub(crate) struct Direct {
    geometry: Geometry,
    inputs: usize,
    outputs: usize,
    rectify: bool,
    /// `[outputs / WIDTH][kernel rows][kernel columns][inputs][WIDTH]`
    panels: Vec<f32>,
    /// As long as the panels are wide.
    bias: Vec<f32>,
}

/// The rows of all images that a row of windows needs, joined to one and with the zeros around them.
struct Rows {
    /// Values of one row.
    length: usize,
    before: [usize; 2],
}

impl Direct {
    pub(crate) fn new(
        geometry: Geometry,
        inputs: usize,
        weights: &[f32],
        bias: &[f32],
        rectify: bool,
    ) -> Self {
        let [rows, columns] = geometry.size;
        let outputs = bias.len();
        let panels =
            pack(rows * columns * inputs, outputs, |input, output| weights[input * outputs + output]);
        let mut bias = bias.to_vec();
        bias.resize(outputs.next_multiple_of(WIDTH), 0.0);
        Self { geometry, inputs, outputs, rectify, panels, bias }
    }

    /// Values that the packed weights take.
    pub(crate) fn weights(&self) -> usize {
        self.panels.len()
    }

    #[inline(never)]
    pub(crate) fn run(
        &self,
        images: &[Image<'_>],
        before: [usize; 2],
        shape: Shape,
        output: &mut [f32],
        scratch: &mut Scratch,
    ) {
        assert_eq!(joined(images).channels, self.inputs);
        assert_eq!(shape.channels, self.outputs);
        let [kernel_rows, kernel_columns] = self.geometry.size;
        let columns = (shape.columns.div_ceil(PIXELS) * PIXELS - 1) * self.geometry.stride[1]
            + (kernel_columns - 1) * self.geometry.dilation[1]
            + 1;
        let rows = Rows { length: columns * self.inputs, before };
        let buffer = resized(&mut scratch.rows, kernel_rows * rows.length);
        let row_length = shape.columns * shape.stride();
        for (row, output) in output.chunks_exact_mut(row_length).enumerate() {
            let first = row * self.geometry.stride[0];
            for (kernel_row, target) in buffer.chunks_exact_mut(rows.length).enumerate() {
                rows.fill(images, first + kernel_row * self.geometry.dilation[0], target);
            }
            dispatch!(*LEVEL, simd => self.row(simd, buffer, rows.length, output, shape.stride()));
        }
    }

    /// Computes one row of the output from the rows that its windows see.
    #[inline(always)]
    fn row<S: Simd>(&self, simd: S, rows: &[f32], length: usize, output: &mut [f32], stride: usize) {
        let Geometry { size: [kernel_rows, kernel_columns], stride: [_, step], dilation: [_, dilation] } =
            self.geometry;
        // Neighbours in the window are neighbours in memory, unless it is dilated.
        let (segments, segment) =
            if dilation == 1 { (1, kernel_columns * self.inputs) } else { (kernel_columns, self.inputs) };
        let panel_length = kernel_rows * kernel_columns * self.inputs * WIDTH;
        let panels = self.panels.chunks_exact(panel_length).zip(self.bias.chunks_exact(WIDTH));
        for (panel, (weights, bias)) in panels.enumerate() {
            for (group, output) in output.chunks_mut(PIXELS * stride).enumerate() {
                let mut tile = filled(simd, bias);
                let mut weights = weights.chunks_exact(segment * WIDTH);
                for row in rows.chunks_exact(length) {
                    for (at, weights) in (0..segments).zip(&mut weights) {
                        let mut pixels = [row; PIXELS];
                        for (pixel, values) in pixels.iter_mut().enumerate() {
                            let column = (group * PIXELS + pixel) * step + at * dilation;
                            *values = &row[column * self.inputs..][..segment];
                        }
                        tile = add_products(simd, tile, pixels, weights);
                    }
                }
                for (pixel, sums) in output.chunks_exact_mut(stride).zip(tile) {
                    store_sums(simd, sums, self.rectify, pixel, panel * WIDTH);
                }
            }
        }
    }
}

impl Rows {
    /// Fills `target` with the row `row`, counted from the first row of zeros above the images.
    fn fill(&self, images: &[Image<'_>], row: usize, target: &mut [f32]) {
        let Shape { rows, columns, channels } = joined(images);
        let [above, left] = self.before;
        if !(above..above + rows).contains(&row) {
            target.fill(0.0);
            return;
        }
        let start = left * channels;
        let end = (start + columns * channels).min(self.length);
        target[..start].fill(0.0);
        target[end..].fill(0.0);
        let mut channel = 0;
        for image in images {
            let count = image.shape.channels;
            let source = image.row(row - above).chunks_exact(image.shape.stride());
            for (pixel, source) in target[start..end].chunks_exact_mut(channels).zip(source) {
                pixel[channel..channel + count].copy_from_slice(&source[..count]);
            }
            channel += count;
        }
    }
}
