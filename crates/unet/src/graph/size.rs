//! How large an operation's output is.

use super::channels::broadcast;
use super::{Axis, Conv, ConvTranspose, Edges, Graph, GraphError, Op, Padding, Pool};

/// Larger images than this come only from broken or hostile models.
const MAX_SIDE: usize = 1 << 16;

/// Pixels that a kernel of `size` spans along one axis.
pub(crate) fn span(size: usize, dilation: usize) -> usize {
    size.saturating_sub(1) * dilation + 1
}

/// Which part of a transposed convolution's full output (`(input - 1) * stride + span` pixels) is kept along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Pixels dropped at the beginning; at least as many are dropped at the end.
    pub start: usize,
    /// Pixels kept.
    pub length: usize,
    /// Pixels by which the full output is too short; they hold the bias alone.
    pub missing: usize,
}

impl ConvTranspose {
    /// The kept rows and the kept columns for an input of `[rows, columns]`.
    ///
    /// Keras' rule, as its JAX and Torch backends have it: 'same' keeps `input * stride` pixels from the middle of the
    /// full output, 'valid' all of it but at least `input * stride`; an output padding replaces the default end.
    pub(crate) fn kept(&self, [rows, columns]: [usize; 2]) -> [Kept; 2] {
        let [stride_rows, stride_columns] = self.stride;
        let [span_rows, span_columns] = self.spans();
        let [extra_rows, extra_columns] = match self.output_padding {
            Some([rows, columns]) => [Some(rows), Some(columns)],
            None => [None, None],
        };
        [
            kept_axis(self.padding, rows, stride_rows, span_rows, extra_rows),
            kept_axis(self.padding, columns, stride_columns, span_columns, extra_columns),
        ]
    }

    /// Rows and columns that the kernel spans.
    pub(crate) fn spans(&self) -> [usize; 2] {
        let ([rows, columns], [by_rows, by_columns]) = (self.size, self.dilation);
        [span(rows, by_rows), span(columns, by_columns)]
    }
}

fn kept_axis(padding: Padding, input: usize, stride: usize, span: usize, extra: Option<usize>) -> Kept {
    let steps = input.saturating_sub(1) * stride;
    let full = steps + span;
    let length = match (padding, extra) {
        (Padding::Valid, None) => full.max(steps + stride),
        (Padding::Valid, Some(extra)) => full + extra,
        (Padding::Same, None) => steps + stride,
        (Padding::Same, Some(extra)) => steps + span % 2 + extra,
    };
    let start = match padding {
        Padding::Valid => 0,
        Padding::Same => full.saturating_sub(length) / 2,
    };
    Kept { start, length, missing: length.saturating_sub(full) }
}

impl Op {
    /// Rows and columns of the output, from those of the inputs.
    ///
    /// # Errors
    /// What is wrong, as part of a sentence.
    pub(crate) fn output_size(&self, inputs: &[[usize; 2]]) -> Result<[usize; 2], String> {
        let &[rows, columns] = inputs.first().ok_or("it has no input")?;
        let size = match self {
            Self::Conv(Conv { size, stride, dilation, padding, .. }) => {
                let ([kernel_rows, kernel_columns], [dilation_rows, dilation_columns]) = (size, dilation);
                let [stride_rows, stride_columns] = stride;
                [
                    windows(*padding, rows, span(*kernel_rows, *dilation_rows), *stride_rows),
                    windows(*padding, columns, span(*kernel_columns, *dilation_columns), *stride_columns),
                ]
            }
            Self::Pool(Pool {
                size: [size_rows, size_columns],
                stride: [stride_rows, stride_columns],
                padding,
                ..
            }) => [
                windows(*padding, rows, *size_rows, *stride_rows),
                windows(*padding, columns, *size_columns, *stride_columns),
            ],
            Self::ConvTranspose(conv) => conv.kept([rows, columns]).map(|kept| kept.length),
            Self::Upsample { factor: [by_rows, by_columns], .. } => [rows * by_rows, columns * by_columns],
            Self::Pad(Edges { top, bottom, left, right }) => [rows + top + bottom, columns + left + right],
            Self::Crop(Edges { top, bottom, left, right }) => {
                [rows.saturating_sub(top + bottom), columns.saturating_sub(left + right)]
            }
            Self::Concat { axis } => joined(*axis, inputs)?,
            Self::Add | Self::Multiply => {
                [broadcast(&along(Axis::Height, inputs))?, broadcast(&along(Axis::Width, inputs))?]
            }
            Self::Prelu { shape: [slope_rows, slope_columns, _], .. } => {
                if [(*slope_rows, rows), (*slope_columns, columns)]
                    .iter()
                    .any(|&(s, size)| s != 1 && s != size)
                {
                    return Err(format!("it has a slope for each of {slope_rows} x {slope_columns} pixels"));
                }
                [rows, columns]
            }
            Self::Input { .. }
            | Self::BatchNorm(_)
            | Self::GroupNorm(_)
            | Self::Activation(_)
            | Self::Rescale { .. } => [rows, columns],
        };
        match size {
            [1..=MAX_SIDE, 1..=MAX_SIDE] => Ok(size),
            _ => Err("nothing of the image, or far too much, would be left".into()),
        }
    }

