//! What each Keras layer becomes.

mod activation;
mod conv;
mod merge;
mod norm;
mod resize;

use super::ImportError;
use super::builder::{Builder, Site};
use super::config::Call;

/// Lowers one use of a layer; gives the node of its output.
pub(super) fn lower(
    builder: &mut Builder,
    site: &Site,
    call: &Call,
    inputs: Vec<usize>,
) -> Result<usize, ImportError> {
    let layer = site.layer;
    if let Some(reason) = layer.refusal {
        return Err(layer.refused(reason));
    }
    if call.has_constants {
        return Err(layer.refused("is called with a number or a text instead of an image"));
    }
    match layer.class.as_str() {
        "Add" => return merge::add(builder, site, inputs),
        "Multiply" => return merge::multiply(builder, site, inputs),
        "Concatenate" => return merge::concatenate(builder, site, inputs),
        _ => {}
    }
    let &[input] = inputs.as_slice() else { return Err(layer.refused("takes several inputs")) };
    if let Some(inner) = &layer.inner {
        if inner.inputs.len() > 1 {
            return Err(layer.refused("is a model with several inputs"));
        }
        return builder.network(inner, input, Some(site));
    }
    match layer.class.as_str() {
        "Conv2D" | "Convolution2D" => conv::conv(builder, site, input),
        "Conv2DTranspose" | "Convolution2DTranspose" => conv::conv_transpose(builder, site, input),
        "DepthwiseConv2D" => conv::depthwise(builder, site, input),
        "SeparableConv2D" | "SeparableConvolution2D" => conv::separable(builder, site, input),
        "MaxPooling2D" | "MaxPool2D" | "AveragePooling2D" | "AvgPool2D" => resize::pool(builder, site, input),
        "UpSampling2D" => resize::upsample(builder, site, input),
        "ZeroPadding2D" => resize::pad(builder, site, input),
        "Cropping2D" => resize::crop(builder, site, input),
        "BatchNormalization" if call.training => Err(layer.refused("is called with training=True")),
        "BatchNormalization" | "BatchNormalizationV1" | "BatchNormalizationV2" => {
            norm::batch(builder, site, input)
        }
        "GroupNormalization" => norm::group(builder, site, input),
        "Rescaling" => norm::rescale(builder, site, input),
        "PReLU" => activation::prelu(builder, site, input),
        "Activation" | "ReLU" | "LeakyReLU" | "ELU" | "Softmax" => activation::layer(builder, site, input),
        "Dropout" | "SpatialDropout2D" | "GaussianNoise" | "GaussianDropout" | "AlphaDropout"
            if call.training =>
        {
            Err(layer.refused("is called with training=True, which makes its output random"))
        }
        "Dropout"
        | "SpatialDropout2D"
        | "GaussianNoise"
        | "GaussianDropout"
        | "AlphaDropout"
        | "ActivityRegularization"
        | "Identity" => Ok(input),
        class => Err(layer.refused(reason_against(class))),
    }
}

/// Why a class is not supported, as part of a sentence.
fn reason_against(class: &str) -> &'static str {
    match class {
        "LSTM" | "GRU" | "SimpleRNN" | "RNN" | "Bidirectional" | "TimeDistributed" | "ConvLSTM2D"
        | "Embedding" => "works on sequences",
        "Attention" | "AdditiveAttention" | "MultiHeadAttention" | "GroupQueryAttention" => {
            "relates all pixels to each other"
        }
        "Dense"
        | "EinsumDense"
        | "Flatten"
        | "Reshape"
        | "Permute"
        | "RepeatVector"
        | "GlobalAveragePooling2D"
        | "GlobalMaxPooling2D" => "does not keep the image as it is",
        "Lambda" | "TFOpLambda" | "SlicingOpLambda" | "TensorFlowOpLayer" => {
            "holds Python code instead of a description"
        }
        class if class.ends_with("1D") || class.ends_with("3D") || class.ends_with("3DTranspose") => {
            "does not work on two-dimensional images"
        }
        _ => "Rachis does not know",
    }
}
