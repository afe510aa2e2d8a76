"""Makes the importer's test cases: small Keras models, an input, and Keras' own output for it.

Run with Keras 3 (written with 3.15, jax backend):

    KERAS_BACKEND=jax python make_cases.py

Every case is a folder under `cases/`. A model that must run has `model.h5` or `model.keras`, `input.npy` and
`expected.npy`; one that must be refused has the file and `error.txt`, the message, which stays as it is.
"""

import pathlib
import re
import shutil
import zipfile

import h5py
import keras
import numpy as np
from keras import layers as L

CASES = pathlib.Path(__file__).parent / "cases"
ACCEPTED, REFUSED = {}, {}


def accepted(kind="keras", shape=(1, 16, 16, 2)):
    """Registers a model that must run: the file's kind, the input's shape (images, rows, columns, channels)."""

    def register(make):
        ACCEPTED[make.__name__.replace("_", "-")] = (make, kind, shape)
        return make

    return register


def refused(kind="keras"):
    """Registers a model that must be refused."""

    def register(make):
        REFUSED[make.__name__.replace("_", "-")] = (make, kind)
        return make

    return register


def functional(shape, make_output):
    image = keras.Input(shape, name="image")
    return keras.Model(image, make_output(image))


def chain(*steps, shape=(None, None, 2)):
    def output(x):
        for step in steps:
            x = step(x)
        return x

    return functional(shape, output)


def side_by_side(*branches, shape=(None, None, 2)):
    return functional(shape, lambda x: L.Concatenate()([branch(x) for branch in branches]))


# Convolutions


@accepted()
def conv_strides():
    return chain(
        L.Conv2D(3, 3, strides=2, padding="same"),
        L.Conv2D(4, (4, 3), strides=(3, 1), padding="same"),
        L.Conv2D(2, 2, padding="valid"),
    )


@accepted(shape=(2, 17, 13, 2))
def conv_odd_size():
    return chain(L.Conv2D(3, 3, strides=2, padding="same"), L.Conv2D(3, (5, 2), strides=(2, 3), padding="same"))


@accepted()
def conv_dilated_grouped():
    return chain(
        L.Conv2D(4, 3, dilation_rate=2, padding="same", use_bias=False),
        L.Conv2D(6, 3, groups=2, padding="same"),
        L.Conv2D(4, (3, 2), dilation_rate=(1, 3), padding="valid", groups=2),
    )


@accepted(shape=(1, 7, 6, 2))
def conv_transpose_same():
    sizes = [(2, 2), (3, 2), (4, 2), (5, 2), ((1, 2), 2), ((3, 2), (2, 2))]
    return side_by_side(*(L.Conv2DTranspose(2, size, strides=s, padding="same") for size, s in sizes))


@accepted(shape=(1, 4, 5, 2))
def conv_transpose_valid():
    return chain(
        L.Conv2DTranspose(3, 3, strides=2, padding="valid"),
        L.Conv2DTranspose(3, 2, strides=3, padding="valid", use_bias=False),
        L.Conv2DTranspose(2, (1, 4), strides=(2, 1), padding="valid", activation="tanh"),
    )


@accepted(shape=(1, 4, 5, 2))
def conv_transpose_output_padding():
    return chain(
        L.Conv2DTranspose(3, 3, strides=2, padding="same", output_padding=1),
        L.Conv2DTranspose(3, 4, strides=3, padding="valid", output_padding=(2, 0)),
        L.Conv2DTranspose(2, 5, strides=2, padding="same", output_padding=(0, 1)),
    )


@accepted(shape=(1, 7, 6, 2))
def conv_transpose_dilated():
    return chain(
        L.Conv2DTranspose(3, 3, dilation_rate=2, padding="same"),
        L.Conv2DTranspose(2, (2, 3), dilation_rate=(3, 1), padding="valid"),
    )


@accepted()
def depthwise():
    return chain(
        L.DepthwiseConv2D(3, depth_multiplier=3, padding="same", activation="relu"),
        L.DepthwiseConv2D((2, 3), strides=2, padding="valid", use_bias=False),
        L.DepthwiseConv2D(3, dilation_rate=2, padding="same"),
    )


@accepted()
def separable():
    return chain(
        L.SeparableConv2D(5, 3, depth_multiplier=2, padding="same", activation="relu"),
        L.SeparableConv2D(3, (3, 2), strides=2, padding="valid", use_bias=False),
        L.SeparableConv2D(2, 3, dilation_rate=2, padding="same"),
    )


