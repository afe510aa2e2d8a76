//! Small networks, written down by hand, through the whole way from slice to mask.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]
#![cfg(feature = "cpu")]

use std::collections::BTreeMap;

use futures_lite::future::block_on;
use rachis_ct::{Mask, Quantity, Slice, Spacing};
use rachis_engine::{Engine, EngineError, Segmenter};
use rachis_unet::graph::{
    Activation, Axis, Conv, Edges, Graph, Node, Op, Padding, Pool, PoolKind, Upsampling,
};
use rachis_unet::{Model, ModelInfo, Preprocessing, SelfTest, Weight};

fn node(name: &str, op: Op, inputs: &[usize]) -> Node {
    Node { name: name.into(), op, inputs: inputs.to_vec() }
}

fn model(nodes: Vec<Node>, weights: &[(&str, &[usize], &[f32])]) -> Model {
    let weights = weights.iter().map(|(name, shape, values)| {
        ((*name).to_owned(), Weight { shape: shape.to_vec(), values: values.to_vec() })
    });
    Model {
        graph: Graph { nodes },
        weights: weights.collect::<BTreeMap<_, _>>(),
        info: ModelInfo {
            name: "test".into(),
            preprocessing: Preprocessing::TwelveBit,
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

/// Answers with its input.
fn identity() -> Model {
    model(
        vec![
            node("image", Op::Input { channels: 1 }, &[]),
            node("same", Op::Activation(Activation::RELU), &[0]),
        ],
        &[],
    )
}

/// The brightest of each 4x4 block, so that sides must be multiples of 4.
fn brightest_of_blocks() -> Model {
    let pool = Pool { kind: PoolKind::Max, size: [4, 4], stride: [4, 4], padding: Padding::Valid };
    let upsample = Op::Upsample { factor: [4, 4], method: Upsampling::Nearest };
    model(
        vec![
            node("image", Op::Input { channels: 1 }, &[]),
            node("pool", Op::Pool(pool), &[0]),
            node("up", upsample, &[1]),
        ],
        &[],
    )
}

/// A convolution that keeps the size.
fn conv(size: [usize; 2], filters: usize, bias: Option<&str>) -> Op {
    Op::Conv(Conv {
        kernel: "kernel".into(),
        bias: bias.map(str::to_owned),
        size,
        filters,
        stride: [1, 1],
        dilation: [1, 1],
        padding: Padding::Same,
        groups: 1,
    })
}

/// A 1x1 convolution from grey to several classes.
fn classes(kernel: &[f32], bias: &[f32]) -> Model {
    model(
        vec![
            node("image", Op::Input { channels: 1 }, &[]),
            node("conv", conv([1, 1], kernel.len(), Some("bias")), &[0]),
            node("softmax", Op::Activation(Activation::Softmax { axis: Axis::Channels }), &[1]),
        ],
        &[("kernel", &[1, 1, 1, kernel.len()], kernel), ("bias", &[bias.len()], bias)],
    )
}

fn load(model: &Model) -> Result<Segmenter, EngineError> {
    block_on(Segmenter::load(model, &Engine::cpu()))
}

fn segment(model: &Model, slice: &Slice) -> Result<Mask, EngineError> {
    let segmenter = load(model)?;
    Ok(block_on(segmenter.segment(slice, false))?.mask(segmenter.threshold()))
}

fn slice(rows: u32, columns: u32, pixels: &[i16]) -> Slice {
    Slice { rows, columns, pixels: pixels.to_vec(), quantity: Quantity::Hu, spacing: None, window: None }
}

#[test]
fn a_value_above_the_threshold_is_spine() {
    let mut model = identity();
    let slice = slice(1, 3, &[-1024, 1010, 1040]);
    assert_eq!(segment(&model, &slice).unwrap().pixels(), [0, 0, 1]);
    model.info.threshold = 0.49;
    assert_eq!(segment(&model, &slice).unwrap().pixels(), [0, 1, 1]);
}

#[test]
fn with_the_mirror_image_a_network_that_looks_to_the_left_looks_to_both_sides() {
    let nodes =
        vec![node("image", Op::Input { channels: 1 }, &[]), node("conv", conv([1, 3], 1, None), &[0])];
    let mut model = model(nodes, &[("kernel", &[1, 3, 1, 1], &[1.0, 0.0, 0.0])]);
    model.info.threshold = 0.4;
    let segmenter = load(&model).unwrap();
    let slice = slice(1, 5, &[-1024, -1024, 3071, -1024, -1024]);
    let mask = |mirror| block_on(segmenter.segment(&slice, mirror)).unwrap().mask(segmenter.threshold());
    assert_eq!(mask(false).pixels(), [0, 0, 0, 1, 0]);
    assert_eq!(mask(true).pixels(), [0, 1, 0, 1, 0]);
}

#[test]
fn other_sizes_are_padded_with_air_and_come_back_in_their_own_size() {
    // Bone in the last row and column, whose blocks reach over the edge.
    let (rows, columns) = (5_u32, 7_u32);
    let mut pixels = vec![-1024; 35];
    pixels[4 * 7 + 6] = 2000;
    let mask = segment(&brightest_of_blocks(), &slice(rows, columns, &pixels)).unwrap();

    let expected: Vec<u8> =
        (0..rows * columns).map(|at| u8::from(at / columns >= 4 && at % columns >= 4)).collect();
    assert_eq!(mask, Mask::new(rows, columns, expected).unwrap());
}

#[test]
fn a_slice_of_coarse_pixels_is_enlarged_for_a_model_that_knows_finer_ones() {
    let mut model = brightest_of_blocks();
    let mut pixels = [-1024; 64];
    pixels[0] = 2000;
    let slice = Slice { spacing: Some(Spacing { row_mm: 3.0, column_mm: 3.0 }), ..slice(8, 8, &pixels) };
    let spine = |model: &Model| {
        segment(model, &slice).unwrap().pixels().iter().map(|&pixel| usize::from(pixel)).sum()
    };
    let block: usize = spine(&model);
    assert_eq!(block, 16);

    // Now each pixel of the slice is a block.
    model.info.pixel_mm = Some(0.8);
    assert_eq!(spine(&model), 1);
}

#[test]
fn with_several_classes_the_largest_decides_and_the_first_is_background() {
    // Background wins below 0.3, the second class from there to 0.6, the third above.
    let model = classes(&[0.0, 10.0, 20.0], &[0.0, -3.0, -9.0]);
    let mask = segment(&model, &slice(1, 4, &[-1024, 0, 900, 3000])).unwrap();
    assert_eq!(mask.pixels(), [0, 0, 1, 1]);
}

#[test]
fn a_model_for_colour_pictures_is_refused() {
    let mut model = identity();
    model.graph.nodes[0].op = Op::Input { channels: 3 };
    assert!(matches!(load(&model), Err(EngineError::InputChannels { channels: 3 })));
}

#[test]
fn a_model_that_cuts_the_edges_off_is_refused() {
    let mut model = identity();
    model.graph.nodes[1].op = Op::Crop(Edges { top: 1, bottom: 1, left: 1, right: 1 });
    assert!(matches!(
        segment(&model, &slice(5, 6, &[0; 30])),
        Err(EngineError::OutputSize { input: [5, 6], output: [3, 4] })
    ));
}

#[test]
fn an_output_that_is_no_number_is_refused() {
    let model = classes(&[f32::MAX, f32::MAX], &[f32::INFINITY, 0.0]);
    assert!(matches!(segment(&model, &slice(1, 1, &[3000])), Err(EngineError::NotFinite)));
}

#[test]
fn a_slice_without_all_its_pixels_is_refused() {
    assert!(matches!(segment(&identity(), &slice(2, 2, &[0; 3])), Err(EngineError::IncompleteSlice)));
    assert!(matches!(segment(&identity(), &slice(0, 0, &[])), Err(EngineError::IncompleteSlice)));
}

#[test]
fn a_model_must_pass_its_self_test() {
    let mut model = identity();
    let passing = SelfTest { shape: [1, 1, 2, 1], input: vec![0.25, 0.5], expected: vec![0.25, 0.5] };
    model.self_test = Some(passing.clone());
    assert!(load(&model).is_ok());

    model.self_test = Some(SelfTest { expected: vec![0.25, 0.51], ..passing });
    assert!(matches!(load(&model), Err(EngineError::SelfTest { difference, .. }) if difference > 0.009));
}

#[test]
fn the_memory_for_a_slice_is_that_of_the_padded_slice() {
    let segmenter = block_on(Segmenter::load(&brightest_of_blocks(), &Engine::cpu())).unwrap();
    let bytes = |rows, columns| segmenter.bytes(rows, columns).unwrap();
    assert_eq!(bytes(5, 7), bytes(8, 8));
    assert!(bytes(8, 8) < bytes(16, 16));
}
