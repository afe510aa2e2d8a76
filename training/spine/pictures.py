"""Pictures of masks over slices, to be looked at."""

import cv2
import numpy

FOUND, REFERENCE = (80, 160, 255), (80, 220, 80)
"""BGR: orange and green."""


def outline(file, unit, found, reference, zoom=2, margin=60):
    """Writes the slice, cut to where either mask is, with the found mask in orange over the reference in green."""
    file.parent.mkdir(parents=True, exist_ok=True)
    places = numpy.argwhere(found | reference)
    low, high = (places.min(0), places.max(0)) if len(places) else ((0, 0), unit.shape)
    rows = slice(max(0, low[0] - margin), high[0] + margin)
    columns = slice(max(0, low[1] - margin), high[1] + margin)
    grey = cv2.resize(
        (unit[rows, columns] * 255).astype(numpy.uint8), None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC
    )
    picture = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    for mask, colour in ((reference, REFERENCE), (found, FOUND)):
        large = cv2.resize(
            mask[rows, columns].astype(numpy.uint8), None, fx=zoom, fy=zoom, interpolation=cv2.INTER_NEAREST
        )
        lines, _ = cv2.findContours(large, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
        cv2.drawContours(picture, lines, -1, colour, 1)
    cv2.imwrite(str(file), picture)
