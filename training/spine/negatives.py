"""Pictures without a vertebra in them, none of which training has seen: what lies in front of the spine in slices of the
test patients and in a sample slice, planes of other directions, and drawn ones.

The other directions are cut from LIDC-IDRI-0001, of which training sees axial slices.
"""

import cv2
import numpy

from . import samples_patient
from .sources import DATA, read_dicom, read_mask, tcga_index, upright

MARGIN = 15

PLANES = (
    ("sagittal through the right lung", "sagittal", 130),
    ("sagittal through the left lung", "sagittal", 380),
    ("coronal in front of the spine", "coronal", 180),
)
"""Name, direction, and the column or row that each cuts."""


def negatives(data=DATA):
    """Yields a name, HU (rows, columns) int16, and the pixel size in mm. Asserts by the labels that none holds spine."""
    ct = samples_patient.whole(data)

    def checked(name, *where):
        assert not ct.spine[where].any(), name
        return name, ct.hu[where], ct.spacing

    everything = slice(None)
    for name, direction, place in PLANES:
        where = (everything, place) if direction == "coronal" else (everything, everything, place)
        name, picture, spacing = checked(name, *where)
        yield name, standing(picture, ct.slice_distance / ct.spacing), spacing
    yield checked("front half of a slice of the chest", 70, slice(0, 256), everything)
    yield checked("right lung of a slice, enlarged field", 66, slice(120, 376), slice(20, 212))
    yield from drawn()
    yield from fronts(data)


def fronts(data=DATA):
    """Test slices, upright, down to `MARGIN` rows in front of the reference."""
    for row in tcga_index("test", data):
        hu, spacing, header = read_dicom(data / "tcga" / f"{row['name']}.dcm")
        spine = upright(read_mask(data / "tcga-masks" / f"{row['name']}.png"), header) > 0
        first = int(numpy.flatnonzero(spine.any(1))[0])
        yield f"front of {row['name']}", numpy.ascontiguousarray(upright(hu, header)[: first - MARGIN]), spacing


def standing(picture, stretch):
    """A reformat with square pixels and the head at the top."""
    rows, columns = picture.shape
    tall = cv2.resize(picture.astype(numpy.float32), (columns, round(rows * stretch)), interpolation=cv2.INTER_LINEAR)
    return numpy.rint(tall[::-1]).astype(numpy.int16)


def drawn():
    """Air with noise, an empty table, and a water phantom with rods as bright as bone."""
    rng = numpy.random.default_rng(7)
    grain = cv2.GaussianBlur(rng.standard_normal((512, 512)).astype(numpy.float32), (0, 0), 0.8)
    air = numpy.full((512, 512), -1000, numpy.float32)
    yield "air", (air + 30 * grain).astype(numpy.int16), None

    table = air.copy()
    cv2.ellipse(table, (256, 200), (230, 230), 0, 40, 140, -100, 6)
    cv2.ellipse(table, (256, 215), (230, 230), 0, 45, 135, -500, 3)
    yield "empty table", (table + 30 * grain).astype(numpy.int16), None

    phantom = air.copy()
    cv2.circle(phantom, (256, 256), 150, 0, -1)
    for turn, rod in enumerate((-1000, -100, 120, 350, 900, 1000)):
        middle = (int(256 + 90 * numpy.cos(turn)), int(256 + 90 * numpy.sin(turn)))
        cv2.circle(phantom, middle, 18, rod, -1)
    phantom = cv2.GaussianBlur(phantom, (0, 0), 0.8) + 30 * grain
    yield "water phantom with rods", phantom.astype(numpy.int16), None
