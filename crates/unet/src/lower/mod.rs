//! From a graph to a program of `rachis-kernels`, with fewer steps than the graph has nodes.
//!
//! - Batch normalisation becomes part of the weights of the convolution before it.
//! - A rectifier is applied where the convolution before it stores its sums.
//! - So is a 2x2 maximum, beside the convolution's own output if that is still wanted.
//! - Nothing is concatenated for a convolution: it reads all inputs.
//!
//! Images of the program have the numbers of the nodes whose outputs they are.

mod weights;

use std::collections::BTreeMap;

use rachis_kernels::{self as kernels, Geometry, Layer, Program, Shape, Spread, Step};

use crate::graph::{
    Activation, Axis, Conv, ConvTranspose, Edges, Node, Op, Padding, Pool, PoolKind, Upsampling,
};
use crate::{Graph, GraphError, Weight};
use weights::{FoldedFilters, Weights};

/// Of transposed convolutions; each pixel of a step has a kernel of its own.
const MAX_STEP: usize = 8;

/// Images that a convolution reads as one: a shader has no more buffers.
const MAX_PARTS: usize = 4;

/// The program for a graph whose weights fit it; `None` if the kernels lack an operation.
pub(crate) fn program(
    graph: &Graph,
    weights: &BTreeMap<String, Weight>,
) -> Result<Option<Program<Layer>>, GraphError> {
    let mut lowering = Lowering::new(graph, weights)?;
    for (number, node) in graph.nodes.iter().enumerate().skip(1) {
        if !lowering.made(number) && !lowering.add(number, node)? {
            return Ok(None);
        }
    }
    let output = graph.nodes.len() - 1;
    let output = lowering.whole(output);
    Ok(Some(Program { steps: lowering.steps, output }))
}

/// The channels of a program's images.
#[cfg(feature = "gpu")]
pub(crate) fn channels(graph: &Graph) -> Result<Vec<usize>, GraphError> {
    let mut channels = Vec::with_capacity(graph.nodes.len());
    for node in &graph.nodes {
        channels.push(node.output_channels(&channels)?);
    }
    Ok(channels)
}

/// The shapes of a program's images for an input of `size` rows and columns.
pub(crate) fn shapes(graph: &Graph, size: [usize; 2]) -> Result<Vec<Shape>, GraphError> {
    let shapes = graph.output_shapes(size)?.into_iter();
    Ok(shapes.map(|[rows, columns, channels]| Shape { rows, columns, channels }).collect())
}

struct Lowering<'a> {
    nodes: &'a [Node],
    weights: &'a BTreeMap<String, Weight>,
    /// Channels of each node's output.
    channels: Vec<usize>,
    /// The nodes that take each node's output.
    users: Vec<Vec<usize>>,
    steps: Vec<Step<Layer>>,
    /// For each node, the images whose channels side by side are its output; none before it is made.
    parts: Vec<Vec<usize>>,
}

impl<'a> Lowering<'a> {
    fn new(graph: &'a Graph, weights: &'a BTreeMap<String, Weight>) -> Result<Self, GraphError> {
        let mut channels = Vec::with_capacity(graph.nodes.len());
        let mut users = vec![Vec::new(); graph.nodes.len()];
        for (number, node) in graph.nodes.iter().enumerate() {
            channels.push(node.output_channels(&channels)?);
            for &input in &node.inputs {
                users.get_mut(input).ok_or(GraphError::Structure)?.push(number);
            }
        }
        let mut parts = vec![Vec::new(); graph.nodes.len()];
        parts.first_mut().ok_or(GraphError::Structure)?.push(0);
        Ok(Self { nodes: &graph.nodes, weights, channels, users, steps: Vec::new(), parts })
    }

    fn made(&self, node: usize) -> bool {
        self.parts.get(node).is_some_and(|parts| !parts.is_empty())
    }

    fn channels(&self, node: usize) -> usize {
        self.channels.get(node).copied().unwrap_or(0)
    }

    /// The images whose channels side by side are a node's output.
    fn parts(&self, node: usize) -> Vec<usize> {
        self.parts.get(node).cloned().unwrap_or_default()
    }

