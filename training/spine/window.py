"""HU to the network's input, 0 to 1, the way `crates/engine/src/preprocess.rs` does it."""

import cv2
import numpy

CENTER, WIDTH = 350, 1600
"""The window that the model is given HU through: converted with `--preprocessing window:350,1600`."""


def window(hu, center=CENTER, width=WIDTH):
    """HU clipped to the window, 0 to 1, float32."""
    return numpy.clip((numpy.float32(1) * hu - (center - width / 2)) / width, 0, 1).astype(numpy.float32)


def eight_bit(unit):
    """As an 8-bit picture keeps it."""
    return numpy.rint(unit * 255).astype(numpy.uint8)


def jpeg(picture, quality):
    """An 8-bit picture through JPEG and back."""
    return cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE)
