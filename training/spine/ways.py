"""The ways in which one test slice is shown to the network."""

import cv2
import numpy

from .sources import upright
from .window import eight_bit, jpeg, window

BONE, SOFT_TISSUE = (350, 1600), (40, 400)
"""Display windows of the test pictures: centre and width, HU."""


def ways(hu, spine, header, unit):
    """Every way that one slice is tried: group, input in 0..1, reference."""
    straight, reference = upright(hu, header), upright(spine, header)
    yield "upright", unit(straight), reference
    if straight is not hu or header.get("PatientPosition", "HFS")[2:] != "S":
        yield "prone or side, as stored", unit(hu), spine
    for group, turns in (("turned 90, lying on the side", 1), ("turned 180", 2), ("turned 270, lying on the side", 3)):
        yield group, numpy.rot90(unit(straight), turns), numpy.rot90(reference, turns)
    yield "prone, as mirrored top to bottom", unit(straight)[::-1], reference[::-1]
    yield "bone window 350/1600, 8-bit PNG", eight_bit(window(straight, *BONE)) / numpy.float32(255), reference
    soft = jpeg(eight_bit(window(straight, *SOFT_TISSUE)), 85)
    yield "soft-tissue window 40/400, JPEG 85", soft / numpy.float32(255), reference
    half = cv2.resize(straight.astype(numpy.float32), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    half_reference = (
        cv2.resize(reference.astype(numpy.float32), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) > 0.5
    )
    yield "halved in size", unit(half), half_reference
