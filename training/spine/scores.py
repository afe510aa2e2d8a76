"""Dice, sensitivity and precision of slices, their means, and intervals by bootstrap over patients."""

from dataclasses import dataclass

import numpy

BOOTSTRAP_SAMPLES = 2000
MEASURES = ("dice", "sensitivity", "precision")


@dataclass(frozen=True)
class Score:
    """One slice; a measure that is undefined (no spine in either or one mask) is None, as in docs/evaluation.md."""

    name: str
    patient: str
    dice: float
    sensitivity: float | None
    precision: float | None


def score(name, patient, found, spine):
    """Compares two boolean masks of the same shape."""
    hit, predicted, true = int((found & spine).sum()), int(found.sum()), int(spine.sum())
    return Score(
        name,
        patient,
        dice=2 * hit / (predicted + true) if predicted + true else 1.0,
        sensitivity=hit / true if true else None,
        precision=hit / predicted if predicted else None,
    )


def summary(scores):
    """Mean over slices of each measure, with the 95 % interval over patients; the median and lowest Dice."""
    result = {"slices": len(scores), "patients": len({one.patient for one in scores})}
    for measure in MEASURES:
        values = [(one.patient, getattr(one, measure)) for one in scores]
        values = [(patient, value) for patient, value in values if value is not None]
        result[measure] = mean_and_interval(values)
    dices = sorted((one.dice, one.name) for one in scores)
    result["median_dice"] = round(float(numpy.median([dice for dice, _ in dices])), 4)
    result["lowest"] = [f"{name} {dice:.3f}" for dice, name in dices[:3]]
    return result


def mean_and_interval(values):
    """Mean of (patient, value) pairs, and the percentile bootstrap that draws patients with all their slices."""
    if not values:
        return None
    patients = sorted({patient for patient, _ in values})
    sums = numpy.array([sum(value for who, value in values if who == patient) for patient in patients])
    counts = numpy.array([sum(1 for who, _ in values if who == patient) for patient in patients])
    mean = float(sums.sum() / counts.sum())
    if len(patients) < 2:
        return {"mean": round(mean, 4), "low": None, "high": None}
    drawn = numpy.random.default_rng(20).integers(len(patients), size=(BOOTSTRAP_SAMPLES, len(patients)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = numpy.percentile(means, [2.5, 97.5])
    return {"mean": round(mean, 4), "low": round(float(low), 4), "high": round(float(high), 4)}
