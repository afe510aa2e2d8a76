//! What each Keras layer becomes.

mod activation;
mod conv;
mod merge;
mod norm;
mod resize;

use super::ImportError;
use super::builder::Builder;
use super::config::Call;
use super::site::Site;

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
    let single = || match inputs.as_slice() {
        [input] => Ok(*input),
        _ => Err(layer.refused("takes several inputs")),
    };
    if let Some(inner) = &layer.inner {
        return match inner.inputs.len() {
            0 | 1 => builder.network(inner, single()?, Some(site)),
            _ => Err(layer.refused("is a model with several inputs")),
        };
    }
    match layer.class.as_str() {
        "Add" => merge::add(builder, site, inputs),
        "Multiply" => merge::multiply(builder, site, inputs),
        "Concatenate" => merge::concatenate(builder, site, inputs),
        "Conv2D" | "Convolution2D" => conv::conv(builder, site, single()?),
        "Conv2DTranspose" | "Convolution2DTranspose" => conv::conv_transpose(builder, site, single()?),
        "DepthwiseConv2D" => conv::depthwise(builder, site, single()?),
        "SeparableConv2D" | "SeparableConvolution2D" => conv::separable(builder, site, single()?),
        "MaxPooling2D" | "MaxPool2D" | "AveragePooling2D" | "AvgPool2D" => {
            resize::pool(builder, site, single()?)
        }
        "UpSampling2D" => resize::upsample(builder, site, single()?),
        "ZeroPadding2D" => resize::pad(builder, site, single()?),
        "Cropping2D" => resize::crop(builder, site, single()?),
        "BatchNormalization" => {
            // As in training, it would use the image's own statistics.
            refuse_training(site, call)?;
            norm::batch(builder, site, single()?)
        }
        "GroupNormalization" => norm::group(builder, site, single()?),
        "Rescaling" => norm::rescale(builder, site, single()?),
        "PReLU" => activation::prelu(builder, site, single()?),
        "Activation" | "ReLU" | "LeakyReLU" | "ELU" | "Softmax" => {
            activation::layer(builder, site, single()?)
        }
        // Functions called between layers.
        "Relu" | "Relu6" | "LeakyRelu" | "Elu" | "Selu" | "Gelu" | "Silu" | "Tanh" | "Sigmoid"
        | "HardSigmoid" => activation::layer(builder, site, single()?),
        "Dropout" | "SpatialDropout2D" | "GaussianNoise" | "GaussianDropout" | "AlphaDropout" => {
            // As in training, its output would be random.
            refuse_training(site, call)?;
            single()
        }
        "ActivityRegularization" | "Identity" => single(),
        class => Err(layer.refused(reason_against(class))),
    }
}

fn refuse_training(site: &Site, call: &Call) -> Result<(), ImportError> {
    let layer = site.layer;
    if !call.training {
        return Ok(());
    }
    Err(ImportError::Option {
        layer: layer.name.clone(),
        class: layer.class.clone(),
        option: "training".to_owned(),
        value: "true".to_owned(),
    })
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
