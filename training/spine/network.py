"""The U-Net, of layers that `rachis convert` reads."""

import keras
from keras import layers

COARSE = "coarse"
"""How the names of the coarser heads begin."""


class FastBatchNormalization(layers.BatchNormalization):
    """Batch normalisation by TensorFlow's fused kernel, which Keras 3 does not use: a third of a step's time on a CPU.

    Saved and exported as `BatchNormalization`, whose arithmetic and weights it shares.
    """

    def call(self, inputs, training=None, mask=None):
        if not training:
            return super().call(inputs, training=False)
        import tensorflow as tf

        output, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=self.gamma.value,
            offset=self.beta.value,
            mean=tf.zeros([0]),
            variance=tf.zeros([0]),
            epsilon=self.epsilon,
            is_training=True,
        )
        for moving, batch in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + batch * (1 - self.momentum))
        return output


def unet(base=16, levels=4, training=False):
    """Input (n, h, w, 1) in 0..1, h and w multiples of 2**levels; output (n, h, w, 1), the probability of spine.

    `training` adds a 1x1 head to each coarser level of the decoder (deep supervision: Lee et al. 2015), finest first,
    and uses the faster normalisation. The layers that both have bear the same names.
    """
    fast = training and keras.backend.backend() == "tensorflow"
    normalisation = FastBatchNormalization if fast else layers.BatchNormalization

    def convolutions(x, channels, name):
        for i in (1, 2):
            x = layers.Conv2D(channels, 3, padding="same", use_bias=False, name=f"{name}_conv{i}")(x)
            x = normalisation(momentum=0.98, name=f"{name}_bn{i}")(x)
            x = layers.ReLU(name=f"{name}_relu{i}")(x)
        return x

    def head(x, name):
        return layers.Conv2D(1, 1, activation="sigmoid", dtype="float32", name=name)(x)

    inputs = x = keras.Input((None, None, 1), name="slice")
    skips, coarse = [], []
    for level in range(1, levels + 1):
        x = convolutions(x, base << (level - 1), f"down{level}")
        skips.append(x)
        x = layers.MaxPooling2D(name=f"pool{level}")(x)
    x = convolutions(x, base << levels, "bottom")
    for level in range(levels, 0, -1):
        x = layers.Conv2DTranspose(base << (level - 1), 2, strides=2, name=f"up{level}")(x)
        x = layers.Concatenate(name=f"skip{level}")([skips[level - 1], x])
        x = convolutions(x, base << (level - 1), f"dec{level}")
        if training and level > 1:
            coarse.insert(0, head(x, f"{COARSE}{level}"))
    mask = head(x, "mask")
    return keras.Model(inputs, [mask, *coarse] if training else mask, name=f"spine_unet_{base}")


def copy_weights(source, target):
    """Gives each layer of `target` the weights of the layer of that name in `source`."""
    for layer in target.layers:
        if layer.weights:
            layer.set_weights(source.get_layer(layer.name).get_weights())
