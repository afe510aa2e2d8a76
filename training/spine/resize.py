"""Pictures of other pixel sizes."""

import cv2
import numpy

PIXEL_MM = 0.8
"""The pixel size that coarser slices are enlarged to, roughly; `rachis convert --pixel-size` writes it into the model."""

USUAL_SIDE = 512
MOST_TIMES = 4
LARGEST_SIDE = 1024


def times(shape, spacing):
    """How many times `rachis` enlarges a picture before the network sees it: by its pixel size in mm, else by its side."""
    finer = spacing / PIXEL_MM if spacing else USUAL_SIDE / max(shape)
    return min(max(1, int(finer + 0.5)), MOST_TIMES, max(1, LARGEST_SIDE // max(shape)))


def halve(picture):
    """Each pixel the mean of four."""
    return cv2.resize(picture.astype(numpy.float32), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def enlarge(picture, times):
    """Each pixel `times` squared pixels, by cubic interpolation, which may go beyond the darkest and the brightest."""
    if times == 1:
        return picture
    return cv2.resize(picture.astype(numpy.float32), None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)


def reduce(picture, times):
    """Back from `enlarge`: each pixel the mean of `times` squared."""
    if times == 1:
        return picture
    return cv2.resize(picture, None, fx=1 / times, fy=1 / times, interpolation=cv2.INTER_AREA)
