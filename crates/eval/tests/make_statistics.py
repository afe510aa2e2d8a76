"""Writes tests/agreement.json, tests/bootstrap.json and tests/thresholds.json: samples with what NumPy, SciPy, statsmodels
and scikit-learn say of them.

    pip install numpy scipy statsmodels scikit-learn
    python make_statistics.py
"""

import json
import pathlib

import numpy as np
from scipy import stats
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score
from statsmodels.stats.weightstats import DescrStatsW

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(13)


def write(name, cases):
    (HERE / name).write_text("[\n" + ",\n".join(map(json.dumps, cases)) + "\n]\n")


def agreement(n, scale):
    reference = np.round(rng.uniform(500, 9000, n), 2)
    predicted = np.round(reference * scale + rng.standard_t(3, n) * 150, 2)
    differences = DescrStatsW(predicted - reference)
    mean, deviation = differences.mean, differences.std_ddof(1)
    half_width = stats.t.ppf(0.975, n - 1) * np.sqrt(3 * deviation**2 / n)
    lower, upper = stats.norm.interval(0.95, mean, deviation * 1.96 / stats.norm.ppf(0.975))
    outliers = np.flatnonzero(np.abs(predicted - reference - mean) > 1.96 * deviation)
    return {
        "predicted": predicted.tolist(),
        "reference": reference.tolist(),
        "mean_difference": mean,
        "mean_difference_interval": list(differences.tconfint_mean(0.05)),
        "standard_deviation": deviation,
        "lower_limit": lower,
        "lower_limit_interval": [lower - half_width, lower + half_width],
        "upper_limit": upper,
        "upper_limit_interval": [upper - half_width, upper + half_width],
        "outliers": outliers.tolist(),
    }


def splitmix64(seed):
    mask = 2**64 - 1
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        z = ((seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        yield z ^ (z >> 31)


def clustered_mean(sums, counts, axis=-1):
    return np.sum(sums, axis=axis) / np.sum(counts, axis=axis)


def bootstrap(sizes):
    """SciPy's own interval with its own random numbers, and NumPy's with ours."""
    clusters = [np.round(rng.beta(9, 2) + rng.normal(0, 0.02, size), 4) for size in sizes]
    sums, counts = np.array([c.sum() for c in clusters]), np.array([c.size for c in clusters])
    options = {"n_resamples": 200_000, "method": "percentile", "batch": 10_000, "rng": np.random.default_rng(1)}
    scipys = stats.bootstrap((sums, counts), clustered_mean, paired=True, vectorized=True, **options)
    n, random = len(clusters), splitmix64(2020)
    drawn = np.array([[next(random) * n >> 64 for _ in range(n)] for _ in range(2000)])
    ours = np.percentile(clustered_mean(sums[drawn], counts[drawn]), [2.5, 97.5])
    return {
        "clusters": [c.tolist() for c in clusters],
        "scipy": list(map(float, scipys.confidence_interval)),
        "standard_error": float(scipys.standard_error),
        "same_random_numbers": ours.tolist(),
    }


def thresholds(shares):
    """Slices whose share of spine is as given, with levels that overlap."""
    slices = []
    for share in shares:
        spine = rng.random(150) < share
        levels = np.clip(rng.normal(np.where(spine, 170, 70), 60), 0, 255).astype(int)
        slices.append((levels, spine))
    levels, spine = map(np.concatenate, zip(*slices))
    pooled, zero = [], {"zero_division": 1.0}
    for threshold in range(256):
        found = levels >= threshold
        pooled.append(
            {
                "precision": float(precision_score(spine, found)) if found.any() else None,
                "recall": float(recall_score(spine, found)),
                "dice": float(f1_score(spine, found, **zero)),
                "mean_dice": float(np.mean([f1_score(s, l >= threshold, **zero) for l, s in slices])),
            }
        )
    return {
        "slices": [{"levels": l.tolist(), "reference": s.astype(int).tolist()} for l, s in slices],
        "average_precision": float(average_precision_score(spine, levels)),
        "thresholds": pooled,
    }


if __name__ == "__main__":
    write("agreement.json", [agreement(n, scale) for n, scale in [(2, 1.0), (3, 0.9), (14, 0.95), (200, 1.02)]])
    write("bootstrap.json", [bootstrap([1] * 14), bootstrap([1] * 60), bootstrap([3, 9, 1, 30, 4, 4, 12, 2, 7, 5])])
    write("thresholds.json", [thresholds([0.2, 0.5, 0.0]), thresholds([0.1])])
