//! A layer with its weights on the device.

use super::conv::Conv;
use super::device::{Dispatch, Gpu, Task};
use super::{LANES, View, groups, values};
use crate::{Activation, Geometry, Layer, PoolKind, Shape, Spread};

/// What runs a layer.
#[derive(Debug)]
pub(super) enum Kernel {
    Conv(Conv),
    /// Factors and offsets.
    Scale(wgpu::Buffer),
    /// Has no weights.
    Plain(Layer),
}

/// The beginning of all shaders that are not whole files.
macro_rules! shader {
    ($file:literal) => {
        concat!(include_str!("shaders/plain.wgsl"), include_str!(concat!("shaders/", $file)))
    };
}

const JOIN: &str = include_str!("shaders/join.wgsl");
const PACK: &str = include_str!("shaders/pack.wgsl");
const UNPACK: &str = include_str!("shaders/unpack.wgsl");
const LEVELS: &str = include_str!("shaders/levels.wgsl");

/// Levels, of a byte each, that lie in a word.
pub(super) const LEVELS_OF_WORD: usize = 4;

/// Of all shaders but those of convolutions.
const WORKGROUP: [usize; 2] = [16, 4];

/// A shader that begins with `plain.wgsl`, and what it is told besides the sizes.
#[derive(Default)]
struct Plain {
    source: &'static str,
    a: [i32; 4],
    b: [i32; 4],
    numbers: [f32; 4],
}

impl Kernel {
    /// Puts a layer's weights on the device; the images that it takes have so many `channels`.
    pub(super) fn new(gpu: &Gpu, layer: Layer, channels: &[usize]) -> Self {
        match layer {
            Layer::Conv(geometry, filters) => Self::Conv(Conv::new(gpu, geometry, &filters, channels)),
            Layer::UpConv(filters) => {
                let spread = Spread { size: [2, 2], stride: [2, 2], start: [0, 0] };
                Self::Conv(Conv::transposed(gpu, spread, &filters, channels))
            }
            Layer::TransposedConv(spread, filters) => {
                Self::Conv(Conv::transposed(gpu, spread, &filters, channels))
            }
            Layer::Scale(factors, offsets) => {
                let padded = |values: &[f32]| {
                    let mut values = values.to_vec();
                    values.resize(groups(values.len()) * LANES, 0.0);
                    values
                };
                let weights = [padded(&factors), padded(&offsets)].concat();
                Self::Scale(gpu.filled(bytemuck::cast_slice(&weights), wgpu::BufferUsages::STORAGE))
            }
            plain => Self::Plain(plain),
        }
    }

    /// Bytes that its weights take.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Conv(conv) => conv.bytes(),
            Self::Scale(weights) => weights.size(),
            Self::Plain(_) => 0,
        }
    }

    /// Adds what computes `output` of `images`.
    pub(super) fn plan(
        &self,
        gpu: &Gpu,
        images: &[View<'_>],
        output: View<'_>,
        pooled: Option<View<'_>>,
        dispatches: &mut Vec<Dispatch>,
    ) {
        let mut add = |plain: &Plain, image: View<'_>, weights: Option<&wgpu::Buffer>| {
            dispatches.push(plain.dispatch(gpu, image, output, weights));
        };
        let layer = match self {
            Self::Conv(conv) => return conv.plan(gpu, images, output, pooled, dispatches),
            Self::Scale(weights) => {
                let scale = Plain { source: shader!("scale.wgsl"), ..Plain::default() };
                return add(&scale, images[0], Some(weights));
            }
            Self::Plain(layer) => layer,
        };
        match layer {
            Layer::Join => join(gpu, images, output, dispatches),
            Layer::Add | Layer::Multiply => {
                let operation = if *layer == Layer::Add { 1 } else { 2 };
                for (image, operation) in
                    images.iter().zip(std::iter::once(0).chain(std::iter::repeat(operation)))
                {
                    let source = shader!("combine.wgsl");
                    add(&Plain { source, a: [operation, 0, 0, 0], ..Plain::default() }, *image, None);
                }
            }
            _ => {
                if let Some(plain) = plain(layer, images[0].shape, output.shape) {
                    add(&plain, images[0], None);
                }
            }
        }
    }
}

