//! Whatever a graph looks like, the kernels give what Burn gives, layer by layer as the graph has them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use burn::tensor::Device;
use futures_lite::future::block_on;
use proptest::prelude::*;
use rachis_unet::graph::{
    Activation, Axis, BatchNorm, Conv, ConvTranspose, Graph, Node, Op, Padding, Pool, PoolKind, Upsampling,
};
use rachis_unet::{CpuNetwork, Gpu, GpuNetwork, Model, ModelInfo, Network, Preprocessing, Weight};

/// Any device, one in software too; none if the machine has neither.
static GPU: LazyLock<Option<Gpu>> = LazyLock::new(|| block_on(Gpu::open()));

/// A graph that grows by nodes that fit it.
struct Growing {
    nodes: Vec<Node>,
    weights: BTreeMap<String, Weight>,
    /// Rows, columns and channels of each node's output.
    shapes: Vec<[usize; 3]>,
}

impl Growing {
    fn new(shape: [usize; 3]) -> Self {
        let image = Node { name: "image".into(), op: Op::Input { channels: shape[2] }, inputs: Vec::new() };
        Self { nodes: vec![image], weights: BTreeMap::new(), shapes: vec![shape] }
    }

    fn add(&mut self, op: Op, inputs: &[usize], shape: [usize; 3]) {
        let name = self.nodes.len().to_string();
        self.nodes.push(Node { name, op, inputs: inputs.to_vec() });
        self.shapes.push(shape);
    }

    /// Values around `center` without a pattern.
    fn weight(&mut self, shape: &[usize], center: f32) -> String {
        let name = format!("weight {}", self.weights.len());
        let seed = self.weights.len() as f32;
        let count = shape.iter().product();
        let values = (0..count).map(|at| center + 0.3 * (seed + at as f32 * 1.7).sin()).collect();
        self.weights.insert(name.clone(), Weight { shape: shape.to_vec(), values });
        name
    }

    /// A node of one of several kinds on node `at`; a convolution has `filters`.
    fn grow(&mut self, kind: usize, at: usize, filters: usize) {
        let at = at % self.nodes.len();
        let [rows, columns, channels] = self.shapes[at];
        let last = self.nodes.len() - 1;
        match kind {
            0..4 => {
                let size = if kind == 3 { 1 } else { 3 };
                let kernel = self.weight(&[size, size, channels, filters], 0.0);
                let bias = (kind == 0).then(|| self.weight(&[filters], 0.0));
                let (size, stride, dilation) = ([size; 2], [1, 1], [1, 1]);
                let padding = Padding::Same;
                let conv = Conv { kernel, bias, size, filters, stride, dilation, padding, groups: 1 };
                self.add(Op::Conv(conv), &[at], [rows, columns, filters]);
            }
            4 | 5 => {
                let size = [kind - 2; 2];
                let kernel = self.weight(&[size[0], size[1], filters, channels], 0.0);
                let conv = ConvTranspose {
                    kernel,
                    bias: None,
                    size,
                    filters,
                    stride: [2, 2],
                    dilation: [1, 1],
                    padding: Padding::Same,
                    output_padding: None,
                };
                self.add(Op::ConvTranspose(conv), &[at], [2 * rows, 2 * columns, filters]);
            }
            6 | 7 => {
                let channels = self.shapes[last][2];
                let norm = BatchNorm {
                    gamma: Some(self.weight(&[channels], 1.0)),
                    beta: Some(self.weight(&[channels], 0.0)),
                    mean: self.weight(&[channels], 0.0),
                    variance: self.weight(&[channels], 1.0),
                    epsilon: 1e-3,
                };
                self.add(Op::BatchNorm(norm), &[last], self.shapes[last]);
            }
            8 | 9 => self.add(Op::Activation(Activation::RELU), &[last], self.shapes[last]),
            10 | 11 if rows > 1 && columns > 1 => {
                let padding = if kind == 10 { Padding::Valid } else { Padding::Same };
                let pool = Pool { kind: PoolKind::Max, size: [2, 2], stride: [2, 2], padding };
                let half = |side: usize| if kind == 10 { side / 2 } else { side.div_ceil(2) };
                self.add(Op::Pool(pool), &[at], [half(rows), half(columns), channels]);
            }
            12 => {
                let upsample = Op::Upsample { factor: [2, 2], method: Upsampling::Nearest };
                self.add(upsample, &[at], [2 * rows, 2 * columns, channels]);
            }
            _ => {
                let fits = |shape: &[usize; 3]| shape[..2] == [rows, columns];
                let other = self.shapes.iter().rposition(fits).unwrap_or(at);
                let more = self.shapes[other][2];
                if kind.is_multiple_of(2) && more == channels {
                    self.add(Op::Add, &[at, other], [rows, columns, channels]);
                } else {
                    let concat = Op::Concat { axis: Axis::Channels };
                    self.add(concat, &[at, other], [rows, columns, channels + more]);
                }
            }
        }
    }

    fn model(self) -> Model {
        Model {
            graph: Graph { nodes: self.nodes },
            weights: self.weights,
            info: ModelInfo {
                name: "test".into(),
                preprocessing: Preprocessing::Unit,
                pixel_mm: None,
                classes: Vec::new(),
                threshold: 0.5,
                origin: String::new(),
                licence: String::new(),
                parent: None,
            },
            self_test: None,
        }
    }
}

proptest! {
    #[test]
    fn the_kernels_give_what_burn_gives(
        rows in 1_usize..14,
        columns in 1_usize..14,
        channels in 1_usize..10,
        growth in prop::collection::vec((0_usize..16, 0_usize..32, prop_oneof![1_usize..9, Just(16)]), 1..14),
    ) {
        let mut growing = Growing::new([rows, columns, channels]);
        for (kind, at, filters) in growth {
            growing.grow(kind, at, filters);
        }
        let model = growing.model();
        let input: Vec<f32> = (0..2 * rows * columns * channels).map(|at| (at as f32 * 0.9).sin()).collect();
        let shape = [2, rows, columns, channels];
        let burn = Network::load(&model, &Device::flex()).unwrap();
        let (expected, expected_shape) = block_on(burn.run(input.clone(), shape)).unwrap();
        let mut outputs = vec![CpuNetwork::load(&model).unwrap().unwrap().run(&input, shape).unwrap()];
        if let Some(gpu) = &*GPU {
            let network = GpuNetwork::load(&model, gpu).unwrap().unwrap();
            outputs.push(block_on(network.run(&input, shape)).unwrap());
        }

        let largest = expected.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
        for (output, output_shape) in outputs {
            prop_assert_eq!(output_shape, expected_shape);
            for (value, expected) in output.iter().zip(&expected) {
                prop_assert!((value - expected).abs() <= 1e-4 * largest, "{} instead of {}", value, expected);
            }
        }
    }
}