    /// The one image that is a node's output, joined if need be.
    fn whole(&mut self, node: usize) -> usize {
        match *self.parts(node) {
            [image] => image,
            _ => {
                let parts = self.parts(node);
                self.push(Layer::Join, parts, node);
                node
            }
        }
    }

    /// Adds a step that makes a node's output.
    fn push(&mut self, layer: Layer, inputs: Vec<usize>, node: usize) {
        self.steps.push(Step { layer, inputs, output: node, pooled: None });
        self.is(node, vec![node]);
    }

    fn is(&mut self, node: usize, images: Vec<usize>) {
        if let Some(parts) = self.parts.get_mut(node) {
            *parts = images;
        }
    }

    /// Adds a node, and what can be done along with it; false if the kernels lack it.
    fn add(&mut self, number: usize, node: &Node) -> Result<bool, GraphError> {
        let weights = Weights { weights: self.weights, node: &node.name };
        let layer = match &node.op {
            Op::Conv(conv) if conv.groups == 1 => {
                self.conv(number, conv)?;
                return Ok(true);
            }
            Op::ConvTranspose(conv)
                if conv.dilation == [1, 1] && conv.stride.iter().all(|&step| step <= MAX_STEP) =>
            {
                self.conv_transpose(number, conv)?;
                return Ok(true);
            }
            Op::Concat { axis: Axis::Channels } => {
                let parts: Vec<usize> = node.inputs.iter().flat_map(|&input| self.parts(input)).collect();
                if parts.len() > MAX_PARTS {
                    self.push(Layer::Join, parts, number);
                } else {
                    self.is(number, parts);
                }
                return Ok(true);
            }
            Op::Pool(pool) => Layer::Pool(pool_geometry(pool), pool_kind(pool.kind)),
            Op::Upsample { factor, method: Upsampling::Nearest } => Layer::UpsampleNearest(*factor),
            Op::Upsample { factor, method: Upsampling::Bilinear } => Layer::UpsampleBilinear(*factor),
            Op::Pad(Edges { top, left, .. }) => Layer::Frame([*top, *left].map(signed)),
            Op::Crop(Edges { top, left, .. }) => Layer::Frame([*top, *left].map(|edge| -signed(edge))),
            Op::Add => Layer::Add,
            Op::Multiply => Layer::Multiply,
            Op::BatchNorm(norm) => {
                let (factors, offsets) = weights.factors(norm)?;
                Layer::Scale(factors, offsets)
            }
            Op::Rescale { scale, offset } => {
                let channels = self.channels(number);
                let of_each = |values: &[f32]| values.iter().copied().cycle().take(channels).collect();
                Layer::Scale(of_each(scale), of_each(offset))
            }
            Op::Activation(activation) => match function(*activation) {
                Some(function) => Layer::Activation(function),
                None => return Ok(false),
            },
            Op::Input { .. }
            | Op::Conv(_)
            | Op::ConvTranspose(_)
            | Op::Concat { .. }
            | Op::GroupNorm(_)
            | Op::Prelu { .. } => return Ok(false),
        };
        let inputs = node.inputs.iter().map(|&input| self.whole(input)).collect();
        self.push(layer, inputs, number);
        Ok(true)
    }

    fn conv(&mut self, number: usize, conv: &Conv) -> Result<(), GraphError> {
        let (inputs, channels) = self.inputs(number);
        let filters = self.weights_of(number).conv(conv)?;
        let (filters, rectify, last) = self.finish(number, filters)?;
        let geometry = Geometry { size: conv.size, stride: conv.stride, dilation: conv.dilation };
        self.push(Layer::Conv(geometry, filters.with(channels, rectify)), inputs, last);

        let pools = |&user: &usize| matches!(self.nodes.get(user), Some(Node { op: Op::Pool(pool), .. }) if halves(pool));
        let pooled = self.users.get(last).and_then(|users| users.iter().copied().find(pools));
        if let (Some(pooled), Some(step)) = (pooled, self.steps.last_mut()) {
            step.pooled = Some(pooled);
            self.is(pooled, vec![pooled]);
        }
        Ok(())
    }

