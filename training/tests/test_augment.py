"""Image and mask stay aligned through every augmentation."""

import numpy

from spine import augment
from spine.sources import IGNORE, Labelled
from spine.window import eight_bit, jpeg, window


def bright_vertebra():
    """A slice whose mask is exactly its bright pixels: a lopsided shape, so that a flip or turn would show."""
    mask = numpy.zeros((200, 240), numpy.uint8)
    mask[80:130, 100:150] = 1
    mask[130:150, 110:125] = 1
    hu = numpy.where(mask == 1, 1000, 0).astype(numpy.int16)
    return Labelled("shape", "nobody", hu, mask, 1.0)


def agreement(image, mask):
    found = image > 0.5
    return 2 * (found & (mask == 1)).sum() / (found.sum() + (mask == 1).sum())


def test_image_and_mask_go_through_the_same_map():
    rng = numpy.random.default_rng(0)
    compared = 0
    for _ in range(60):
        hu, mask = augment.turned(bright_vertebra(), 160, rng)
        if (mask == 1).sum() > 300:
            compared += 1
            assert agreement(hu / 1000, mask) > 0.94
    assert compared > 20


def test_a_mask_turned_the_other_way_would_be_noticed():
    rng = numpy.random.default_rng(0)
    worst = 1.0
    for _ in range(20):
        hu, mask = augment.turned(bright_vertebra(), 160, rng)
        if (mask == 1).sum() > 300:
            worst = min(worst, agreement(hu / 1000, mask[:, ::-1]))
    assert worst < 0.5


def test_nothing_that_disturbs_the_picture_moves_it():
    rng = numpy.random.default_rng(1)
    slice_ = bright_vertebra()
    for _ in range(40):
        hu = augment.disturbed(slice_.hu.astype(numpy.float32), slice_.mask, rng)
        inside, outside = hu[slice_.mask == 1].mean(), hu[slice_.mask == 0].mean()
        assert agreement((hu - outside) / (inside - outside), slice_.mask) > 0.85


def test_fluid_leaves_spine_and_other_bone_alone():
    rng = numpy.random.default_rng(5)
    slice_ = bright_vertebra()
    hu = slice_.hu.astype(numpy.float32)
    hu[10:40, 10:40] = 600
    changed = 0
    for _ in range(20):
        filled = augment.fluid(hu, slice_.mask, rng)
        assert (filled[hu > 150] == hu[hu > 150]).all()
        changed += (filled != hu).any()
    assert changed > 15


def test_spine_outside_the_field_of_view_is_not_asked_for():
    rng = numpy.random.default_rng(2)
    cut = 0
    for _ in range(80):
        slice_ = bright_vertebra()
        mask = slice_.mask[:200, :200].copy()
        before = mask.copy()
        hu = augment.field_of_view(slice_.hu[:200, :200].astype(numpy.float32), mask, rng)
        cut += (mask != before).any()
        assert (hu[mask == 1] > 0).all()
    assert cut > 0


def test_ignored_pixels_stay_ignored():
    slice_ = bright_vertebra()
    slice_.mask[80:130, 100:150] = IGNORE
    rng = numpy.random.default_rng(3)
    masks = [augment.crop(slice_, 160, rng)[1] for _ in range(20)]
    assert any((mask == IGNORE).sum() > 300 for mask in masks)
    assert all(set(numpy.unique(mask)) <= {0, 1, IGNORE} for mask in masks)


def test_a_crop_is_a_picture_in_0_to_1():
    rng = numpy.random.default_rng(4)
    for _ in range(30):
        image, mask = augment.crop(bright_vertebra(), 128, rng)
        assert image.shape == mask.shape == (128, 128)
        assert image.dtype == numpy.float32 and image.min() >= 0 and image.max() <= 1


def test_windows_are_those_of_the_engine():
    assert window(numpy.array([-2000, -450, 350, 1150, 3000], numpy.int16)).tolist() == [0, 0, 0.5, 1, 1]
    assert eight_bit(numpy.array([0, 0.5, 1], numpy.float32)).tolist() == [0, 128, 255]
    flat = numpy.full((16, 16), 77, numpy.uint8)
    assert abs(jpeg(flat, 85).astype(int) - 77).max() <= 2
