"""LIDC-IDRI-0001, of which the page shows some slices, and TotalSegmentator's labels of it."""

from dataclasses import dataclass

import numpy

from .sources import DATA, Labelled, volume

PATIENT = "LIDC-IDRI-0001"
FOLDER = "lidc-idri-0001"
SPINE_LABELS = range(26, 51)

SAMPLES = range(60, 74)
"""Slices, from the feet, that the page offers as samples."""


@dataclass(frozen=True)
class Volume:
    """`hu` int16 and `spine` bool, both [slice, row, column]; `spacing` within a slice and from slice to slice in mm."""

    hu: numpy.ndarray
    spine: numpy.ndarray
    spacing: float
    slice_distance: float


def whole(data=DATA):
    hu, (pixel, _, distance) = volume(data / FOLDER / "ct.nii.gz")
    labels, _ = volume(data / FOLDER / "totalsegmentator.nii.gz")
    hu = numpy.clip(hu, -1024, 3071).astype(numpy.int16)
    return Volume(hu, numpy.isin(labels, SPINE_LABELS), float(pixel), float(distance))


def slices(data=DATA):
    """All but the samples."""
    ct = whole(data)
    for index, (hu, spine) in enumerate(zip(ct.hu, ct.spine)):
        if index not in SAMPLES:
            yield Labelled(f"{FOLDER}_{index:03d}", PATIENT, hu, spine.astype(numpy.uint8), ct.spacing)