/// The shader of a layer that takes one image and has no weights.
fn plain(layer: &Layer, image: Shape, output: Shape) -> Option<Plain> {
    Some(match *layer {
        Layer::Pool(geometry, kind) => {
            let Geometry { size, stride, .. } = geometry;
            let [above, left] = geometry.before(image.size(), output.size());
            Plain {
                source: shader!("pool.wgsl"),
                a: [size[0], size[1], stride[0], stride[1]].map(|side| side as i32),
                b: [above as i32, left as i32, i32::from(kind == PoolKind::Average), 0],
                ..Plain::default()
            }
        }
        Layer::UpsampleNearest([rows, columns]) => Plain {
            source: shader!("upsample_nearest.wgsl"),
            a: [rows as i32, columns as i32, 0, 0],
            ..Plain::default()
        },
        Layer::UpsampleBilinear([rows, columns]) => Plain {
            source: shader!("upsample_bilinear.wgsl"),
            a: [rows as i32, columns as i32, 0, 0],
            ..Plain::default()
        },
        Layer::Frame([rows, columns]) => Plain {
            source: shader!("frame.wgsl"),
            a: [rows as i32, columns as i32, 0, 0],
            ..Plain::default()
        },
        Layer::Activation(Activation::Softmax) => {
            Plain { source: shader!("softmax.wgsl"), ..Plain::default() }
        }
        Layer::Activation(activation) => {
            // As `activation.wgsl` numbers them.
            let (function, numbers) = match activation {
                // WGSL knows no infinity.
                Activation::Relu { max, slope, threshold } => (0, [max.min(f32::MAX), slope, threshold]),
                Activation::Elu { alpha, scale } => (1, [alpha, scale, 0.0]),
                Activation::GeluTanh => (2, [0.0; 3]),
                Activation::Swish => (3, [0.0; 3]),
                Activation::Tanh => (4, [0.0; 3]),
                Activation::Sigmoid | Activation::Softmax => (5, [0.0; 3]),
                Activation::HardSigmoid { slope, offset } => (6, [slope, offset, 0.0]),
            };
            let [x, y, z] = numbers;
            Plain {
                source: shader!("activation.wgsl"),
                a: [function, 0, 0, 0],
                numbers: [x, y, z, 0.0],
                ..Plain::default()
            }
        }
        Layer::Conv(..)
        | Layer::UpConv(_)
        | Layer::TransposedConv(..)
        | Layer::Scale(..)
        | Layer::Join
        | Layer::Add
        | Layer::Multiply => return None,
    })
}

impl Plain {
    fn dispatch(
        &self,
        gpu: &Gpu,
        image: View<'_>,
        output: View<'_>,
        weights: Option<&wgpu::Buffer>,
    ) -> Dispatch {
        let mut params = [sizes(output.shape), sizes(image.shape)].concat();
        params.extend(self.a.iter().chain(&self.b).map(|&value| value as u32));
        params.extend(self.numbers.map(f32::to_bits));
        let mut buffers = vec![output.buffer, image.buffer];
        buffers.extend(weights);
        gpu.dispatch(&Task {
            source: self.source,
            params: &params,
            buffers: &buffers,
            invocations: invocations(output.shape),
            workgroup: WORKGROUP,
            operations: values(output.shape),
        })
    }
}

/// Rows, columns, groups and channels, as all shaders want them.
fn sizes(shape: Shape) -> [u32; 4] {
    [shape.rows, shape.columns, groups(shape.channels), shape.channels].map(|size| size as u32)
}

fn invocations(shape: Shape) -> [usize; 3] {
    [shape.columns, shape.rows, groups(shape.channels)]
}

fn join(gpu: &Gpu, images: &[View<'_>], output: View<'_>, dispatches: &mut Vec<Dispatch>) {
    let mut first = 0;
    for (at, image) in images.iter().enumerate() {
        let channels = image.shape.channels;
        // The last image's invocations go on to the end of the output.
        let count =
            if at + 1 == images.len() { groups(output.shape.channels) * LANES - first } else { channels };
        let mut params = sizes(output.shape).to_vec();
        params.extend([channels, first, 0, 0].map(|value| value as u32));
        dispatches.push(gpu.dispatch(&Task {
            source: JOIN,
            params: &params,
            buffers: &[output.buffer, image.buffer],
            invocations: [output.shape.columns, output.shape.rows, groups(count)],
            workgroup: WORKGROUP,
            operations: values(image.shape),
        }));
        first += channels;
    }
}

/// From values with the channels last to an image.
pub(super) fn pack(gpu: &Gpu, values: &wgpu::Buffer, image: View<'_>) -> Dispatch {
    convert(gpu, PACK, image.shape, [image.buffer, values])
}

/// From an image to values with the channels last.
pub(super) fn unpack(gpu: &Gpu, image: View<'_>, values: &wgpu::Buffer) -> Dispatch {
    convert(gpu, UNPACK, image.shape, [values, image.buffer])
}

/// From an image of one channel to levels, of which each row begins with a word of its own.
pub(super) fn to_levels(gpu: &Gpu, image: View<'_>, levels: &wgpu::Buffer) -> Dispatch {
    let row_words = image.shape.columns.div_ceil(LEVELS_OF_WORD);
    let mut params = sizes(image.shape).to_vec();
    params.extend([row_words as u32, 0, 0, 0]);
    gpu.dispatch(&Task {
        source: LEVELS,
        params: &params,
        buffers: &[levels, image.buffer],
        invocations: [row_words, image.shape.rows, 1],
        workgroup: WORKGROUP,
        operations: values(image.shape),
    })
}

fn convert(gpu: &Gpu, source: &str, shape: Shape, buffers: [&wgpu::Buffer; 2]) -> Dispatch {
    gpu.dispatch(&Task {
        source,
        params: &sizes(shape),
        buffers: &buffers,
        invocations: invocations(shape),
        workgroup: WORKGROUP,
        operations: values(shape),
    })
}