# Pooling, upsampling, edges


@accepted(shape=(2, 17, 13, 2))
def pooling():
    return functional(
        (None, None, 2),
        lambda x: L.Concatenate()(
            [
                L.MaxPooling2D(3, strides=2, padding="same")(x),
                L.AveragePooling2D(3, strides=2, padding="same")(x),
                L.MaxPooling2D(2, padding="same")(x),
                L.AveragePooling2D((4, 2), strides=2, padding="same")(x),
            ]
        ),
    )


@accepted(shape=(1, 17, 13, 2))
def pooling_valid():
    return chain(
        L.MaxPooling2D((3, 2), strides=(1, 2)),
        L.AveragePooling2D((2, 3), strides=1),
        L.MaxPooling2D(),
        L.AveragePooling2D(2),
    )


@accepted(shape=(1, 5, 7, 2))
def upsampling_nearest():
    return chain(L.UpSampling2D(), L.UpSampling2D((3, 1)))


@accepted(shape=(1, 5, 7, 2))
def upsampling_bilinear():
    return chain(L.UpSampling2D(interpolation="bilinear"), L.UpSampling2D((3, 2), interpolation="bilinear"))


@accepted()
def padding_and_cropping():
    return chain(
        L.ZeroPadding2D(1),
        L.Conv2D(3, 3),
        L.ZeroPadding2D(((0, 3), (2, 1))),
        L.Cropping2D(((1, 0), (0, 2))),
        L.ZeroPadding2D((2, 0)),
        L.Cropping2D((1, 3)),
        L.Cropping2D(1),
    )


# Merging


@accepted(shape=(1, 8, 8, 2))
def merging():
    def output(x):
        a, b = L.Conv2D(3, 3, padding="same")(x), L.Conv2D(3, 1)(x)
        gate = L.Conv2D(1, 1, activation="sigmoid")(a)
        joined = L.Concatenate(axis=1)([a, b, L.Add()([a, b, L.Multiply()([gate, a])])])
        return L.Concatenate(axis=2)([joined, L.Conv2D(3, 1)(joined)])

    return functional((8, 8, 2), output)


@accepted()
def broadcasting():
    def output(x):
        a, row = L.Conv2D(3, 3, padding="same")(x), L.Cropping2D(((0, 15), (0, 0)))(x)
        return L.Add()([a, L.Conv2D(3, 1)(row), L.Multiply()([a, L.Conv2D(1, 1)(x)])])

    return functional((16, 16, 2), output)


@accepted()
def operators():
    def output(x):
        a, b = L.Conv2D(3, 1)(x), L.Conv2D(3, 3, padding="same")(x)
        y = keras.ops.gelu(a + b, approximate=True)
        y = keras.activations.relu(y * b, negative_slope=0.1)
        return keras.ops.concatenate([keras.ops.sigmoid(y), keras.ops.elu(y, alpha=0.5), keras.ops.relu(y)], axis=-1)

    return functional((None, None, 2), output)


# Normalisation


@accepted()
def batch_normalization():
    return side_by_side(
        L.BatchNormalization(),
        L.BatchNormalization(center=False),
        L.BatchNormalization(scale=False, epsilon=0.1),
        L.BatchNormalization(center=False, scale=False, axis=3),
    )


@accepted(shape=(2, 8, 8, 4))
def group_normalization():
    return side_by_side(
        L.GroupNormalization(2),
        L.GroupNormalization(-1, epsilon=0.1),
        L.GroupNormalization(1, center=False),
        L.GroupNormalization(4, scale=False),
        L.GroupNormalization(2, center=False, scale=False),
        shape=(None, None, 4),
    )


@accepted(shape=(1, 16, 16, 1))
def grey_group_normalization():
    """Takes a grey slice, and needs layers that the WebGPU shaders lack."""
    return chain(
        L.Conv2D(4, 3, padding="same"),
        L.GroupNormalization(2),
        L.PReLU(shared_axes=[1, 2]),
        L.Conv2D(1, 1, activation="sigmoid"),
        shape=(None, None, 1),
    )


@accepted()
def rescaling():
    return chain(L.Rescaling(2.0, offset=-1.0), L.Rescaling([0.5, 3.0], offset=[1.0, -2.0]))


# Activations


