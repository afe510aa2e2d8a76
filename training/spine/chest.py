"""LIDC-IDRI-0314, every third slice of a chest: planes of other directions that hold no spine."""

import itertools
import math

import cv2
import numpy

from .sources import DATA, MASKS, Labelled, read_dicom, read_mask

PATIENT = "LIDC-IDRI-0314"
FOLDER = "lidc-idri-0314"
SLICE_DISTANCE = 3.0
MARGIN = 25
"""Pixels that a plane keeps from everything that any mask of the volume calls spine."""

STEP = 8
"""Pixels from plane to plane."""

TILTS_DEGREES = (-20, -10, 0, 10, 20)
"""Of a plane, its head end towards the front or the patient's right, straight, or towards the back or the left."""


def reformats(data=DATA):
    """Sagittal and coronal planes and tilted ones that keep away from the spine, head at the top, square pixels."""
    files = sorted((data / FOLDER).glob("*.dcm"))
    slices = [read_dicom(file) for file in files]
    spacing = slices[0][1]
    hu = numpy.stack([hu for hu, _, _ in slices])
    spine = numpy.any([read_mask(file) != 0 for file in (MASKS / FOLDER).glob("*.png")], axis=0)
    near = cv2.dilate(spine.astype(numpy.uint8), numpy.ones((2 * MARGIN + 1, 2 * MARGIN + 1)))
    near = numpy.broadcast_to(near, hu.shape)
    directions = (("sagittal", 2), ("coronal", 1))
    for (kind, axis), place, tilt in itertools.product(directions, range(STEP, hu.shape[1], STEP), TILTS_DEGREES):
        plane = tilted(hu, axis, place, tilt, spacing)
        if plane is None or tilted(near, axis, place, tilt, spacing).any() or (plane > -300).mean() < 0.05:
            continue
        plane = plane[::-1].astype(numpy.float32)
        picture = cv2.resize(plane, None, fx=1, fy=SLICE_DISTANCE / spacing, interpolation=cv2.INTER_CUBIC)
        picture = numpy.clip(picture, -1024, 3071).astype(numpy.int16)
        empty = numpy.zeros(picture.shape, numpy.uint8)
        yield Labelled(f"{FOLDER}_{kind}_{place:03d}_{tilt:+03d}", PATIENT, picture, empty, spacing)


def tilted(volume, axis, place, degrees, spacing):
    """The plane through `place` in the middle slice, [slice, the other axis]; none where it leaves the volume."""
    middle = (len(volume) - 1) / 2
    rise = math.tan(math.radians(degrees)) * SLICE_DISTANCE / spacing
    places = [round(place + rise * (index - middle)) for index in range(len(volume))]
    if min(places) < 0 or max(places) >= volume.shape[axis]:
        return None
    return numpy.stack([slice_.take(place, axis - 1) for slice_, place in zip(volume, places)])
