//! Convolutions.

use super::super::ImportError;
use super::super::builder::Builder;
use super::super::site::Site;
use super::activation;
use crate::Weight;
use crate::graph::{Conv, ConvTranspose, Op, Padding};

pub(super) fn conv(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    let (kernel, bias) = kernel_and_bias(site)?;
    builder.load(site, &[Some(&kernel), bias.as_deref()])?;
    let op = Op::Conv(Conv {
        kernel,
        bias,
        size: kernel_size(site)?,
        filters: site.layer.count("filters")?,
        stride: site.layer.pair("strides")?.unwrap_or([1, 1]),
        dilation: site.layer.pair("dilation_rate")?.unwrap_or([1, 1]),
        padding: site.layer.padding()?,
        groups: site.layer.count_or("groups", 1)?,
    });
    let output = builder.push(&site.path, op, vec![input])?;
    activation::argument(builder, site, output)
}

pub(super) fn conv_transpose(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    let (kernel, bias) = kernel_and_bias(site)?;
    builder.load(site, &[Some(&kernel), bias.as_deref()])?;
    let op = Op::ConvTranspose(ConvTranspose {
        kernel,
        bias,
        size: kernel_size(site)?,
        filters: site.layer.count("filters")?,
        stride: site.layer.pair("strides")?.unwrap_or([1, 1]),
        dilation: site.layer.pair("dilation_rate")?.unwrap_or([1, 1]),
        padding: site.layer.padding()?,
        output_padding: site.layer.pair("output_padding")?,
    });
    let output = builder.push(&site.path, op, vec![input])?;
    activation::argument(builder, site, output)
}

/// Each channel has its own kernels: a convolution with as many groups as channels.
pub(super) fn depthwise(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    let (kernel, bias) = kernel_and_bias(site)?;
    builder.load_as(site, &[Some(&kernel), bias.as_deref()], grouped)?;
    let op = depthwise_op(builder, site, input, kernel, bias)?;
    let output = builder.push(&site.path, op, vec![input])?;
    activation::argument(builder, site, output)
}

/// A depthwise convolution, then one that mixes the channels.
pub(super) fn separable(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    let [depthwise, kernel] = ["depthwise_kernel", "pointwise_kernel"].map(|array| site.weight(array));
    let (_, bias) = kernel_and_bias(site)?;
    builder.load_as(site, &[Some(&depthwise), Some(&kernel), bias.as_deref()], grouped)?;
    let op = depthwise_op(builder, site, input, depthwise, None)?;
    let each = builder.push(&format!("{}/depthwise", site.path), op, vec![input])?;
    let op = Op::Conv(Conv {
        kernel,
        bias,
        size: [1, 1],
        filters: site.layer.count("filters")?,
        stride: [1, 1],
        dilation: [1, 1],
        padding: Padding::Valid,
        groups: 1,
    });
    let output = builder.push(&site.path, op, vec![each])?;
    activation::argument(builder, site, output)
}

fn depthwise_op(
    builder: &Builder,
    site: &Site,
    input: usize,
    kernel: String,
    bias: Option<String>,
) -> Result<Op, ImportError> {
    let channels = builder.channels(input)?;
    let multiplier = site.layer.count_or("depth_multiplier", 1)?;
    Ok(Op::Conv(Conv {
        kernel,
        bias,
        size: kernel_size(site)?,
        filters: channels.saturating_mul(multiplier),
        stride: site.layer.pair("strides")?.unwrap_or([1, 1]),
        dilation: site.layer.pair("dilation_rate")?.unwrap_or([1, 1]),
        padding: site.layer.padding()?,
        groups: channels,
    }))
}

/// The first array, `[rows, columns, channels, multiplier]`, as the kernel of a convolution with one input channel in
/// each group; the others as they are.
fn grouped(position: usize, mut weight: Weight) -> Weight {
    if let (0, [rows, columns, channels, multiplier]) = (position, weight.shape.as_slice()) {
        weight.shape = vec![*rows, *columns, 1, channels * multiplier];
    }
    weight
}

fn kernel_and_bias(site: &Site) -> Result<(String, Option<String>), ImportError> {
    let bias = site.layer.flag("use_bias", true)?.then(|| site.weight("bias"));
    Ok((site.weight("kernel"), bias))
}

fn kernel_size(site: &Site) -> Result<[usize; 2], ImportError> {
    site.layer.pair("kernel_size")?.ok_or_else(|| site.layer.unsupported("kernel_size"))
}
