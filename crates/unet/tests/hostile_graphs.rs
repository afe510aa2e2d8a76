//! Graphs that no honest tool would write are refused with the layer's name.

use std::collections::BTreeMap;

use rachis_unet::graph::{Conv, Edges, Graph, Node, Op, Padding, Pool, PoolKind, Upsampling};
use rachis_unet::{GraphError, Weight};

fn node(name: &str, op: Op, inputs: &[usize]) -> Node {
    Node { name: name.into(), op, inputs: inputs.to_vec() }
}

fn input(channels: usize) -> Node {
    node("image", Op::Input { channels }, &[])
}

fn check(nodes: Vec<Node>) -> Result<(), GraphError> {
    Graph { nodes }.check(&BTreeMap::new())
}

fn pool(stride: usize) -> Op {
    Op::Pool(Pool { kind: PoolKind::Max, size: [2, 2], stride: [stride; 2], padding: Padding::Same })
}

#[test]
fn a_graph_without_nodes_or_with_a_loop_is_refused() {
    assert_eq!(check(vec![]), Err(GraphError::Structure));
    assert_eq!(check(vec![input(1), node("loop", Op::Add, &[1])]), Err(GraphError::Structure));
    assert_eq!(check(vec![node("first", Op::Add, &[])]), Err(GraphError::Structure));
    assert_eq!(check(vec![input(1), input(1)]), Err(GraphError::Structure));
}

#[test]
fn absurd_numbers_are_refused() {
    for op in [
        pool(0),
        pool(usize::MAX),
        Op::Upsample { factor: [0, 1], method: Upsampling::Nearest },
        Op::Pad(Edges { top: usize::MAX, bottom: 0, left: 0, right: 0 }),
    ] {
        let error = check(vec![input(1), node("absurd", op, &[0])]).unwrap_err();
        assert!(error.to_string().contains("'absurd'"), "{error}");
    }
    assert!(check(vec![input(usize::MAX), node("sum", Op::Add, &[0])]).is_err());
}

#[test]
fn a_network_that_halves_too_often_is_refused() {
    let pools = (0..13).map(|depth| node("pool", pool(2), &[depth]));
    let nodes = std::iter::once(input(1)).chain(pools).collect();
    assert_eq!(check(nodes), Err(GraphError::SizeMultiple(8192)));
}

#[test]
fn weights_of_another_shape_are_refused() {
    let conv = Op::Conv(Conv {
        kernel: "conv/kernel".into(),
        bias: None,
        size: [3, 3],
        filters: 2,
        stride: [1, 1],
        dilation: [1, 1],
        padding: Padding::Same,
        groups: 1,
    });
    let graph = Graph { nodes: vec![input(1), node("conv", conv, &[0])] };
    let of_shape = |shape: [usize; 4], values| {
        BTreeMap::from([(
            "conv/kernel".to_owned(),
            Weight { shape: shape.to_vec(), values: vec![0.0; values] },
        )])
    };
    assert_eq!(graph.check(&of_shape([3, 3, 1, 2], 18)), Ok(()));
    assert!(matches!(graph.check(&of_shape([3, 3, 2, 1], 18)), Err(GraphError::WeightShape { .. })));
    assert!(matches!(graph.check(&of_shape([3, 3, 1, 2], 17)), Err(GraphError::Node { .. })));
    assert!(matches!(graph.check(&BTreeMap::new()), Err(GraphError::MissingWeight { .. })));
}

#[test]
fn an_image_that_is_too_small_is_named_with_the_layer() {
    let crop = Op::Crop(Edges { top: 4, bottom: 4, left: 0, right: 0 });
    let graph = Graph { nodes: vec![input(1), node("crop", crop, &[0])] };
    assert_eq!(graph.output_size([9, 9]), Ok([1, 9]));
    let error = graph.output_size([8, 9]).unwrap_err().to_string();
    assert!(error.contains("8 x 9") && error.contains("'crop'"), "{error}");
}

#[test]
fn the_size_multiple_is_that_of_the_deepest_layer() {
    let nodes = vec![
        input(1),
        node("pool1", pool(2), &[0]),
        node("pool2", pool(3), &[1]),
        node("up", Op::Upsample { factor: [6, 6], method: Upsampling::Nearest }, &[2]),
        node("pool3", pool(4), &[0]),
        node("sum", Op::Add, &[0, 3]),
    ];
    assert_eq!(Graph { nodes }.size_multiple(), [12, 12]);
}
