"""Writes tests/surfaces.json: small mask pairs with the surface distances that MedPy gives for them.

    pip install numpy scipy medpy
    python make_surfaces.py

A mask is a string of its pixels in C order, '#' for spine.
"""

import json
import pathlib

import numpy as np
from medpy.metric.binary import assd, hd95
from scipy.ndimage import binary_dilation, gaussian_filter

rng = np.random.default_rng(11)


def blob(shape, sigma):
    field = gaussian_filter(rng.standard_normal(shape), sigma)
    return field > np.quantile(field, 0.8)


def box(shape, *ranges):
    mask = np.zeros(shape, bool)
    mask[tuple(slice(*r) for r in ranges)] = True
    return mask


def pair(name, predicted, reference, spacing):
    return {
        "name": name,
        "shape": list(predicted.shape),
        "spacing_mm": spacing,
        "predicted": "".join(np.where(predicted.ravel(), "#", ".")),
        "reference": "".join(np.where(reference.ravel(), "#", ".")),
        "hd95_mm": float(hd95(predicted, reference, voxelspacing=spacing)),
        "assd_mm": float(assd(predicted, reference, voxelspacing=spacing)),
    }


plane, volume = (24, 31), (7, 12, 15)
smooth, smooth_volume = blob(plane, 2), blob(volume, 1.5)
one = box(plane, (3, 4), (5, 6))
PAIRS = [
    pair("two pixels", one, box(plane, (20, 21), (30, 31)), [0.7, 0.3]),
    pair("the same", smooth, smooth, [1.0, 1.0]),
    pair("one grown", smooth, binary_dilation(smooth, iterations=2), [0.8, 0.8]),
    pair("blobs", smooth, blob(plane, 2), [1.0, 1.0]),
    pair("blobs of oblong pixels", smooth, blob(plane, 2), [0.5, 3.0]),
    pair("blobs of pixels oblong the other way", blob(plane, 1), blob(plane, 3), [3.0, 0.5]),
    pair("noise", rng.random(plane) < 0.1, rng.random(plane) < 0.9, [0.9, 1.1]),
    pair("whole picture against its middle", np.ones(plane, bool), box(plane, (8, 16), (10, 20)), [1.0, 2.0]),
    pair("all four borders", box(plane, (0, 24), (14, 17)), box(plane, (11, 13), (0, 31)), [0.6, 0.6]),
    pair("a corner against the other", box(plane, (0, 3), (0, 3)), box(plane, (22, 24), (27, 31)), [0.6, 0.9]),
    pair("one row", rng.random((1, 40)) < 0.3, rng.random((1, 40)) < 0.3, [2.0, 0.7]),
    pair("volume of blobs", smooth_volume, blob(volume, 1.5), [1.0, 1.0, 1.0]),
    pair("volume of thick slices", smooth_volume, blob(volume, 1), [5.0, 0.7, 0.7]),
    pair("volume of three spacings", blob(volume, 1), blob(volume, 2), [1.25, 0.4, 2.1]),
    pair("volume at its borders", box(volume, (0, 7), (0, 2), (3, 9)), box(volume, (5, 7), (0, 12), (13, 15)), [3.0, 0.7, 0.9]),
    pair("volume of one slice", smooth[None], blob(plane, 2)[None], [5.0, 0.7, 0.7]),
]

lines = ",\n".join(map(json.dumps, PAIRS))
(pathlib.Path(__file__).parent / "surfaces.json").write_text(f"[\n{lines}\n]\n")
