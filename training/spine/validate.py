"""Compares Keras files by what `prepare` wrote, without the test patients: Dice of the validation slices, and the pixels
called spine in those slices of training that hold none."""

import numpy

from .predictor import Predictor
from .prepare import load
from .scores import score
from .sources import IGNORE, tcga_index


def validate(models, preprocessing, work, data, flips=False):
    """Prints a row of Markdown for each file of `models`."""
    labelled, empty = load(work / "validation"), [one for one in load(work / "train") if not one.mask.any()]
    doubtful = {row["name"] for row in tcga_index("validation", data) if row["confidence"] == "low"}
    print(f"| model | Dice of {len(labelled)} slices | without low confidence | false pixels in {len(empty)} slices |")
    print("|---|---|---|---|")
    for model in models:
        predictor = Predictor(model, preprocessing, flips)
        scores = [judge(predictor, slice_) for slice_ in labelled]
        sure = [one.dice for one in scores if one.name not in doubtful]
        false = sum(int(predictor.mask(predictor.unit(one.hu), one.spacing).sum()) for one in empty)
        everywhere = numpy.mean([one.dice for one in scores])
        print(f"| {model.name} | {everywhere:.4f} | {numpy.mean(sure):.4f} | {false} |", flush=True)


def judge(predictor, slice_):
    """The score over the pixels that are known."""
    known = slice_.mask != IGNORE
    found = predictor.mask(predictor.unit(slice_.hu), slice_.spacing)
    return score(slice_.name, slice_.patient, found & known, slice_.mask == 1)