@accepted(shape=(1, 8, 8, 2))
def activation_layers():
    return side_by_side(
        L.ReLU(),
        L.ReLU(max_value=1.5),
        L.ReLU(max_value=1.0, negative_slope=0.2, threshold=0.3),
        L.ReLU(negative_slope=0.1),
        L.LeakyReLU(),
        L.LeakyReLU(negative_slope=0.05),
        L.ELU(),
        L.ELU(alpha=0.4),
        L.Softmax(),
        L.Softmax(axis=1),
        L.Softmax(axis=-2),
    )


@accepted(shape=(1, 8, 8, 2))
def activation_names():
    names = "linear relu relu6 leaky_relu elu selu gelu swish silu tanh sigmoid hard_sigmoid softmax".split()
    return side_by_side(*(L.Conv2D(2, 1, activation=name) for name in names), *(L.Activation(name) for name in names))


@accepted(shape=(1, 8, 8, 2))
def activation_objects():
    return side_by_side(
        L.Conv2D(3, 1, activation=L.LeakyReLU(negative_slope=0.3)),
        L.Conv2D(3, 1, activation=L.ReLU(max_value=0.5)),
        L.Activation(L.ELU(alpha=0.7)),
        L.Activation(keras.activations.gelu),
    )


@accepted(shape=(1, 6, 5, 2))
def prelu():
    return side_by_side(
        L.PReLU(), L.PReLU(shared_axes=[1, 2]), L.PReLU(shared_axes=[1, 2, 3]), L.PReLU(shared_axes=[3]), shape=(6, 5, 2)
    )


@accepted(shape=(1, 8, 8, 2))
def extreme_values():
    """Exponentials and roots far from zero."""
    return functional(
        (None, None, 2),
        lambda x: L.Concatenate()(
            [
                L.Activation(name)(L.Rescaling(200.0)(x))
                for name in "elu selu gelu swish tanh sigmoid hard_sigmoid softmax".split()
            ]
        ),
    )


@accepted()
def identities():
    return chain(
        L.Dropout(0.5),
        L.Conv2D(2, 1),
        L.SpatialDropout2D(0.5),
        L.GaussianNoise(1.0),
        L.GaussianDropout(0.5),
        L.ActivityRegularization(0.1),
        L.Activation("linear"),
        L.Identity(),
    )


# Whole models


def unet(x, channels=2):
    def block(x, channels):
        x = L.Conv2D(channels, 3, padding="same", use_bias=False)(x)
        return L.ReLU()(L.BatchNormalization()(x))

    a = block(x, channels)
    b = block(L.MaxPooling2D()(a), 2 * channels)
    bottom = L.Dropout(0.2)(block(L.MaxPooling2D()(b), 4 * channels))
    up = L.Conv2DTranspose(2 * channels, 2, strides=2)(bottom)
    gate = L.Conv2D(1, 1, activation="sigmoid")(L.Add()([up, b]))
    x = block(L.Concatenate()([L.Multiply()([b, gate]), up]), 2 * channels)
    x = L.Conv2D(channels, 3, padding="same")(L.UpSampling2D(interpolation="bilinear")(x))
    return L.Conv2D(3, 1, activation="softmax")(L.Concatenate()([a, x]))


@accepted(shape=(2, 16, 24, 1))
def attention_unet():
    return functional((None, None, 1), unet)


@accepted(kind="h5", shape=(1, 16, 16, 1))
def attention_unet_legacy():
    return functional((None, None, 1), unet)


@accepted()
def sequential():
    return keras.Sequential([keras.Input((None, None, 2)), L.Conv2D(3, 3), L.BatchNormalization(), L.ReLU()])


@accepted(kind="h5")
def sequential_legacy():
    return keras.Sequential([keras.Input((None, None, 2)), L.Conv2D(3, 3, activation="elu"), L.PReLU(shared_axes=[1, 2])])


def nested_model():
    inner_input = keras.Input((None, None, 3))
    x = L.BatchNormalization(name="norm")(L.Conv2D(3, 3, padding="same", name="conv")(inner_input))
    inner = keras.Model(inner_input, x, name="refine")
    stem = keras.Sequential([L.Conv2D(3, 1, name="conv"), L.BatchNormalization(name="norm"), L.ReLU()], name="stem")
    middle_input = keras.Input((None, None, 3))
    left = keras.Sequential([L.Conv2D(3, 1, name="side")], name="left")
    right = keras.Sequential([L.Conv2D(3, 1, name="side")], name="right")
    mixed = L.Add()([right(middle_input), left(inner(middle_input))])
    middle = keras.Model(middle_input, L.Conv2D(3, 1, name="mix")(mixed), name="middle")
    shared = L.Conv2D(3, 3, padding="same", name="conv")

    def output(x):
        x = stem(x)
        y = middle(x)
        return L.Add()([shared(y), shared(shared(x)), middle(y)])

    return functional((None, None, 2), output)