    /// By how much the output is larger than the input (first of the pair) and smaller (second), in rows and columns.
    fn scale(&self) -> [(usize, usize); 2] {
        let (larger, smaller) = match self {
            Self::Conv(Conv { stride, .. }) | Self::Pool(Pool { stride, .. }) => ([1, 1], *stride),
            Self::ConvTranspose(ConvTranspose { stride, .. }) => (*stride, [1, 1]),
            Self::Upsample { factor, .. } => (*factor, [1, 1]),
            _ => ([1, 1], [1, 1]),
        };
        let ([rows_larger, columns_larger], [rows_smaller, columns_smaller]) = (larger, smaller);
        [(rows_larger, rows_smaller), (columns_larger, columns_smaller)]
    }
}

/// Number of windows along one axis.
fn windows(padding: Padding, input: usize, window: usize, stride: usize) -> usize {
    match padding {
        Padding::Same => input.div_ceil(stride.max(1)),
        Padding::Valid if input < window => 0,
        Padding::Valid => (input - window) / stride.max(1) + 1,
    }
}

/// The inputs' lengths along an axis.
fn along(axis: Axis, inputs: &[[usize; 2]]) -> Vec<usize> {
    inputs.iter().map(|&[rows, columns]| if axis == Axis::Height { rows } else { columns }).collect()
}

fn joined(axis: Axis, inputs: &[[usize; 2]]) -> Result<[usize; 2], String> {
    let length = |of: Axis| {
        let lengths = along(of, inputs);
        match lengths.first() {
            Some(first) if lengths.iter().all(|length| length == first) => Ok(*first),
            _ => Err(format!("its inputs have {lengths:?} rows or columns")),
        }
    };
    Ok(match axis {
        Axis::Height => [along(Axis::Height, inputs).iter().sum(), length(Axis::Width)?],
        Axis::Width => [length(Axis::Height)?, along(Axis::Width, inputs).iter().sum()],
        Axis::Channels => [length(Axis::Height)?, length(Axis::Width)?],
    })
}

impl Graph {
    /// Rows and columns of the output for an image of `input` rows and columns.
    ///
    /// # Errors
    /// The layer that this size does not suit.
    pub fn output_size(&self, input: [usize; 2]) -> Result<[usize; 2], GraphError> {
        self.output_sizes(input)?.last().copied().ok_or(GraphError::Structure)
    }

    /// Rows, columns and channels of each node's output for an image of `input` rows and columns: what running the
    /// network takes of memory.
    ///
    /// # Errors
    /// The first layer whose inputs do not suit it.
    pub fn output_shapes(&self, input: [usize; 2]) -> Result<Vec<[usize; 3]>, GraphError> {
        let sizes = self.output_sizes(input)?;
        let mut channels = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            channels.push(node.output_channels(&channels)?);
        }
        Ok(sizes
            .into_iter()
            .zip(channels)
            .map(|([rows, columns], channels)| [rows, columns, channels])
            .collect())
    }

    fn output_sizes(&self, input: [usize; 2]) -> Result<Vec<[usize; 2]>, GraphError> {
        let mut sizes: Vec<[usize; 2]> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let inputs: Vec<[usize; 2]> = match node.op {
                Op::Input { .. } => vec![input],
                _ => node.inputs.iter().filter_map(|&i| sizes.get(i).copied()).collect(),
            };
            let size = node.op.output_size(&inputs).map_err(|reason| {
                let [height, width] = input;
                GraphError::ImageSize { height, width, node: node.name.clone(), reason }
            })?;
            sizes.push(size);
        }
        Ok(sizes)
    }

    /// Rows and columns must be multiples of these for every layer to divide them without remainder: the product of
    /// the strides on the way to the deepest layer, for a U-Net.
    #[must_use]
    pub fn size_multiple(&self) -> [usize; 2] {
        let mut multiple = [1, 1];
        let mut resolutions: Vec<[Fraction; 2]> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let input = node.inputs.first().and_then(|&i| resolutions.get(i)).copied();
            let [rows, columns] = input.unwrap_or([Fraction::ONE; 2]);
            let [by_rows, by_columns] = node.op.scale();
            let resolution = [rows.times(by_rows), columns.times(by_columns)];
            let [rows, columns] = resolution;
            let [multiple_rows, multiple_columns] = multiple;
            multiple = [lcm(multiple_rows, rows.denominator), lcm(multiple_columns, columns.denominator)];
            resolutions.push(resolution);
        }
        multiple
    }
}

/// A layer's resolution as a part of the image's.
#[derive(Debug, Clone, Copy)]
struct Fraction {
    numerator: usize,
    denominator: usize,
}

impl Fraction {
    const ONE: Self = Self { numerator: 1, denominator: 1 };

    fn times(self, (larger, smaller): (usize, usize)) -> Self {
        let numerator = self.numerator.saturating_mul(larger);
        let denominator = self.denominator.saturating_mul(smaller);
        let common = gcd(numerator, denominator).max(1);
        Self { numerator: numerator / common, denominator: denominator / common }
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn lcm(a: usize, b: usize) -> usize {
    (a / gcd(a, b).max(1)).saturating_mul(b)
}
