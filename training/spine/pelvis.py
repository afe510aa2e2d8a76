"""TotalSegmentator's example volume: T11 to the thighs at 3 mm, made finer in the plane and cut at several tilts."""

import math

import cv2
import numpy

from .sources import DATA, IGNORE, MASKS, Labelled, read_mask, volume

PATIENT = "totalsegmentator-example"
SPACING = 3.0
FINER = 4
"""Each pixel becomes 4x4 of 0.75 mm."""

FREE_OF_SPINE = range(10)
"""Slices below the coccyx: hips, one with a metal implant, and thighs."""

COCCYX = range(10, 21)
COCCYX_BOX = (slice(74 * FINER, 94 * FINER), slice(46 * FINER, 78 * FINER))
"""Slices of the coccyx, and the rows and columns that hold it: whether it counts is left open."""

SACRUM = range(21, 52)

LABELLED_BY_TOTALSEGMENTATOR = range(52, 112)
"""Slices whose automatic labels hold all vertebrae in them. Below, they leave out all of the sacrum but the body of S1:
those have masks of our own, of 0.75 mm, in `training/masks/totalsegmentator-example`."""

TILTS_DEGREES = (-18, -9, 0, 9, 18)
"""About the axis from right to left, as a gantry tilts: new slices from the same volume."""


def masks(data=DATA):
    """Spine (slice, row, column) uint8, `IGNORE` where nobody has looked."""
    labels, _ = volume(data / PATIENT / "totalsegmentator.nii.gz")
    spine = numpy.full((len(labels), labels.shape[1] * FINER, labels.shape[2] * FINER), IGNORE, numpy.uint8)
    for index in LABELLED_BY_TOTALSEGMENTATOR:
        spine[index] = finer((labels[index] > 0).astype(numpy.float32)) >= 0.5
    for index in FREE_OF_SPINE:
        spine[index] = 0
    for index in COCCYX:
        spine[index] = 0
        spine[index][COCCYX_BOX] = IGNORE
    for file in (MASKS / PATIENT).glob("*.png"):
        spine[int(file.stem)] = read_mask(file)
    return spine


def pelvis_and_lumbar(data=DATA):
    """Every slice of every tilt that holds something known, and planes of other directions, 0.75 mm pixels."""
    hu, _ = volume(data / PATIENT / "ct.nii.gz")
    hu = numpy.stack([finer(numpy.clip(slice_, -1024, 3071).astype(numpy.float32)) for slice_ in hu])
    spine = masks(data)
    known, spine = (spine != IGNORE).astype(numpy.float32), (spine == 1).astype(numpy.float32)
    yield from reformats(hu, spine, known)
    for tilt in TILTS_DEGREES:
        slices = zip(tilted(hu, tilt, -1024), tilted(spine, tilt, 0), tilted(known, tilt, 0))
        for index, (picture, mask, seen) in enumerate(slices):
            if (seen > 0.99).mean() < 0.3:
                continue
            mask = (mask >= 0.5).astype(numpy.uint8)
            mask[seen < 0.99] = IGNORE
            picture = numpy.clip(picture, -1024, 3071).astype(numpy.int16)
            yield Labelled(f"{PATIENT}_{index:03d}_{tilt:+03d}", PATIENT, picture, mask, SPACING / FINER)


def reformats(hu, spine, known):
    """Every second sagittal and coronal plane (head at the top) that is known to hold no spine."""
    for axis, kind in ((2, "sagittal"), (1, "coronal")):
        empty = (known.min((0, 3 - axis)) > 0.99) & (spine.max((0, 3 - axis)) == 0)
        for index in numpy.flatnonzero(empty)[:: 2 * FINER]:
            plane = numpy.ascontiguousarray(hu.take(index, axis)[::-1])
            picture = cv2.resize(plane, None, fx=1, fy=FINER, interpolation=cv2.INTER_CUBIC)
            picture = numpy.clip(picture, -1024, 3071).astype(numpy.int16)
            yield Labelled(
                f"{PATIENT}_{kind}_{index:03d}",
                PATIENT,
                picture,
                numpy.zeros(picture.shape, numpy.uint8),
                SPACING / FINER,
            )


def finer(picture):
    return cv2.resize(picture, None, fx=FINER, fy=FINER, interpolation=cv2.INTER_CUBIC)


def tilted(array, degrees, outside):
    """The volume turned about its middle in the plane of slices and rows."""
    if degrees == 0:
        return array
    depth, rows, columns = array.shape
    middle = numpy.array([(rows - 1) / 2, (depth - 1) / 2])
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = numpy.array([[cos, sin * FINER], [-sin / FINER, cos]])
    matrix = numpy.column_stack([turn, middle - turn @ middle])
    out = numpy.empty_like(array)
    for column in range(columns):
        plane = numpy.ascontiguousarray(array[:, :, column])
        out[:, :, column] = cv2.warpAffine(plane, matrix, (rows, depth), flags=cv2.INTER_LINEAR, borderValue=outside)
    return out
