"""A Keras file in use."""

import keras
import numpy

from . import resize
from .window import window

THRESHOLD = 0.5


class Predictor:
    """A Keras file with the preprocessing that it is converted with."""

    def __init__(self, file, preprocessing, flips=False):
        self.model = keras.models.load_model(file, compile=False)
        self.preprocessing = preprocessing
        self.flips = flips

    def unit(self, hu):
        """HU as `rachis` gives it to the network."""
        if self.preprocessing == "twelve-bit":
            return numpy.rint(window(hu, 1023.5, 4095) * 255) / 255
        center, width = self.preprocessing.removeprefix("window:").split("/")
        return window(hu, float(center), float(width))

    def mask(self, unit, spacing=None):
        """Boolean mask of a picture in 0..1."""
        return self.probability(unit, spacing) > THRESHOLD

    def probability(self, unit, spacing=None):
        """Of spine, for each pixel of a picture in 0..1 with pixels of `spacing` mm, where that is known.

        A coarse picture is enlarged, and all are padded below and on the right to a multiple of 16.
        """
        finer = resize.times(unit.shape, spacing)
        unit = numpy.clip(resize.enlarge(unit, finer), 0, 1)
        rows, columns = unit.shape
        padded = numpy.pad(unit, ((0, -rows % 16), (0, -columns % 16)))
        probability = self.model.predict_on_batch(padded[None, ..., None])[0, :rows, :columns, 0]
        if self.flips:
            mirrored = self.model.predict_on_batch(padded[None, :, ::-1, None])[0, :, ::-1, 0]
            probability = (probability + mirrored[:rows, :columns]) / 2
        return resize.reduce(probability, finer)
