"""Writes tests/evaluations.json: slices of several patients with what pandas and NumPy say of them together.

    pip install numpy pandas
    python make_evaluations.py

The bootstrap draws with the random numbers of SplitMix64, written anew here, so that its intervals can be compared to the
last digits; `make_statistics.py` holds the same procedure to SciPy's.
"""

import json
import pathlib

import numpy as np
import pandas as pd

from make_statistics import splitmix64

rng = np.random.default_rng(17)
OVERLAPS = ["dice", "sensitivity", "specificity", "precision", "accuracy", "iou", "f1"]
DISTANCES = ["hd95_mm", "assd_mm"]


def measures(c):
    """Undefined where the denominator is zero; two empty masks agree perfectly."""
    tp, fp, fn, tn = (c[name].astype(float) for name in ("tp", "fp", "fn", "tn"))
    with np.errstate(invalid="ignore"):
        dice = (2 * tp / (2 * tp + fp + fn)).fillna(1.0)
        return pd.DataFrame(
            {
                "dice": dice,
                "sensitivity": tp / (tp + fn),
                "specificity": tn / (tn + fp),
                "precision": tp / (tp + fp),
                "accuracy": (tp + tn) / (tp + fp + fn + tn),
                "iou": (tp / (tp + fp + fn)).fillna(1.0),
                "f1": dice,
            }
        )


def defined(value):
    return None if value is None or np.isnan(value) else float(value)


def interval(n, statistic):
    """Of the statistic of units drawn with replacement, given as positions (resamples, n)."""
    if n < 2:
        return None
    random = splitmix64(2020)
    drawn = np.array([[next(random) * n >> 64 for _ in range(n)] for _ in range(2000)])
    low, high = np.nanpercentile(statistic(drawn), [2.5, 97.5])
    return {"low": low, "high": high}


def mean_interval(values):
    values = values.dropna().to_numpy()
    return interval(len(values), lambda drawn: values[drawn].mean(axis=1))


def clustered(groups):
    groups = [group.dropna() for group in groups]
    groups = [group for group in groups if len(group)]
    sums, counts = np.array([g.sum() for g in groups]), np.array([len(g) for g in groups])
    return interval(len(groups), lambda drawn: sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1))


def pooled_interval(counts, name):
    array = counts.to_numpy()

    def statistic(drawn):
        return measures(pd.DataFrame(array[drawn].sum(axis=1), columns=counts.columns))[name].to_numpy()

    return interval(len(array), statistic)


def evaluation(patients):
    n = len(patients)
    counts = pd.DataFrame(
        {"tp": rng.integers(50, 900, n), "fp": rng.integers(0, 200, n), "fn": rng.integers(0, 200, n), "tn": 5000}
    )
    counts.loc[1, ["tp", "fp", "fn"]] = [0, 0, 0]
    counts.loc[2, ["tp", "fp", "fn"]] = [0, 0, 300]
    table = measures(counts)
    for name in DISTANCES:
        table[name] = np.where(counts.tp > 0, np.round(rng.gamma(2, 2, n), 3), np.nan)
    known = pd.Series(patients, dtype=object)
    complete = known.notna().all()
    groups = known.groupby(known).groups
    by_patient = pd.DataFrame({p: counts.loc[rows].sum() for p, rows in groups.items()}).T if groups else counts[:0]
    pooled_of_patient = measures(by_patient) if groups else by_patient
    overall, of_patients = {}, {p: {} for p in groups}
    for name in OVERLAPS + DISTANCES:
        values = table[name]
        means = pd.Series({p: values[rows].mean() for p, rows in groups.items()}, dtype=float)
        is_counted = name in OVERLAPS
        overall[name] = {
            "over_slices": {
                "mean": defined(values.mean()),
                "defined": int(values.count()),
                "undefined": int(values.isna().sum()),
                "interval_by_slice": mean_interval(values),
                "interval_by_patient": clustered([values[r] for r in groups.values()]) if complete else None,
            },
            "over_patients": {
                "mean": defined(means.mean()),
                "defined": int(means.count()),
                "undefined": int(means.isna().sum()),
                "interval_by_patient": mean_interval(means),
            },
            "pooled": {
                "value": float(measures(counts.sum().to_frame().T)[name].iloc[0]) if is_counted else None,
                "interval_by_slice": pooled_interval(counts, name) if is_counted else None,
                "interval_by_patient": pooled_interval(by_patient, name) if is_counted and complete else None,
            },
        }
        for p, rows in groups.items():
            of_patients[p][name] = {
                "mean": defined(values[rows].mean()),
                "defined": int(values[rows].count()),
                "undefined": int(values[rows].isna().sum()),
                "pooled": defined(pooled_of_patient.loc[p, name]) if is_counted else None,
            }
    means = table.mean()
    return {
        "cases": [
            {"patient": patients[i], "counts": counts.loc[i].tolist(), "surface": table.loc[i, DISTANCES].map(defined).tolist()}
            for i in range(n)
        ],
        "measures": overall,
        "patients": of_patients,
        "paper": {
            "paper_dsc": means.dice,
            "paper_precision": means.precision,
            "paper_recall": means.sensitivity,
            "paper_f1": 2 / (1 / means.precision + 1 / means.sensitivity),
        },
    }


EVALUATIONS = [
    evaluation(["C", "B", "B", "A", "C", "C", "A", "C", "D"]),
    evaluation([None, "A", "A", "C", None, "C"]),
    evaluation([None] * 5),
]
lines = ",\n".join(map(json.dumps, EVALUATIONS))
(pathlib.Path(__file__).parent / "evaluations.json").write_text(f"[\n{lines}\n]\n")
