//! Activations, as layers and as arguments of other layers.

use serde_json::Value;

use super::super::ImportError;
use super::super::builder::Builder;
use super::super::config::Layer;
use super::super::fields::AxisOrder;
use super::super::site::Site;
use crate::Weight;
use crate::graph::{Activation, Axis, Op};

const RELU6: Activation = Activation::Relu { max: Some(6.0), slope: 0.0, threshold: 0.0 };
/// Keras 3's.
const HARD_SIGMOID: Activation = Activation::HardSigmoid { slope: 1.0 / 6.0, offset: 0.5 };

/// A layer that is an activation.
pub(super) fn layer(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    match function_of(site.layer, builder)? {
        Some(function) => builder.push(&site.path, Op::Activation(function), vec![input]),
        None => Ok(input),
    }
}

/// The `activation` argument of a layer whose own output is `output`.
pub(super) fn argument(builder: &mut Builder, site: &Site, output: usize) -> Result<usize, ImportError> {
    match option(site.layer, builder)? {
        Some(function) => {
            builder.push(&format!("{}/activation", site.path), Op::Activation(function), vec![output])
        }
        None => Ok(output),
    }
}

/// `x` where positive, elsewhere `x` times a learnt slope.
pub(super) fn prelu(builder: &mut Builder, site: &Site, input: usize) -> Result<usize, ImportError> {
    let slope = site.weight("alpha");
    let order = builder.order;
    builder.load_as(site, &[Some(&slope)], |_, weight| match order {
        AxisOrder::ChannelsLast => weight,
        AxisOrder::ChannelsFirst => channels_last(weight),
    })?;
    let shape = builder.shape(&slope).try_into().map_err(|_| site.layer.unsupported("shared_axes"))?;
    builder.push(&site.path, Op::Prelu { slope, shape }, vec![input])
}

/// `[channels, rows, columns]` as `[rows, columns, channels]`.
fn channels_last(Weight { shape, values }: Weight) -> Weight {
    let [channels, rows, columns] = *shape.as_slice() else { return Weight { shape, values } };
    let pixels = rows * columns;
    let of_pixel = |pixel| (0..channels).map(move |channel| channel * pixels + pixel);
    let values =
        (0..pixels).flat_map(of_pixel).filter_map(|position| values.get(position).copied()).collect();
    Weight { shape: vec![rows, columns, channels], values }
}

/// An activation layer's function; none for the identity.
fn function_of(layer: &Layer, builder: &Builder) -> Result<Option<Activation>, ImportError> {
    let slope = |default| {
        let slope = layer.number("negative_slope")?.or(layer.number("alpha")?);
        Ok::<_, ImportError>(slope.unwrap_or(default))
    };
    Ok(Some(match layer.class.as_str() {
        "Relu" => Activation::RELU,
        "Relu6" => RELU6,
        "Selu" => Activation::Selu,
        "Gelu" => Activation::Gelu { approximate: layer.flag("approximate", true)? },
        "Silu" => Activation::Swish,
        "Tanh" => Activation::Tanh,
        "Sigmoid" => Activation::Sigmoid,
        "HardSigmoid" => HARD_SIGMOID,
        "ReLU" => Activation::Relu {
            max: layer.number("max_value")?,
            slope: slope(0.0)?,
            threshold: layer.number("threshold")?.unwrap_or(0.0),
        },
        "LeakyReLU" => Activation::Relu { max: None, slope: slope(0.3)?, threshold: 0.0 },
        "LeakyRelu" => Activation::Relu { max: None, slope: slope(0.2)?, threshold: 0.0 },
        "ELU" | "Elu" => Activation::Elu { alpha: layer.number("alpha")?.unwrap_or(1.0) },
        "Softmax" => Activation::Softmax { axis: layer.axis("axis", builder.order)? },
        "Activation" => return option(layer, builder),
        _ => return Err(layer.unsupported("activation")),
    }))
}

/// The function that the option `activation` names; none for the identity.
fn option(layer: &Layer, builder: &Builder) -> Result<Option<Activation>, ImportError> {
    let Some(value) = layer.get("activation") else { return Ok(None) };
    let field = |key| value.get(key).and_then(Value::as_str);
    match (value.as_str(), field("class_name"), field("config")) {
        (Some(name), _, _) | (None, Some("function"), Some(name)) => named(layer, builder, name),
        // A layer in the place of a function.
        (None, Some(class), _) => {
            let config = value.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
            let nested = Layer::of_class(class, &layer.name, config);
            function_of(&nested, builder).map_err(|_| layer.unsupported("activation"))
        }
        _ => Err(layer.unsupported("activation")),
    }
}

/// The function of Keras' name; none for the identity.
fn named(layer: &Layer, builder: &Builder, name: &str) -> Result<Option<Activation>, ImportError> {
    let keras_2 = builder.keras_major < 3;
    Ok(Some(match name {
        "linear" => return Ok(None),
        "relu" => Activation::RELU,
        "relu6" => RELU6,
        "leaky_relu" => Activation::Relu { max: None, slope: 0.2, threshold: 0.0 },
        "elu" => Activation::Elu { alpha: 1.0 },
        "selu" => Activation::Selu,
        "gelu" => Activation::Gelu { approximate: false },
        "swish" | "silu" => Activation::Swish,
        "tanh" => Activation::Tanh,
        "sigmoid" => Activation::Sigmoid,
        "hard_sigmoid" if keras_2 => Activation::HardSigmoid { slope: 0.2, offset: 0.5 },
        "hard_sigmoid" => HARD_SIGMOID,
        "softmax" if builder.order == AxisOrder::ChannelsLast => Activation::Softmax { axis: Axis::Channels },
        // The function works along the last axis.
        "softmax" => Activation::Softmax { axis: Axis::Width },
        _ => return Err(layer.unsupported("activation")),
    }))
}
