//! The layers' description: Keras 2 and 3, functional and sequential, in one form.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::ImportError;
use crate::graph::MAX_NODES;

/// Models inside models inside models ... end here.
const MAX_DEPTH: usize = 16;

/// Where the description being read stands.
#[derive(Debug, Clone, Copy)]
struct Context {
    keras_major: u32,
    depth: usize,
}

/// A functional or sequential model.
#[derive(Debug)]
pub(super) struct Network {
    /// Its layers in Keras' order.
    pub layers: Vec<Layer>,
    /// The names of its input layers; none for a sequential model that begins with another layer.
    pub inputs: Vec<String>,
    /// Its outputs.
    pub outputs: Vec<TensorRef>,
    /// The shape that a sequential model without an input layer was built for.
    pub built_for: Option<Value>,
}

/// One layer.
#[derive(Debug)]
pub(super) struct Layer {
    pub class: String,
    pub name: String,
    pub config: Map<String, Value>,
    /// One for each time it is used.
    pub calls: Vec<Call>,
    /// The layers inside, where it is a model itself.
    pub inner: Option<Network>,
    /// Why it is refused whatever its class, where it is.
    pub refusal: Option<&'static str>,
}

/// One use of a layer.
#[derive(Debug, Default)]
pub(super) struct Call {
    pub inputs: Vec<TensorRef>,
    /// Whether a number or a text stands among the inputs.
    pub has_constants: bool,
    /// Whether the layer behaves as in training.
    pub training: bool,
}

/// The output of one use of a layer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TensorRef {
    pub layer: String,
    pub call: usize,
    pub tensor: usize,
}

impl Network {
    /// Reads a model's class and configuration.
    pub(super) fn parse(model: &Value, keras_major: u32) -> Result<Self, ImportError> {
        Self::parse_nested(model, Context { keras_major, depth: 0 })
    }

    fn parse_nested(model: &Value, context: Context) -> Result<Self, ImportError> {
        if context.depth > MAX_DEPTH {
            return Err(ImportError::TooLarge("it has more than 16 models inside each other"));
        }
        let class = text(model, "class_name")?;
        let config = model.get("config").ok_or_else(|| missing("config"))?;
        match class {
            "Functional" | "Model" => Self::functional(class, config, context),
            "Sequential" => Self::sequential(config, context),
            _ => Err(ImportError::Subclassed { class: class.to_owned() }),
        }
    }

    fn functional(class: &str, config: &Value, context: Context) -> Result<Self, ImportError> {
        let [Some(layers), Some(inputs), Some(outputs)] =
            ["layers", "input_layers", "output_layers"].map(|key| config.get(key))
        else {
            return Err(ImportError::Subclassed { class: class.to_owned() });
        };
        let mut network = Self {
            layers: parse_layers(layers, context)?,
            inputs: references(inputs).into_iter().map(|reference| reference.layer).collect(),
            outputs: references(outputs),
            built_for: None,
        };
        network.count_written_calls(context.keras_major);
        Ok(network)
    }

    /// Makes references count only the calls that are written down.
    ///
    /// Keras 2 counts the construction of a nested model as its first call, and so does Keras 3 where it names a
    /// model's output; neither writes that call down.
    fn count_written_calls(&mut self, keras_major: u32) {
        let unwritten = self.layers.iter().filter(|layer| layer.counts_construction(keras_major));
        let unwritten: BTreeSet<String> = unwritten.map(|layer| layer.name.clone()).collect();
        let in_calls =
            self.layers.iter_mut().flat_map(|layer| &mut layer.calls).flat_map(|call| &mut call.inputs);
        let in_calls = in_calls.filter(|_| keras_major < 3);
        for reference in in_calls.chain(&mut self.outputs) {
            if unwritten.contains(&reference.layer) {
                reference.call = reference.call.saturating_sub(1);
            }
        }
    }

    /// A sequential model: each layer takes what the one before it gives.
    fn sequential(config: &Value, context: Context) -> Result<Self, ImportError> {
        // The oldest files have the bare list.
        let mut layers = parse_layers(config.get("layers").unwrap_or(config), context)?;
        let mut previous: Option<TensorRef> = None;
        for layer in &mut layers {
            layer.calls = vec![Call { inputs: previous.into_iter().collect(), ..Call::default() }];
            previous = Some(TensorRef { layer: layer.name.clone(), call: 0, tensor: 0 });
        }
        let inputs = layers.iter().filter(|layer| layer.class == "InputLayer");
        let first_shape = layers.first().and_then(|layer| layer.config.get("batch_input_shape"));
        Ok(Self {
            inputs: inputs.map(|layer| layer.name.clone()).collect(),
            outputs: previous.into_iter().collect(),
            built_for: config.get("build_input_shape").or(first_shape).cloned(),
            layers,
        })
    }
}

