//! Why a Keras file cannot be imported.

use crate::GraphError;

/// Why a Keras file cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Neither HDF5 nor a `.keras` archive.
    #[error("This is not a Keras model. Save one with model.save('model.keras') or model.save('model.h5').")]
    NotKeras,
    /// HDF5 or ZIP, but damaged.
    #[error("The Keras file is damaged or not complete ({0}). Copy it again, or save the model again.")]
    Damaged(String),
    /// Weights without the layers that use them.
    #[error("The file has no model, only weights at best. Save the whole model: model.save('model.keras').")]
    NoModel,
    /// The layers' description does not have the form that Keras gives it.
    #[error("The model's description cannot be read ({0}). Save the model again with Keras 2 or 3.")]
    Description(String),
    /// A class of one's own instead of Keras' functional or sequential model.
    #[error(
        "The model is of class {class}, whose Python code the file does not hold. \
         Build it as a functional model (keras.Model(inputs, outputs)) and save that."
    )]
    Subclassed {
        /// Its class.
        class: String,
    },
    /// Not exactly one input image.
    #[error("The model has {0} inputs; Rachis runs models with one input image.")]
    Inputs(usize),
    /// Not exactly one output image.
    #[error(
        "The model has {0} outputs; Rachis runs models with one. Save keras.Model(inputs, the_mask_output)."
    )]
    Outputs(usize),
    /// The input is not an image with a known number of channels.
    #[error(
        "The model's input has the shape {0}; Rachis needs (images, rows, columns, a fixed number of channels)."
    )]
    InputShape(String),
    /// A layer that is not one of those which make image-to-image networks.
    #[error(
        "Layer '{layer}' is of class {class}, which {reason}. Rachis runs networks made of convolutions, pooling, \
         upsampling, merging, normalisation and activations; replace the layer and save the model again."
    )]
    Layer {
        /// The layer's name.
        layer: String,
        /// Its class.
        class: String,
        /// What stands against it, as part of a sentence.
        reason: &'static str,
    },
    /// A layer that is known, with an option that is not.
    #[error(
        "Layer '{layer}' ({class}) has {option} = {value}, which is not supported. Change it and save the model again."
    )]
    Option {
        /// The layer's name.
        layer: String,
        /// Its class.
        class: String,
        /// The option.
        option: String,
        /// Its value.
        value: String,
    },
    /// The layers do not all have the same order of axes.
    #[error("Layer '{layer}' is {found}, others are not. Give all layers the same data_format.")]
    MixedLayouts {
        /// The layer's name.
        layer: String,
        /// Its `data_format`.
        found: String,
    },
    /// The file lacks a layer's weights.
    #[error(
        "The weights of layer '{layer}' are not in the file: {expected} arrays needed, {found} found. Save the whole model again."
    )]
    MissingWeights {
        /// The layer's name.
        layer: String,
        /// Number of arrays needed.
        expected: usize,
        /// Number of arrays found.
        found: usize,
    },
    /// Weights that are not floating-point numbers of 16, 32 or 64 bits.
    #[error("The weights '{weights}' are of type {dtype}. Save the model with float32 weights.")]
    WeightType {
        /// Where they are in the file.
        weights: String,
        /// Their type.
        dtype: String,
    },
    /// More than a page can hold.
    #[error("The model is too large: {0}.")]
    TooLarge(&'static str),
    /// The layers do not fit together.
    #[error(transparent)]
    Graph(#[from] GraphError),
}
