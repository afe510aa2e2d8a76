//! The work of networks whose operations can be counted by hand.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(feature = "segment")]

use std::collections::BTreeMap;

use rachis_engine::operations;
use rachis_unet::graph::{Activation, Conv, ConvTranspose, Graph, Node, Op, Padding};
use rachis_unet::{Model, ModelInfo, Preprocessing, Weight};

#[test]
fn a_kernel_is_counted_at_each_pixel_that_it_meets() {
    let halve = Op::Conv(Conv {
        kernel: "halve".into(),
        bias: None,
        size: [3, 3],
        filters: 2,
        stride: [2, 2],
        dilation: [1, 1],
        padding: Padding::Same,
        groups: 1,
    });
    let double = Op::ConvTranspose(ConvTranspose {
        kernel: "double".into(),
        bias: None,
        size: [2, 2],
        filters: 1,
        stride: [2, 2],
        dilation: [1, 1],
        padding: Padding::Same,
        output_padding: None,
    });
    let node = |name: &str, op, inputs: &[usize]| Node { name: name.into(), op, inputs: inputs.to_vec() };
    let weight = |name: &str, shape: [usize; 4]| {
        (name.to_owned(), Weight { shape: shape.to_vec(), values: vec![0.0; shape.iter().product()] })
    };
    let model = Model {
        graph: Graph {
            nodes: vec![
                node("image", Op::Input { channels: 1 }, &[]),
                node("halve", halve, &[0]),
                node("relu", Op::Activation(Activation::RELU), &[1]),
                node("double", double, &[2]),
            ],
        },
        weights: BTreeMap::from([weight("halve", [3, 3, 1, 2]), weight("double", [2, 2, 1, 2])]),
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
    };
    // Both kernels work on the 2 x 3 pixels between them.
    assert_eq!(operations(&model, [4, 6]).unwrap(), 2 * 6 * (9 * 2 + 4 * 2));
}
