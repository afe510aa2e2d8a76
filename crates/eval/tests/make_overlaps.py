"""Writes tests/overlaps.json: small mask pairs with the measures that scikit-learn and SciPy give for them.

    pip install numpy scipy scikit-learn
    python make_overlaps.py
"""

import json
import pathlib

import numpy as np
from scipy.spatial.distance import dice
from sklearn.metrics import accuracy_score, f1_score, jaccard_score, precision_score, recall_score

rng = np.random.default_rng(7)
PAIRS = {
    "both empty": (np.zeros(12, int), np.zeros(12, int)),
    "both full": (np.ones(12, int), np.ones(12, int)),
    "prediction empty": (np.zeros(12, int), np.arange(12) % 2),
    "reference empty": (np.arange(12) % 3 // 2, np.zeros(12, int)),
    "prediction full": (np.ones(12, int), np.arange(12) % 2),
    "reference full": (np.arange(12) % 2, np.ones(12, int)),
    "disjoint": (np.arange(12) % 2, 1 - np.arange(12) % 2),
    "one pixel": (np.array([1]), np.array([1])),
} | {f"random {p} {q}": (rng.random(400) < p, rng.random(400) < q) for p in (0.02, 0.5, 0.9) for q in (0.05, 0.5)}


def defined(value):
    return None if np.isnan(value) else float(value)


def measures(predicted, reference):
    predicted, reference = np.asarray(predicted, int), np.asarray(reference, int)
    both_empty = not predicted.any() and not reference.any()
    nan = {"zero_division": np.nan}
    return {
        "predicted": predicted.tolist(),
        "reference": reference.tolist(),
        "dice": 1.0 if both_empty else float(1 - dice(predicted.astype(bool), reference.astype(bool))),
        "iou": float(jaccard_score(reference, predicted, zero_division=1.0)),
        "f1": float(f1_score(reference, predicted, zero_division=1.0)),
        "sensitivity": defined(recall_score(reference, predicted, **nan)),
        "specificity": defined(recall_score(reference, predicted, pos_label=0, **nan)),
        "precision": defined(precision_score(reference, predicted, **nan)),
        "accuracy": float(accuracy_score(reference, predicted)),
    }


lines = ",\n".join(json.dumps({"name": name} | measures(*pair)) for name, pair in PAIRS.items())
(pathlib.Path(__file__).parent / "overlaps.json").write_text(f"[\n{lines}\n]\n")