fn parse_layers(layers: &Value, context: Context) -> Result<Vec<Layer>, ImportError> {
    let layers = layers.as_array().ok_or_else(|| missing("layers"))?;
    if layers.len() > MAX_NODES {
        return Err(ImportError::TooLarge("it has more than 4096 layers"));
    }
    layers.iter().map(|layer| Layer::parse(layer, context)).collect()
}

impl Layer {
    /// Whether the construction of the model that this layer is counts as its first call.
    fn counts_construction(&self, keras_major: u32) -> bool {
        match &self.inner {
            None => false,
            // Only a model that knows its input is constructed by a call.
            Some(inner) if keras_major < 3 => {
                inner.layers.first().is_some_and(|first| first.class == "InputLayer")
            }
            Some(_) => self.class != "Sequential",
        }
    }

    /// A layer that stands in the place of another's `activation`.
    pub(super) fn of_class(class: &str, name: &str, config: Map<String, Value>) -> Self {
        let (class, name) = (class.to_owned(), name.to_owned());
        Self { class, name, config, calls: Vec::new(), inner: None, refusal: None }
    }

    fn parse(layer: &Value, context: Context) -> Result<Self, ImportError> {
        let class = text(layer, "class_name")?.to_owned();
        let model = matches!(class.as_str(), "Functional" | "Model" | "Sequential");
        let inside = Context { depth: context.depth + 1, ..context };
        let inner = if model { Some(Network::parse_nested(layer, inside)?) } else { None };
        let config = layer.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
        let name = [layer.get("name"), config.get("name")].into_iter().flatten().find_map(Value::as_str);
        let calls =
            layer.get("inbound_nodes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Ok(Self {
            name: name.ok_or_else(|| missing("name"))?.to_owned(),
            calls: calls.iter().map(Call::parse).collect(),
            refusal: refusal(layer),
            class,
            config,
            inner,
        })
    }
}

/// Whether the layer is somebody's own class, which may have the name of one of Keras'.
fn refusal(layer: &Value) -> Option<&'static str> {
    let registered = layer.get("registered_name").and_then(Value::as_str).unwrap_or_default();
    registered.contains('>').then_some("is not Keras' own; the file does not hold its Python code")
}

impl Call {
    fn parse(node: &Value) -> Self {
        let mut call = Self::default();
        // Keras 3: {"args": [...], "kwargs": {...}}; Keras 2: [["layer", 0, 0, {kwargs}], ...].
        if let Some(args) = node.get("args") {
            call.collect(args);
            let kwargs = node.get("kwargs").and_then(Value::as_object);
            kwargs.into_iter().for_each(|kwargs| call.collect_keywords(kwargs));
        } else {
            call.collect(node);
        }
        call
    }

    fn collect(&mut self, value: &Value) {
        if let Some((reference, kwargs)) = reference(value) {
            self.inputs.push(reference);
            kwargs.into_iter().for_each(|kwargs| self.collect_keywords(kwargs));
            return;
        }
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.collect(value)),
            Value::Null => {}
            _ => self.has_constants = true,
        }
    }

    fn collect_keywords(&mut self, kwargs: &Map<String, Value>) {
        self.training |= kwargs.get("training").is_some_and(|value| *value == Value::Bool(true));
        // `layer(inputs=x)`; other keywords do not carry images.
        if let Some(inputs) = kwargs.get("inputs") {
            self.collect(inputs);
        }
    }
}

/// All references in `["layer", 0, 0]` or in lists or dictionaries of such.
fn references(value: &Value) -> Vec<TensorRef> {
    if let Some((reference, _)) = reference(value) {
        return vec![reference];
    }
    match value {
        Value::Array(values) => values.iter().flat_map(references).collect(),
        Value::Object(values) => values.values().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// A reference to a layer's output, with the keywords that Keras 2 writes behind it.
fn reference(value: &Value) -> Option<(TensorRef, Option<&Map<String, Value>>)> {
    let history = match value {
        Value::Object(object) => object.get("config")?.get("keras_history")?,
        other => other,
    };
    let [layer, call, tensor, rest @ ..] = history.as_array()?.as_slice() else { return None };
    let reference = TensorRef {
        layer: layer.as_str()?.to_owned(),
        call: usize::try_from(call.as_u64()?).ok()?,
        tensor: usize::try_from(tensor.as_u64()?).ok()?,
    };
    Some((reference, rest.first().and_then(Value::as_object)))
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str, ImportError> {
    value.get(key).and_then(Value::as_str).ok_or_else(|| missing(key))
}

fn missing(key: &str) -> ImportError {
    ImportError::Description(format!("'{key}' is missing"))
}
