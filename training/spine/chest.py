"""Planes of other directions that hold no spine, of two chests: LIDC-IDRI-0314 and what LIDC-IDRI-0001 has above and
below the page's samples."""

import itertools
import math

import cv2
import numpy

from . import negatives, samples_patient
from .sources import DATA, MASKS, Labelled, read_dicom, read_mask

PATIENT = "LIDC-IDRI-0314"
FOLDER = "lidc-idri-0314"
SLICE_DISTANCE = 3.0
"""In mm: every third slice."""

MARGIN = 25
"""Pixels that a plane keeps from everything that a mask calls spine."""

APART = 20
"""Pixels, 14 mm, that a plane keeps from those that `negatives` cuts from the same patient in the same direction."""

STEP = 8
"""Pixels from plane to plane."""

TILTS_DEGREES = (-20, -10, 0, 10, 20)
"""Of a plane, its head end towards the front or the patient's right, straight, or towards the back or the left."""

AXES = {"sagittal": 2, "coronal": 1}


def without_labels(data=DATA):
    """Planes of LIDC-IDRI-0314, which keep away from all that any of its masks calls spine."""
    files = sorted((data / FOLDER).glob("*.dcm"))
    slices = [read_dicom(file) for file in files]
    hu = numpy.stack([hu for hu, _, _ in slices])
    spine = numpy.any([read_mask(file) != 0 for file in (MASKS / FOLDER).glob("*.png")], axis=0)
    near = numpy.broadcast_to(dilated(spine), hu.shape)
    yield from planes(FOLDER, PATIENT, hu, near, slices[0][1], SLICE_DISTANCE)


def with_labels(data=DATA):
    """Planes of LIDC-IDRI-0001, none of which cuts a sample or comes near one that `negatives` asks about."""
    ct = samples_patient.whole(data)
    near = numpy.stack([dilated(spine) for spine in ct.spine])
    samples = samples_patient.SAMPLES
    for part, among in (("below", slice(0, samples.start)), ("above", slice(samples.stop, None))):
        name = f"{samples_patient.FOLDER}_{part}"
        yield from planes(
            name,
            samples_patient.PATIENT,
            ct.hu[among],
            near[among],
            ct.spacing,
            ct.slice_distance,
            kept_for_evaluation=negatives.PLANES,
        )


def planes(name, patient, hu, near, spacing, slice_distance, kept_for_evaluation=()):
    """Sagittal and coronal planes and tilted ones, head at the top, square pixels, that meet nothing `near` the spine."""
    for (kind, axis), place, tilt in itertools.product(AXES.items(), range(STEP, hu.shape[1], STEP), TILTS_DEGREES):
        places = tilted(len(hu), place, tilt, slice_distance / spacing)
        kept = [other for _, direction, other in kept_for_evaluation if direction == kind]
        if min(places) < 0 or max(places) >= hu.shape[axis] or cut(near, axis, places).any():
            continue
        if any(min(places) - APART < other < max(places) + APART for other in kept):
            continue
        plane = cut(hu, axis, places)
        if (plane > -300).mean() < 0.05:
            continue
        plane = plane[::-1].astype(numpy.float32)
        picture = cv2.resize(plane, None, fx=1, fy=slice_distance / spacing, interpolation=cv2.INTER_CUBIC)
        picture = numpy.clip(picture, -1024, 3071).astype(numpy.int16)
        empty = numpy.zeros(picture.shape, numpy.uint8)
        yield Labelled(f"{name}_{kind}_{place:03d}_{tilt:+03d}", patient, picture, empty, spacing)


def tilted(slices, place, degrees, pixels_per_slice):
    """Where a plane through `place` in the middle slice cuts each slice."""
    rise = math.tan(math.radians(degrees)) * pixels_per_slice
    return [round(place + rise * (index - (slices - 1) / 2)) for index in range(slices)]


def cut(volume, axis, places):
    """The plane as [slice, the other axis]."""
    return numpy.stack([slice_.take(place, axis - 1) for slice_, place in zip(volume, places)])


def dilated(spine):
    return cv2.dilate(spine.astype(numpy.uint8), numpy.ones((2 * MARGIN + 1, 2 * MARGIN + 1)))
