//! How fast the shaders are: the convolutions of a U-Net with 16 channels at the finest level, or BASE, in several tiles.
//! The device has WebGPU's default limits.
//!
//! `cargo run --release --package rachis-kernels --example shaders [SIDE [REPETITIONS [BASE]]]`; prints for each tile the time of
//! the first run, in which shaders are compiled, and the shortest of the others, with the multiply-adds per second (as two
//! operations each).

#![allow(clippy::print_stdout, reason = "what an example is for")]
#![allow(clippy::indexing_slicing, reason = "every image was made before it is taken")]

use std::time::Instant;

use futures_lite::future::block_on;
use rachis_kernels::gpu::{Gpu, Packed, Scheme, Tile};
use rachis_kernels::{Filters, Geometry, Layer, Program, Shape, Step};

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let side = arguments.next().unwrap_or(256);
    let repetitions = arguments.next().unwrap_or(3);
    let base = arguments.next().unwrap_or(16);
    let Some(gpu) = block_on(Gpu::open()) else {
        println!("There is no graphics adapter.");
        return;
    };
    let input = vec![0.5; side * side];
    for ([rows, columns, groups], fill) in [
        ([2, 2, 4], 0),
        ([2, 4, 2], 0),
        ([2, 4, 2], 65536),
        ([2, 4, 4], 0),
        ([2, 6, 4], 0),
        ([2, 8, 2], 0),
        ([2, 8, 4], 0),
    ] {
        let mut net = Net::new(side);
        net.build(base);
        let channels: Vec<usize> = net.shapes.iter().map(|shape| shape.channels).collect();
        let program = Program { steps: net.steps, output: channels.len() - 1 };
        let packed = Packed::new(
            &gpu.clone().with_scheme(Scheme { fill, ..Tile { rows, columns, groups }.into() }),
            program,
            &channels,
        );
        let mut seconds = (0..=repetitions).map(|_| {
            let start = Instant::now();
            let output = block_on(packed.run(&input, &net.shapes));
            assert!(output.is_ok(), "the device failed");
            start.elapsed().as_secs_f64()
        });
        let first = seconds.next().unwrap_or(0.0);
        let best = seconds.fold(f64::INFINITY, f64::min);
        let speed = net.operations as f64 / best / 1e9;
        println!(
            "{rows} x {columns} pixels, {groups} groups, at least {fill} invocations: first {first:6.3} s, then {best:6.3} s, {speed:5.1} GFLOP/s"
        );
    }
}

/// A network that grows.
struct Net {
    steps: Vec<Step<Layer>>,
    shapes: Vec<Shape>,
    operations: usize,
}

impl Net {
    fn new(side: usize) -> Self {
        let input = Shape { rows: side, columns: side, channels: 1 };
        Self { steps: Vec::new(), shapes: vec![input], operations: 0 }
    }

    /// Four halvings, as many doublings, skip connections.
    fn build(&mut self, base: usize) {
        let (mut image, mut skips) = (0, Vec::new());
        for level in 0..4 {
            image = self.conv(vec![image], base << level, false);
            let skip = self.conv(vec![image], base << level, true);
            skips.push(skip);
            image = skip + 1;
        }
        image = self.conv(vec![image], base << 4, false);
        image = self.conv(vec![image], base << 4, false);
        for (level, skip) in skips.into_iter().enumerate().rev() {
            image = self.up(image, base << level);
            image = self.conv(vec![skip, image], base << level, false);
            image = self.conv(vec![image], base << level, false);
        }
    }

    fn conv(&mut self, inputs: Vec<usize>, outputs: usize, pooled: bool) -> usize {
        let channels = inputs.iter().map(|&image| self.shapes[image].channels).sum();
        let shape = Shape { channels: outputs, ..self.shapes[inputs[0]] };
        let geometry = Geometry { size: [3, 3], stride: [1, 1], dilation: [1, 1] };
        self.operations += 2 * shape.rows * shape.columns * 9 * channels * outputs;
        let output = self.shapes.len();
        self.shapes.push(shape);
        if pooled {
            self.shapes.push(Shape { rows: shape.rows / 2, columns: shape.columns / 2, ..shape });
        }
        let layer = Layer::Conv(geometry, filters(9, channels, outputs));
        self.steps.push(Step { layer, inputs, output, pooled: pooled.then_some(output + 1) });
        output
    }

    fn up(&mut self, image: usize, outputs: usize) -> usize {
        let Shape { rows, columns, channels } = self.shapes[image];
        self.operations += 2 * rows * columns * 4 * channels * outputs;
        let output = self.shapes.len();
        self.shapes.push(Shape { rows: 2 * rows, columns: 2 * columns, channels: outputs });
        let layer = Layer::UpConv(filters(4, channels, outputs));
        self.steps.push(Step { layer, inputs: vec![image], output, pooled: None });
        output
    }
}

fn filters(taps: usize, inputs: usize, outputs: usize) -> Filters {
    let count = taps * inputs * outputs;
    let scale = 1.0 / (taps * inputs) as f32;
    let weights = (0..count).map(|at| (at as f32 * 0.7).sin() * scale).collect();
    Filters { inputs, weights, bias: vec![0.1; outputs], rectify: true }
}