@accepted()
def nested():
    return nested_model()


@accepted(kind="h5")
def nested_legacy():
    return nested_model()


@accepted()
def nested_output():
    """A nested model, called three times, gives the output."""
    inner_input = keras.Input((None, None, 2))
    inner = keras.Model(inner_input, L.Conv2D(2, 3, padding="same", activation="tanh")(inner_input))
    return functional((None, None, 2), lambda x: inner(inner(L.ReLU()(inner(x)))))


@accepted(kind="h5", shape=(1, 4, 4, 2))
def split_names_legacy():
    """Keras splits lists of names that do not fit one attribute."""
    inner_input = keras.Input((None, None, 2))
    inner = keras.Model(inner_input, L.BatchNormalization()(L.Conv2D(2, 1)(inner_input)), name="inner")
    return functional((None, None, 2), inner)


@accepted(kind="h5")
def frozen_legacy():
    """Keras writes frozen weights behind all others."""
    model = nested_model()
    model.get_layer("middle").trainable = False
    model.get_layer("stem").get_layer("norm").trainable = False
    return model


@accepted(shape=(2, 12, 10, 2))
def channels_first():
    def output(x):
        x = L.Conv2D(4, 3, strides=2, padding="same", data_format="channels_first")(x)
        x = L.PReLU(shared_axes=[3])(L.BatchNormalization(axis=1)(x))
        a = L.MaxPooling2D(2, data_format="channels_first")(L.ZeroPadding2D(((0, 2), (1, 0)), data_format="channels_first")(x))
        a = L.GroupNormalization(2, axis=1)(L.SeparableConv2D(4, 3, padding="same", data_format="channels_first")(a))
        a = L.UpSampling2D(2, interpolation="bilinear", data_format="channels_first")(a)
        a = L.Cropping2D(((0, 2), (1, 0)), data_format="channels_first")(a)
        a = L.Concatenate(axis=1)([a, L.DepthwiseConv2D(3, padding="same", data_format="channels_first")(x)])
        a = L.Softmax(axis=1)(L.AveragePooling2D(2, strides=1, padding="same", data_format="channels_first")(a))
        a = L.Conv2DTranspose(3, 2, strides=2, data_format="channels_first", activation="softmax")(a)
        return L.Concatenate(axis=3)([a, L.UpSampling2D(1, data_format="channels_first")(a)])

    return functional((2, 12, 10), output)


@accepted(kind="h5")
def half_precision():
    """Weights in 16 bits; the expected output is that of the same weights in 32."""
    return chain(L.Conv2D(3, 3, padding="same", dtype="float16"), L.Conv2D(2, 1, dtype="float16"))


# Refused


@refused()
def lstm():
    rows = L.TimeDistributed(L.LSTM(2, return_sequences=True), name="lstm_1")
    return functional((4, 4, 2), rows)


@refused()
def attention():
    return functional((4, 4, 2), lambda x: L.MultiHeadAttention(1, 2, name="mixer")(x, x))


@refused(kind="h5")
def dense():
    return chain(L.Conv2D(2, 1), L.Dense(3, name="classes"))


@refused()
def custom_layer():
    @keras.saving.register_keras_serializable("hospital")
    class Dropout(L.Layer):
        def call(self, x):
            return x * 2

    return chain(Dropout(name="twice"))


@refused()
def lambda_layer():
    return chain(L.Lambda(lambda x: x * 2, name="twice"))


@refused()
def volumes():
    return functional((4, 4, 4, 1), L.Conv3D(1, 1, name="volume_conv"))


@refused()
def two_outputs():
    image = keras.Input((None, None, 2))
    return keras.Model(image, [L.Conv2D(1, 1)(image), L.Conv2D(1, 1)(image)])


@refused()
def two_inputs():
    a, b = keras.Input((None, None, 2)), keras.Input((None, None, 2))
    return keras.Model([a, b], L.Add()([a, b]))


@refused()
def unknown_channels():
    return functional((None, None, None), L.ReLU())


