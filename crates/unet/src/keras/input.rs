//! What a model takes.

use serde_json::Value;

use super::ImportError;
use super::config::Network;
use super::fields::{AxisOrder, as_count};

/// The order of axes that all layers share, where any of them names one.
pub(super) fn axis_order(network: &Network) -> Result<Option<AxisOrder>, ImportError> {
    let mut order = None;
    for layer in &network.layers {
        let of_layer = match (&layer.inner, layer.text("data_format")) {
            (Some(inner), _) => axis_order(inner)?,
            (None, Some("channels_first")) => Some(AxisOrder::ChannelsFirst),
            (None, Some("channels_last")) => Some(AxisOrder::ChannelsLast),
            (None, _) => None,
        };
        match (order, of_layer) {
            (Some(order), Some(of_layer)) if order != of_layer => {
                let found = layer.text("data_format").unwrap_or("of another data_format").to_owned();
                return Err(ImportError::MixedLayouts { layer: layer.name.clone(), found });
            }
            (None, _) => order = of_layer,
            _ => {}
        }
    }
    Ok(order)
}

/// The name and the number of channels of a model's input.
pub(super) fn input_of(network: &Network, order: AxisOrder) -> Result<(String, usize), ImportError> {
    let name = network.inputs.first();
    let layer = name.and_then(|name| network.layers.iter().find(|layer| layer.name == *name));
    let of_layer =
        layer.and_then(|layer| layer.get("batch_shape").or_else(|| layer.get("batch_input_shape")));
    let shape = of_layer.or(network.built_for.as_ref()).unwrap_or(&Value::Null);
    let channels = match shape.as_array().map(Vec::as_slice) {
        Some([_, first, _, last]) => as_count(if order == AxisOrder::ChannelsLast { last } else { first }),
        _ => None,
    };
    let channels = channels.ok_or_else(|| ImportError::InputShape(shape.to_string()))?;
    Ok((name.cloned().unwrap_or_else(|| "input".to_owned()), channels))
}
