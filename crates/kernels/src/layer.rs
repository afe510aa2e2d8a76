//! What layers compute, before a device's kernels pack their weights.

/// How the windows of a convolution or a pool lie. Rows first, then columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Kernel rows and columns.
    pub size: [usize; 2],
    /// Step between windows.
    pub stride: [usize; 2],
    /// Step inside the window.
    pub dilation: [usize; 2],
}

impl Geometry {
    /// Rows and columns of zeros before an image of `input` rows and columns, for windows that give `output`. Zeros make
    /// up for what the windows need more, half before and half behind, the larger half behind.
    pub(crate) fn before(&self, input: [usize; 2], output: [usize; 2]) -> [usize; 2] {
        [0, 1].map(|axis| {
            let span = (self.size[axis].max(1) - 1) * self.dilation[axis] + 1;
            ((output[axis].max(1) - 1) * self.stride[axis] + span).saturating_sub(input[axis]) / 2
        })
    }
}

/// A transposed convolution: of its full output, `(input - 1) * stride + size` rows and columns, the first `start` are
/// left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// Kernel rows and columns.
    pub size: [usize; 2],
    /// Step between the places where the kernel is put down.
    pub stride: [usize; 2],
    /// Rows and columns that are left out.
    pub start: [usize; 2],
}

/// The weights of a convolution.
#[derive(Debug, Clone, PartialEq)]
pub struct Filters {
    /// Channels that it reads.
    pub inputs: usize,
    /// `[kernel rows, kernel columns, inputs, outputs]`; of transposed convolutions
    /// `[kernel rows, kernel columns, outputs, inputs]`.
    pub weights: Vec<f32>,
    /// `[outputs]`
    pub bias: Vec<f32>,
    /// Whether the result is `max(x, 0)`.
    pub rectify: bool,
}

/// What is taken of each window of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PoolKind {
    /// The largest value.
    Max,
    /// The mean.
    Average,
}

/// A function of each value (of all channels of a pixel, for [`Activation::Softmax`]).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Activation {
    /// `max` at and above it, `x` from the threshold up to it, `slope * (x - threshold)` below the threshold.
    Relu {
        /// Upper limit; may be infinite.
        max: f32,
        /// Slope below the threshold.
        slope: f32,
        /// Where the slope ends.
        threshold: f32,
    },
    /// `scale * x` where positive, `scale * alpha * (exp(x) - 1)` elsewhere.
    Elu {
        /// Minus the limit for very negative values, before scaling.
        alpha: f32,
        /// Factor of all.
        scale: f32,
    },
    /// `x` times the normal distribution's cumulative function, by the hyperbolic tangent (Hendrycks and Gimpel 2016).
    GeluTanh,
    /// `x * sigmoid(x)`
    Swish,
    /// Hyperbolic tangent.
    Tanh,
    /// `1 / (1 + exp(-x))`
    Sigmoid,
    /// `slope * x + offset`, clipped to 0..1.
    HardSigmoid {
        /// Factor.
        slope: f32,
        /// What 0 becomes.
        offset: f32,
    },
    /// Exponentials of a pixel's channels that sum to 1.
    Softmax,
}

/// What a step of a [`Program`](crate::Program) does. Convolutions read their images as one, the channels side by side.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// A convolution.
    Conv(Geometry, Filters),
    /// The transposed convolution that doubles the image: each pixel becomes two by two.
    UpConv(Filters),
    /// Any other transposed convolution.
    TransposedConv(Spread, Filters),
    /// The largest value or the mean of windows; what lies outside the image does not count.
    Pool(Geometry, PoolKind),
    /// Copies of each pixel, by rows and columns.
    UpsampleNearest([usize; 2]),
    /// Linear between pixels, by rows and columns.
    UpsampleBilinear([usize; 2]),
    /// The image at another place: by how many rows and columns it moves. What it leaves is 0.
    Frame([isize; 2]),
    /// Channels side by side.
    Join,
    /// Sum of its inputs.
    Add,
    /// Product of its inputs.
    Multiply,
    /// A function of each value.
    Activation(Activation),
    /// A factor and an offset for each channel.
    Scale(Vec<f32>, Vec<f32>),
}
