"""The scores are those of docs/evaluation.md, and every negative picture is free of spine."""

import numpy
import pytest

from spine.scores import mean_and_interval, score, summary
from spine.sources import DATA, upright
from spine.ways import ways


class Header(dict):
    """As much of a DICOM header as turning a slice upright reads."""

    def __init__(self, orientation, position="HFS"):
        super().__init__(PatientPosition=position)
        self.ImageOrientationPatient = orientation
        self.PixelSpacing = [0.7, 0.7]


def test_dice_sensitivity_and_precision_of_a_small_case():
    found = numpy.array([[1, 1, 0, 0]], bool)
    spine = numpy.array([[0, 1, 1, 1]], bool)
    one = score("a", "p", found, spine)
    assert (one.dice, one.sensitivity, one.precision) == (2 / 5, 1 / 3, 1 / 2)


def test_what_is_undefined_stays_undefined():
    nothing, something = numpy.zeros((2, 2), bool), numpy.ones((2, 2), bool)
    assert score("a", "p", nothing, nothing).dice == 1
    assert score("a", "p", nothing, something).precision is None
    assert score("a", "p", something, nothing).sensitivity is None
    assert summary([score("a", "p", nothing, something)])["precision"] is None


def test_the_interval_draws_patients_and_not_slices():
    many_slices_of_two_patients = [("p", 0.9)] * 50 + [("q", 0.7)] * 50
    result = mean_and_interval(many_slices_of_two_patients)
    assert (result["mean"], result["low"], result["high"]) == (0.8, 0.7, 0.9)


@pytest.mark.parametrize(
    "orientation, turn",
    [
        ([1, 0, 0, 0, 1, 0], lambda picture: picture),
        ([-1, 0, 0, 0, -1, 0], lambda picture: picture[::-1, ::-1]),
        ([0, -1, 0, 1, 0, 0], lambda picture: picture.T[::-1]),
    ],
)
def test_a_slice_is_turned_until_left_is_right_and_the_back_below(orientation, turn):
    picture = numpy.arange(6).reshape(2, 3)
    assert (upright(picture, Header(orientation)) == turn(picture)).all()


def test_each_way_keeps_picture_and_reference_together():
    spine = numpy.zeros((32, 48), bool)
    spine[4:20, 8:16] = True
    hu = numpy.where(spine, 1000, -1000).astype(numpy.int16)
    groups = {}
    for group, picture, _, reference in ways(hu, spine, Header([1, 0, 0, 0, 1, 0]), lambda hu: (hu + 1000) / 2000):
        groups[group] = score("a", "p", picture > 0.5, reference).dice
    assert len(groups) == 9
    assert min(groups.values()) > 0.95


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no CT files in {DATA}")
def test_there_are_33_negatives_and_none_holds_spine():
    from spine.negatives import negatives

    names = [name for name, *_ in negatives()]
    assert len(names) == len(set(names)) == 33
