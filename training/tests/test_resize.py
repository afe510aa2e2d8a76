"""Coarse pictures are enlarged as `rachis` does it (crates/engine/src/enlarge.rs)."""

import numpy
import pytest

from spine.resize import enlarge, reduce, times


@pytest.mark.parametrize(
    "shape, spacing, expected",
    [
        ((512, 512), 0.7, 1),
        ((512, 512), 1.19, 1),
        ((256, 256), 1.21, 2),
        ((122, 101), 3.0, 4),
        ((64, 64), 10.0, 4),
        ((512, 512), 3.0, 2),
        ((1200, 900), 3.0, 1),
        ((512, 400), None, 1),
        ((342, 342), None, 1),
        ((341, 200), None, 2),
        ((100, 100), None, 4),
    ],
)
def test_a_picture_is_enlarged_by_its_pixels_or_its_side(shape, spacing, expected):
    assert times(shape, spacing) == expected


def test_enlarging_and_reducing_gives_a_smooth_picture_back():
    y, x = numpy.mgrid[:40, :56].astype(numpy.float32)
    picture = 0.5 + 0.5 * numpy.sin(x / 6) * numpy.cos(y / 9)
    for finer in (1, 2, 3, 4):
        assert numpy.abs(reduce(enlarge(picture, finer), finer) - picture)[2:-2, 2:-2].max() < 0.01