@refused()
def constant():
    return functional((None, None, 2), lambda x: x * 2.0)


@refused()
def bicubic():
    return chain(L.UpSampling2D(interpolation="bicubic", name="enlarge"))


@refused()
def unknown_activation():
    return chain(L.Conv2D(2, 1, activation="softplus", name="positive"))


@refused()
def training_mode():
    return functional((None, None, 2), lambda x: L.BatchNormalization(name="norm")(x, training=True))


@refused()
def batch_normalization_axis():
    return functional((8, 8, 2), L.BatchNormalization(axis=1, name="norm"))


@refused()
def mixed_layouts():
    return chain(L.Conv2D(2, 1), L.MaxPooling2D(data_format="channels_first", name="pool"), shape=(8, 8, 2))


@refused()
def subclassed():
    @keras.saving.register_keras_serializable("hospital")
    class SpineNet(keras.Model):
        def __init__(self, **options):
            super().__init__(**options)
            self.conv = L.Conv2D(1, 1)

        def call(self, x):
            return self.conv(x)

    model = SpineNet()
    model(np.zeros((1, 8, 8, 2), "float32"))
    return model


@refused(kind="weights.h5")
def weights_only():
    return chain(L.Conv2D(2, 1))


def randomize(model, random):
    """Weights that no layer would start with, statistics included."""
    for variable in model.variables:
        if "seed" in variable.path:
            continue
        value = random.normal(0.0, 0.4, variable.shape)
        if variable.path.endswith("moving_variance"):
            value = random.uniform(0.2, 2.0, variable.shape)
        variable.assign(value)


def in_float32(model):
    """The model with its weights as they are, computing in 32 bits."""
    if all(layer.dtype == "float32" for layer in model.layers):
        return model
    config = model.get_config()
    for layer in config["layers"]:
        layer["config"]["dtype"] = "float32"
    copy = keras.Model.from_config(config)
    copy.set_weights([np.asarray(weight, "float32") for weight in model.get_weights()])
    return copy


def save(model, kind, folder):
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    path = folder / f"model.{kind}"
    if kind == "weights.h5":
        model.save_weights(path)
        path.rename(folder / "model.h5")
    else:
        model.save(path)
    if kind == "keras":
        deflate(path)


def split_names(path):
    """Splits every list of names, as Keras does with long ones."""
    with h5py.File(path, "r+") as file:
        for group in file["model_weights"].values():
            names = group.attrs.pop("weight_names")
            for part, some in enumerate([names[:3], names[3:]] if len(names) > 3 else [names]):
                group.attrs[f"weight_names{part}"] = some


def deflate(path):
    """Packs an archive, which Keras only stores, to keep the repository small."""
    with zipfile.ZipFile(path) as stored:
        members = [(name, stored.read(name)) for name in stored.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in members:
            content = stable(content) if name.endswith(".json") else content
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def stable(description):
    """Without the time and the memory addresses: the same model gives the same file."""
    numbers = {}
    renumber = lambda match: match[1] + b"%d" % numbers.setdefault(match[2], len(numbers))
    description = re.sub(rb'("shared_object_id": )(\d+)', renumber, description)
    return re.sub(rb'"date_saved": "[^"]*"', b'"date_saved": ""', description)


def main():
    for name, (make, kind, shape) in ACCEPTED.items():
        random = np.random.default_rng(sum(name.encode()))
        keras.backend.clear_session()
        model = make()
        randomize(model, random)
        save(model, kind, CASES / name)
        if name == "split-names-legacy":
            split_names(CASES / name / "model.h5")
        image = random.normal(0.0, 1.0, shape).astype("float32")
        first = name == "channels-first"
        x = image.transpose(0, 3, 1, 2) if first else image
        y = np.asarray(in_float32(model)(x, training=False), "float32")
        expected = y.transpose(0, 2, 3, 1) if first else y
        np.save(CASES / name / "input.npy", image)
        np.save(CASES / name / "expected.npy", np.ascontiguousarray(expected))
        print(name, image.shape, expected.shape, float(np.abs(expected).max()))
    for name, (make, kind) in REFUSED.items():
        folder = CASES / name
        error = (folder / "error.txt").read_text() if (folder / "error.txt").exists() else None
        keras.backend.clear_session()
        keras.utils.set_random_seed(0)
        save(make(), kind, folder)
        if error is not None:
            (folder / "error.txt").write_text(error)
        print(name)


if __name__ == "__main__":
    main()