    fn conv_transpose(&mut self, number: usize, conv: &ConvTranspose) -> Result<(), GraphError> {
        let (inputs, channels) = self.inputs(number);
        let filters = self.weights_of(number).conv_transpose(conv)?;
        let (filters, rectify, last) = self.finish(number, filters)?;
        let filters = filters.with(channels, rectify);
        let layer = if doubles(conv) {
            Layer::UpConv(filters)
        } else {
            // The same for images of any size.
            let start = conv.kept([1, 1]).map(|kept| kept.start);
            Layer::TransposedConv(Spread { size: conv.size, stride: conv.stride, start }, filters)
        };
        self.push(layer, inputs, last);
        Ok(())
    }

    /// The images that a convolution reads, and their channels.
    fn inputs(&self, number: usize) -> (Vec<usize>, usize) {
        let input = self.nodes.get(number).and_then(|node| node.inputs.first().copied()).unwrap_or(0);
        (self.parts(input), self.channels(input))
    }

    fn weights_of(&self, number: usize) -> Weights<'a> {
        Weights { weights: self.weights, node: self.nodes.get(number).map_or("", |node| &node.name) }
    }

    /// Takes into a convolution what follows it: the filters, whether they are rectified, and the last node of these.
    fn finish(
        &mut self,
        number: usize,
        mut filters: FoldedFilters,
    ) -> Result<(FoldedFilters, bool, usize), GraphError> {
        let (mut last, mut rectify) = (number, false);
        while let Some((next, op)) = self.only_user(last).filter(|_| !rectify) {
            match op {
                Op::BatchNorm(norm) => {
                    let (factors, offsets) = self.weights_of(next).factors(norm)?;
                    filters = filters.scaled(&factors, &offsets);
                }
                Op::Activation(Activation::RELU) => rectify = true,
                _ => break,
            }
            self.is(last, vec![next]);
            last = next;
        }
        Ok((filters, rectify, last))
    }

    /// The node that takes a node's output, if there is only one.
    fn only_user(&self, node: usize) -> Option<(usize, &'a Op)> {
        match self.users.get(node)?.as_slice() {
            &[user] => Some((user, &self.nodes.get(user)?.op)),
            _ => None,
        }
    }
}

/// Edges are a few thousand pixels at most.
fn signed(edge: usize) -> isize {
    isize::try_from(edge).unwrap_or(isize::MAX)
}

/// Whether each pixel becomes two by two that no other pixel reaches.
fn doubles(conv: &ConvTranspose) -> bool {
    conv.size == [2, 2] && conv.stride == [2, 2] && conv.dilation == [1, 1] && conv.output_padding.is_none()
}

/// Whether it is the largest of each two by two pixels, an odd last row or column left out.
fn halves(pool: &Pool) -> bool {
    let Pool { kind, size, stride, padding } = pool;
    (*kind, *size, *stride, *padding) == (PoolKind::Max, [2, 2], [2, 2], Padding::Valid)
}

fn pool_geometry(pool: &Pool) -> Geometry {
    Geometry { size: pool.size, stride: pool.stride, dilation: [1, 1] }
}

fn pool_kind(kind: PoolKind) -> kernels::PoolKind {
    match kind {
        PoolKind::Max => kernels::PoolKind::Max,
        PoolKind::Average => kernels::PoolKind::Average,
    }
}

/// The kernels' name for a function, if they have it.
fn function(activation: Activation) -> Option<kernels::Activation> {
    use kernels::Activation as Kernel;
    Some(match activation {
        Activation::Relu { max, slope, threshold } => {
            Kernel::Relu { max: max.unwrap_or(f32::INFINITY), slope, threshold }
        }
        Activation::Elu { alpha } => Kernel::Elu { alpha, scale: 1.0 },
        // Klambauer et al. 2017.
        Activation::Selu => Kernel::Elu { alpha: 1.673_263_2, scale: 1.050_701 },
        Activation::Gelu { approximate: true } => Kernel::GeluTanh,
        Activation::Swish => Kernel::Swish,
        Activation::Tanh => Kernel::Tanh,
        Activation::Sigmoid => Kernel::Sigmoid,
        Activation::HardSigmoid { slope, offset } => Kernel::HardSigmoid { slope, offset },
        Activation::Softmax { axis: Axis::Channels } => Kernel::Softmax,
        Activation::Gelu { approximate: false } | Activation::Softmax { .. } => return None,
    })
}
