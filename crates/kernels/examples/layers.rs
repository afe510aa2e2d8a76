//! How fast the kernels are: the convolutions of a U-Net with 16 to 256 channels on 512x512 pixels, one after another.
//!
//! `cargo run --release --package rachis-kernels --example layers [SIDE [REPETITIONS]]`; prints for each layer its
//! shortest time, and the multiply-adds per second that plain loops would have needed for it (as two operations each).

#![allow(clippy::print_stdout, reason = "what an example is for")]

use std::time::Instant;

use rachis_kernels::cpu::{Conv, Image, Scratch, UpConv};
use rachis_kernels::{Filters, Geometry, Shape};

/// Halvings of the image, input channels, output channels.
const CONVS: [(usize, &[usize], usize); 18] = [
    (0, &[1], 16),
    (0, &[16], 16),
    (1, &[16], 32),
    (1, &[32], 32),
    (2, &[32], 64),
    (2, &[64], 64),
    (3, &[64], 128),
    (3, &[128], 128),
    (4, &[128], 256),
    (4, &[256], 256),
    (3, &[128, 128], 128),
    (3, &[128], 128),
    (2, &[64, 64], 64),
    (2, &[64], 64),
    (1, &[32, 32], 32),
    (1, &[32], 32),
    (0, &[16, 16], 16),
    (0, &[16], 16),
];

fn main() {
    let mut arguments = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let side = arguments.next().unwrap_or(512);
    let repetitions = arguments.next().unwrap_or(10);

    let geometry = Geometry { size: [3, 3], stride: [1, 1], dilation: [1, 1] };
    let mut total = Total::default();
    for (halvings, inputs, outputs) in CONVS {
        let side = side >> halvings;
        let images: Vec<Vec<f32>> =
            inputs.iter().map(|&channels| noise(square(side, channels).len())).collect();
        let images: Vec<Image<'_>> = inputs
            .iter()
            .zip(&images)
            .map(|(&channels, values)| Image::new(square(side, channels), values))
            .collect();
        let channels = inputs.iter().sum::<usize>();
        let conv = Conv::new(geometry, &filters(9, channels, outputs));
        let shape = square(side, outputs);
        let (mut output, mut scratch) = (vec![0.0; shape.len()], Scratch::default());
        let seconds = shortest(repetitions, || {
            conv.run(&images, shape, &mut output, None, &mut scratch);
        });
        total.add(
            &format!("conv {side:>4} {channels:>3} -> {outputs:>3}"),
            side * side * 9 * channels * outputs,
            seconds,
        );
    }
    for (halvings, inputs, outputs) in [(4, 256, 128), (3, 128, 64), (2, 64, 32), (1, 32, 16)] {
        let side = side >> halvings;
        let values = noise(square(side, inputs).len());
        let image = Image::new(square(side, inputs), &values);
        let up = UpConv::new(&filters(4, inputs, outputs));
        let (mut output, mut scratch) = (vec![0.0; square(2 * side, outputs).len()], Scratch::default());
        let seconds = shortest(repetitions, || up.run(&[image], &mut output, &mut scratch));
        total.add(
            &format!("up   {side:>4} {inputs:>3} -> {outputs:>3}"),
            side * side * 4 * inputs * outputs,
            seconds,
        );
    }
    total.print("all", total.products, total.seconds);
}

#[derive(Default)]
struct Total {
    products: usize,
    seconds: f64,
}

impl Total {
    fn add(&mut self, layer: &str, products: usize, seconds: f64) {
        self.print(layer, products, seconds);
        self.products += products;
        self.seconds += seconds;
    }

    fn print(&self, layer: &str, products: usize, seconds: f64) {
        let rate = 2.0 * products as f64 / seconds / 1e9;
        println!("{layer:<22} {:>8.2} ms {rate:>7.1} GFLOP/s", seconds * 1e3);
    }
}

fn square(side: usize, channels: usize) -> Shape {
    Shape { rows: side, columns: side, channels }
}

fn shortest(repetitions: usize, mut run: impl FnMut()) -> f64 {
    let times = (0..repetitions.max(1)).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::INFINITY, f64::min)
}

fn filters(taps: usize, inputs: usize, outputs: usize) -> Filters {
    Filters { inputs, weights: noise(taps * inputs * outputs), bias: noise(outputs), rectify: true }
}

/// Values between -1 and 1.
fn noise(count: usize) -> Vec<f32> {
    (0..count).map(|at| (at as f32 * 0.7).sin()).collect()
}
