"""Makes the test cases in the formats of Keras 2; run with TensorFlow 2.15.

As `make_cases.py`, for what Keras 2 writes otherwise: inbound nodes, weight names, activations' definitions.
"""

import io
import pathlib
import re
import shutil
import zipfile

import h5py
import numpy as np
import tensorflow as tf

keras = tf.keras
L = keras.layers
CASES = pathlib.Path(__file__).parent / "cases"


def unet():
    image = keras.Input((None, None, 1), name="image")

    def block(x, channels):
        x = L.Conv2D(channels, 3, padding="same", use_bias=False)(x)
        return L.LeakyReLU(alpha=0.2)(L.BatchNormalization()(x))

    a = block(image, 2)
    b = block(L.MaxPooling2D()(a), 4)
    x = L.Conv2DTranspose(2, 2, strides=2, activation="hard_sigmoid")(L.Dropout(0.5)(b))
    x = L.concatenate([a, x, L.UpSampling2D(interpolation="bilinear")(b)])
    x = L.SeparableConv2D(3, 3, padding="same", activation="selu")(x)
    x = L.DepthwiseConv2D(3, padding="same", depth_multiplier=2)(L.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.2)(x))
    return keras.Model(image, L.Conv2D(2, 1, activation="softmax")(L.PReLU(shared_axes=[1, 2])(x)))


def nested():
    stem = keras.Sequential([L.Conv2D(3, 1, name="conv"), L.BatchNormalization(name="norm")], name="stem")
    inner_input = keras.Input((None, None, 3))
    inner = keras.Model(inner_input, L.Conv2D(3, 3, padding="same", activation=tf.nn.relu, name="mix")(inner_input))
    image = keras.Input((None, None, 2))
    x = stem(image)
    return keras.Model(image, L.add([inner(x), inner(inner(x)), L.GroupNormalization(3)(x)]))


def sequential():
    return keras.Sequential(
        [L.Conv2D(3, 3, input_shape=(None, None, 2), padding="same"), L.ELU(alpha=0.5), L.Activation("hard_sigmoid")]
    )


def sequential_of_models():
    inner_input = keras.Input((None, None, 2))
    inner = keras.Model(inner_input, L.Conv2D(2, 3, padding="same", name="mix")(inner_input), name="inner")
    return keras.Sequential([keras.Input((None, None, 2)), L.ReLU(), inner], name="outer")


def nested_output():
    inner_input = keras.Input((None, None, 2))
    inner = keras.Model(inner_input, L.Conv2D(2, 3, padding="same", activation="tanh")(inner_input), name="inner")
    image = keras.Input((None, None, 2))
    return keras.Model(image, inner(inner(L.ReLU()(inner(image)))))


MODELS = {
    "keras2-unet": (unet, "h5", (1, 16, 16, 1)),
    "keras2-nested": (nested, "h5", (1, 8, 8, 2)),
    "keras2-sequential": (sequential, "h5", (1, 8, 8, 2)),
    "keras2-nested-output": (nested_output, "h5", (1, 8, 8, 2)),
    "keras2-sequential-of-models": (sequential_of_models, "keras", (1, 8, 8, 2)),
    "keras2-archive": (nested, "keras", (1, 8, 8, 2)),
    "keras2-13-archive": (nested, "keras", (1, 8, 8, 2)),
}


def randomize(model, random):
    for variable in model.variables:
        value = random.normal(0.0, 0.4, variable.shape)
        if "moving_variance" in variable.name:
            value = random.uniform(0.2, 2.0, variable.shape)
        variable.assign(value)


def as_keras_2_13(path):
    """Renames groups of weights as Keras 2.12 and 2.13 called them."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    weights = io.BytesIO(members["model.weights.h5"])
    with h5py.File(weights, "r+") as file:
        paths = []
        file.visit(paths.append)
        for group in sorted((path for path in paths if path.endswith("layers")), key=len, reverse=True):
            file.move(group, group[: -len("layers")] + "_layer_checkpoint_dependencies")
    members["model.weights.h5"] = weights.getvalue()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def deflate(path):
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
    for name, (make, kind, shape) in MODELS.items():
        random = np.random.default_rng(sum(name.encode()))
        keras.backend.clear_session()
        model = make()
        randomize(model, random)
        folder = CASES / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        model.save(folder / f"model.{kind}")
        if name == "keras2-13-archive":
            as_keras_2_13(folder / "model.keras")
        if kind == "keras":
            deflate(folder / "model.keras")
        image = random.normal(0.0, 1.0, shape).astype("float32")
        expected = model(image, training=False).numpy()
        np.save(folder / "input.npy", image)
        np.save(folder / "expected.npy", expected)
        print(name, image.shape, expected.shape, float(np.abs(expected).max()))


if __name__ == "__main__":
    main()
