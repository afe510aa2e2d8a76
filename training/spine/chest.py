"""LIDC-IDRI-0314, every third slice of a chest: planes of other directions that hold no spine."""

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


def reformats(data=DATA):
    """Sagittal and coronal planes beside and in front of the spine, head at the top, square pixels."""
    files = sorted((data / FOLDER).glob("*.dcm"))
    slices = [read_dicom(file) for file in files]
    spacing = slices[0][1]
    hu = numpy.stack([hu for hu, _, _ in slices])
    spine = numpy.any([read_mask(file) != 0 for file in (MASKS / FOLDER).glob("*.png")], axis=0)
    rows, columns = (numpy.flatnonzero(spine.any(axis)) for axis in (1, 0))
    sides = [*range(STEP, columns[0] - MARGIN, STEP), *range(columns[-1] + MARGIN, hu.shape[2], STEP)]
    planes = [("sagittal", 2, place) for place in sides]
    planes += [("coronal", 1, place) for place in range(STEP, rows[0] - MARGIN, STEP)]
    for kind, axis, place in planes:
        plane = hu.take(place, axis)[::-1].astype(numpy.float32)
        if (plane > -300).mean() < 0.05:
            continue
        picture = cv2.resize(plane, None, fx=1, fy=SLICE_DISTANCE / spacing, interpolation=cv2.INTER_CUBIC)
        picture = numpy.clip(picture, -1024, 3071).astype(numpy.int16)
        empty = numpy.zeros(picture.shape, numpy.uint8)
        yield Labelled(f"{FOLDER}_{kind}_{place:03d}", PATIENT, picture, empty, spacing)
