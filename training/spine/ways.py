"""The ways in which one test slice is shown to the network."""

import numpy

from .resize import halve
from .sources import upright
from .window import eight_bit, jpeg, window

BONE, SOFT_TISSUE = (350, 1600), (40, 400)
"""Display windows of the test pictures: centre and width, HU."""


def ways(hu, spine, header, unit):
    """Every way that one slice is tried: group, input in 0..1, its pixel size in mm where known, reference."""
    straight, reference = upright(hu, header), upright(spine, header)
    spacing = float(header.PixelSpacing[0])
    yield "upright", unit(straight), spacing, reference
    if straight is not hu or header.get("PatientPosition", "HFS")[2:] != "S":
        yield "prone or side, as stored", unit(hu), spacing, spine
    for group, turns in (("turned 90, lying on the side", 1), ("turned 180", 2), ("turned 270, lying on the side", 3)):
        yield group, numpy.rot90(unit(straight), turns), spacing, numpy.rot90(reference, turns)
    yield "prone, as mirrored top to bottom", unit(straight)[::-1], spacing, reference[::-1]
    yield "bone window 350/1600, 8-bit PNG", eight_bit(window(straight, *BONE)) / numpy.float32(255), None, reference
    soft = jpeg(eight_bit(window(straight, *SOFT_TISSUE)), 85)
    yield "soft-tissue window 40/400, JPEG 85", soft / numpy.float32(255), None, reference
    half, half_reference = halve(straight), halve(reference) > 0.5
    yield "halved in size", unit(half), 2 * spacing, half_reference
    picture = eight_bit(window(half, *BONE)) / numpy.float32(255)
    yield "halved in size, 8-bit PNG", picture, None, half_reference
