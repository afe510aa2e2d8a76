//! The shaders against the CPU's kernels, which are tested against plain loops: natively, and in a browser.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

#[cfg(not(target_arch = "wasm32"))]
use futures_lite::future::block_on;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

use super::scheme::LEAST_OPERATIONS;
use super::tune::operations_of_submission;
use super::{Gpu, Levels, Packed, Scheme, Tile};
use crate::cpu;
use crate::reference::noise;
use crate::{Activation, Filters, Geometry, Layer, PoolKind, Program, Shape, Spread, Step};

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// A test that waits for a device: natively by blocking, in a browser as it must.
macro_rules! device_test {
    ($(#[$about:meta])* async fn $name:ident() $body:block) => {
        $(#[$about])*
        #[cfg(target_arch = "wasm32")]
        #[wasm_bindgen_test]
        async fn $name() $body

        $(#[$about])*
        #[cfg(not(target_arch = "wasm32"))]
        #[test]
        fn $name() {
            block_on(async $body);
        }
    };
}

/// Any device, one in software too; none if the machine has neither. A browser that is to test has one.
async fn device() -> Option<Gpu> {
    let gpu = Gpu::open().await;
    assert!(gpu.is_some() || cfg!(not(target_arch = "wasm32")), "the browser has no graphics adapter");
    if gpu.is_none() {
        println!("Not tested: there is no graphics adapter; mesa-vulkan-drivers has one in software.");
    }
    gpu
}

/// Some values of a strategy: few, as a driver compiles each shader for a tenth of a second.
fn cases<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>) -> impl Iterator<Item = T> {
    let mut runner = TestRunner::default();
    std::iter::repeat_with(move || strategy.new_tree(&mut runner).unwrap().current()).take(8)
}

/// A layer, the images that it takes, and the one that it makes.
struct Case {
    layer: Layer,
    inputs: Vec<Shape>,
    output: Shape,
    /// Whether the largest of each 2x2 pixels of the output is what is compared.
    pooled: bool,
}

impl Case {
    fn new(layer: Layer, inputs: &[Shape], output: Shape) -> Self {
        Self { layer, inputs: inputs.to_vec(), output, pooled: false }
    }

    /// Image 0 is noise; of it a convolution and a frame make each input.
    fn program(&self) -> (Program<Layer>, Vec<Shape>) {
        let largest = |side: fn(Shape) -> usize| self.inputs.iter().map(|&shape| side(shape)).max().unwrap();
        let noise = shape(largest(|shape| shape.rows), largest(|shape| shape.columns), 1);
        let (mut shapes, mut steps, mut inputs) = (vec![noise], Vec::new(), Vec::new());
        for &input in &self.inputs {
            let mut push = |layer: Layer, taken: usize, made: Shape| {
                steps.push(Step { layer, inputs: vec![taken], output: shapes.len(), pooled: None });
                shapes.push(made);
                shapes.len() - 1
            };
            let geometry = Geometry { size: [3, 3], stride: [1, 1], dilation: [1, 1] };
            let conv = Layer::Conv(geometry, filters(9, 1, input.channels, false));
            let whole = push(conv, 0, Shape { channels: input.channels, ..noise });
            inputs.push(push(Layer::Frame([0, 0]), whole, input));
        }
        let output = shapes.len();
        shapes.push(self.output);
        let pooled = self.pooled.then_some(output + 1);
        if self.pooled {
            shapes.push(Shape {
                rows: self.output.rows / 2,
                columns: self.output.columns / 2,
                ..self.output
            });
        }
        steps.push(Step { layer: self.layer.clone(), inputs, output, pooled });
        (Program { steps, output: pooled.unwrap_or(output) }, shapes)
    }

    /// The largest difference between the device and the CPU.
    async fn difference(&self, gpu: &Gpu, scheme: Scheme) -> f32 {
        let (program, shapes) = self.program();
        let input = noise(shapes[0].rows * shapes[0].columns, 1);
        let expected = cpu::Packed::new(program).run(&input, &shapes, &mut cpu::Memory::default());
        let (program, shapes) = self.program();
        let channels: Vec<usize> = shapes.iter().map(|shape| shape.channels).collect();
        let packed = Packed::new(&gpu.clone().with_scheme(scheme), program, &channels);
        let found = packed.run(&input, &shapes).await.unwrap();
        assert_eq!(found.len(), expected.len());
        found.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, |worst, difference| {
            if difference.is_nan() { f32::INFINITY } else { worst.max(difference) }
        })
    }
}

fn shape(rows: usize, columns: usize, channels: usize) -> Shape {
    Shape { rows, columns, channels }
}

fn images([rows, columns]: [usize; 2], channels: &[usize]) -> Vec<Shape> {
    channels.iter().map(|&channels| shape(rows, columns, channels)).collect()
}

fn filters(taps: usize, inputs: usize, outputs: usize, rectify: bool) -> Filters {
    Filters { inputs, weights: noise(taps * inputs * outputs, 11), bias: noise(outputs, 12), rectify }
}

fn schemes() -> impl Strategy<Value = Scheme> {
    let tiles = prop::sample::select(vec![
        Tile { rows: 2, columns: 2, groups: 1 },
        Tile { rows: 2, columns: 4, groups: 2 },
        Tile { rows: 4, columns: 2, groups: 3 },
    ]);
    let fills = prop::sample::select(vec![0, 100, 10_000]);
    (tiles, fills).prop_map(|(tile, fill)| Scheme { fill, ..tile.into() })
}

/// The sums of a few hundred products of numbers of about 1, in another order.
const TOLERANCE: f32 = 1e-3;

device_test! {
    async fn convolutions() {
        let Some(gpu) = device().await else { return };
        let strategy = (
            [1_usize..6, 1_usize..6],
            [1_usize..4, 1_usize..4],
            [1_usize..4, 1_usize..4],
            [1_usize..40, 1_usize..40],
            prop::collection::vec(1_usize..20, 1..=4),
            1_usize..36,
            any::<[bool; 2]>(),
            schemes(),
        );
        for case in cases(strategy) {
            let (size, stride, dilation, [rows, columns], channels, outputs, [rectify, pooled], scheme) = case.clone();
            let inputs = images([rows, columns], &channels);
            let filters = filters(size[0] * size[1], channels.iter().sum(), outputs, rectify);
            let output = shape(rows.div_ceil(stride[0]), columns.div_ceil(stride[1]), outputs);
            let pooled = pooled && output.rows > 1 && output.columns > 1;
            let layer = Layer::Conv(Geometry { size, stride, dilation }, filters);
            let difference = Case { pooled, ..Case::new(layer, &inputs, output) }.difference(&gpu, scheme).await;
            assert!(difference < TOLERANCE, "{difference}: {case:?}");
        }
    }
}

device_test! {
    async fn transposed_convolutions() {
        let Some(gpu) = device().await else { return };
        let strategy = (
            [1_usize..6, 1_usize..6],
            [1_usize..4, 1_usize..4],
            [0_usize..3, 0_usize..3],
            [1_usize..9, 1_usize..9],
            prop::collection::vec(1_usize..20, 1..3),
            [1_usize..12, 1_usize..12],
            1_usize..20,
            schemes(),
        );
        for case in cases(strategy) {
            let (size, stride, start, [rows, columns], channels, kept, outputs, scheme) = case.clone();
            let inputs = images([rows, columns], &channels);
            let filters = filters(size[0] * size[1], channels.iter().sum(), outputs, true);
            let layer = Layer::TransposedConv(Spread { size, stride, start }, filters);
            let output = shape(kept[0], kept[1], outputs);
            let difference = Case::new(layer, &inputs, output).difference(&gpu, scheme).await;
            assert!(difference < TOLERANCE, "{difference}: {case:?}");
        }
    }
}

device_test! {
    async fn doubling_convolutions() {
        let Some(gpu) = device().await else { return };
        let channels = prop::collection::vec(1_usize..20, 1..3);
        for case in cases(([1_usize..20, 1_usize..20], channels, 1_usize..36, schemes())) {
            let ([rows, columns], channels, outputs, scheme) = case.clone();
            let inputs = images([rows, columns], &channels);
            let layer = Layer::UpConv(filters(4, channels.iter().sum(), outputs, false));
            let output = shape(2 * rows, 2 * columns, outputs);
            let difference = Case::new(layer, &inputs, output).difference(&gpu, scheme).await;
            assert!(difference < TOLERANCE, "{difference}: {case:?}");
        }
    }
}

device_test! {
    async fn layers_of_one_image() {
        let Some(gpu) = device().await else { return };
        for kind in 0..=LAST_KIND {
            let strategy = (
                [1_usize..20, 1_usize..20, 1_usize..20],
                [1_usize..4, 1_usize..4],
                [1_usize..4, 1_usize..4],
                [-4_isize..6, -4_isize..6],
            );
            for case in cases(strategy).take(3) {
                let ([rows, columns, channels], size, stride, at) = case;
                let same = shape(rows, columns, channels);
                let (layer, output) = layer_of_one_image(kind, same, size, stride, at);
                let difference = Case::new(layer, &[same], output).difference(&gpu, Scheme::default()).await;
                assert!(difference < 1e-5, "{difference}: {kind} {case:?}");
            }
        }
    }
}

/// The last that `layer_of_one_image` knows.
const LAST_KIND: usize = 14;

fn layer_of_one_image(
    kind: usize,
    same: Shape,
    size: [usize; 2],
    stride: [usize; 2],
    at: [isize; 2],
) -> (Layer, Shape) {
    let Shape { rows, columns, channels } = same;
    let activation = |activation| (Layer::Activation(activation), same);
    match kind {
        0 | 1 => {
            let pool = if kind == 0 { PoolKind::Max } else { PoolKind::Average };
            let output = shape(rows.div_ceil(stride[0]), columns.div_ceil(stride[1]), channels);
            (Layer::Pool(Geometry { size, stride, dilation: [1, 1] }, pool), output)
        }
        2 => (Layer::UpsampleNearest(size), shape(rows * size[0], columns * size[1], channels)),
        3 => (Layer::UpsampleBilinear(size), shape(rows * size[0], columns * size[1], channels)),
        4 => (Layer::Frame(at), shape(columns, rows, channels)),
        5 => (Layer::Scale(noise(channels, 3), noise(channels, 4)), same),
        6 => activation(Activation::Relu { max: f32::INFINITY, slope: 0.0, threshold: 0.0 }),
        7 => activation(Activation::Relu { max: 0.4, slope: 0.1, threshold: -0.2 }),
        8 => activation(Activation::Elu { alpha: 1.67, scale: 1.05 }),
        9 => activation(Activation::GeluTanh),
        10 => activation(Activation::Swish),
        11 => activation(Activation::Tanh),
        12 => activation(Activation::Sigmoid),
        13 => activation(Activation::HardSigmoid { slope: 0.2, offset: 0.5 }),
        _ => activation(Activation::Softmax),
    }
}

device_test! {
    async fn layers_of_several_images() {
        let Some(gpu) = device().await else { return };
        let channels = prop::collection::vec(1_usize..20, 1..6);
        for case in cases(([1_usize..20, 1_usize..20], channels, any::<bool>(), any::<[bool; 3]>())) {
            let ([rows, columns], channels, product, repeated) = case.clone();
            let inputs = images([rows, columns], &channels);
            let joined = Case::new(Layer::Join, &inputs, shape(rows, columns, channels.iter().sum()));
            assert!(joined.difference(&gpu, Scheme::default()).await < 1e-6, "{case:?}");

            let whole = inputs[0];
            let side = |repeated: bool, length: usize| if repeated { 1 } else { length };
            let small =
                shape(side(repeated[0], rows), side(repeated[1], columns), side(repeated[2], whole.channels));
            let layer = if product { Layer::Multiply } else { Layer::Add };
            let combined = Case::new(layer, &[whole, small, whole], whole);
            let difference = combined.difference(&gpu, Scheme::default()).await;
            // Each image is sums of up to ten numbers below 1: products have up to three digits before the point.
            let tolerance = if product { 1e-4 } else { 1e-5 };
            assert!(difference < tolerance, "{difference}: {case:?}");
        }
    }
}

device_test! {
    async fn a_submission_is_small_where_a_device_is_slow_or_the_clock_tells_nothing() {
        let operations = |milliseconds| operations_of_submission(256, Duration::from_millis(milliseconds));
        assert_eq!(operations(0), LEAST_OPERATIONS);
        assert_eq!(operations(60_000), LEAST_OPERATIONS);
        assert!(operations(10) > 100 * LEAST_OPERATIONS);
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn a_device_chooses_a_scheme_by_its_times() {
    block_on(async {
        let Some(mut gpu) = device().await else { return };
        let start = std::time::Instant::now();
        let scheme = gpu.tune(|| start.elapsed()).await.unwrap();
        assert_eq!(Scheme::named(&scheme.to_string()), Some(scheme));
        assert_eq!(Scheme::named("3x3x3 0 2000000000"), None);
        assert_eq!(Scheme::named("2x4x2 0 1"), None);
    });
}

device_test! {
    /// More operations than a submission may have, and so several dispatches.
    async fn large_convolutions_are_done_in_parts() {
        let Some(gpu) = device().await else { return };
        let image = shape(300, 256, 64);
        let layer =
            Layer::Conv(Geometry { size: [3, 3], stride: [1, 1], dilation: [1, 1] }, filters(9, 64, 32, true));
        let case = Case { pooled: true, ..Case::new(layer, &[image], shape(300, 256, 32)) };
        let difference = case.difference(&gpu, Scheme::default()).await;
        assert!(difference < 2e-3, "{difference}");
    }
}

/// Multiplies an image of one channel by a factor.
fn multiplied(gpu: &Gpu, factor: f32) -> Packed {
    let layer = Layer::Scale(vec![factor], vec![0.0]);
    let step = Step { layer, inputs: vec![0], output: 1, pooled: None };
    Packed::new(gpu, Program { steps: vec![step], output: 1 }, &[1, 1])
}

device_test! {
    async fn levels_are_the_256_steps_that_numbers_lie_in() {
        let Some(gpu) = device().await else { return };
        for (rows, columns) in cases((1_usize..40, 1_usize..40)) {
            // The middle one, where a mask is decided, the others, what lies just beside each, and what lies outside.
            let steps = [128].into_iter().chain(0..=256).map(|step| step as f32 / 256.0);
            let numbers = steps.flat_map(|step| [step, step.next_up(), step.next_down()]).chain([-3.0, 7.5]);
            let numbers: Vec<f32> = numbers.cycle().take(rows * columns).collect();
            let step = |number: &f32| ((number * 256.0).ceil() - 1.0).clamp(0.0, 255.0) as u8;
            let size = shape(rows, columns, 1);
            let found = multiplied(&gpu, 1.0).levels(&numbers, &[size, size]).await.unwrap();
            let expected = Levels { levels: numbers.iter().map(step).collect(), finite: true };
            assert_eq!(found, expected, "{rows}x{columns}");
        }
    }
}

device_test! {
    async fn levels_tell_of_numbers_that_are_none() {
        let Some(gpu) = device().await else { return };
        let shapes = [shape(5, 7, 1); 2];
        let with = |number| {
            let mut numbers = vec![0.5; 35];
            numbers[33] = number;
            numbers
        };
        for (factor, number, finite) in [
            (f32::MAX / 4.0, 2.0, true),
            (f32::MAX, 2.0, false),
            (-f32::MAX, 2.0, false),
            (0.0, f32::INFINITY, false),
        ] {
            let program = multiplied(&gpu, factor);
            assert_eq!(program.levels(&with(number), &shapes).await.unwrap().finite, finite, "{factor} {number}");
            let next = program.levels(&with(0.5), &shapes).await.unwrap();
            assert!(next.finite, "nothing of one run remains in the next");
        }
    }
}
