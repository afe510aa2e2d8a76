"""Writes tests/real_files.json: what pydicom reads from the CT slices in ../shared/data of the workspace's parent.

    pip install pydicom numpy pylibjpeg-openjpeg
    python real_files.py

HU as this project defines them: padding and values under -1024 are -1024. Pictures are upright (see upright.py).
Sums and a few pixels stand for the image. `series` is the order of the slices of a folder from the feet to the head.
"""

import json
import pathlib

import numpy as np
import pydicom

from upright import shown

HERE = pathlib.Path(__file__).parent
DATA = HERE.parents[2].parent / "shared" / "data"
PATTERNS = ["lidc-idri-0001/*.dcm", "lidc-idri-0314/slice_0[0-2]*.dcm", "tcga/*.dcm", "totalsegmentator-example/dicom-jpeg2000/*"]


def first(value):
    return float(value[0] if isinstance(value, pydicom.multival.MultiValue) else value)


def describe(path):
    ds = pydicom.dcmread(path)
    stored = ds.pixel_array.astype(np.int64)
    hu = np.round(stored * float(ds.RescaleSlope) + float(ds.RescaleIntercept))
    if "PixelPaddingValue" in ds:
        bits = 1 << ds.BitsAllocated
        padding = int(ds.PixelPaddingValue) % bits
        hu[stored % bits == padding] = -1024
    hu = np.clip(hu, -1024, 32767).astype(np.int64)
    hu, layout = shown(hu, ds.ImagePositionPatient, [float(v) for v in ds.ImageOrientationPatient],
                       [float(v) for v in ds.PixelSpacing])
    weights = np.arange(hu.size).reshape(hu.shape) % 1009
    return {
        "file": str(path.relative_to(DATA)),
        "rows": hu.shape[0],
        "columns": hu.shape[1],
        "sum": int(hu.sum()),
        "weighted_sum": int((hu * weights).sum()),
        "min": int(hu.min()),
        "max": int(hu.max()),
        "diagonal": [int(v) for v in np.diagonal(hu)[:: hu.shape[0] // 8]],
        **layout,
        "window": [first(ds.WindowCenter), first(ds.WindowWidth)] if "WindowCenter" in ds else None,
    }


def series(folder):
    """File names from the feet to the head, and the distance between them."""
    places = {}
    for path in (DATA / folder).glob("*"):
        ds = pydicom.dcmread(path, stop_before_pixels=True)
        right, down = np.split(np.array(ds.ImageOrientationPatient, float), 2)
        places[float(np.dot(np.cross(right, down), np.array(ds.ImagePositionPatient, float)))] = path.name
    order = sorted(places)
    return {
        "folder": folder,
        "files": [places[place] for place in order],
        "distance": round(float(np.median(np.diff(order))), 4),
    }


files = [path for pattern in PATTERNS for path in sorted(DATA.glob(pattern))]
lines = ",\n".join(json.dumps(describe(path)) for path in files)
(HERE / "real_files.json").write_text(f"[\n{lines}\n]\n")
folders = ",\n".join(json.dumps(series(folder)) for folder in ("lidc-idri-0314", "totalsegmentator-example/dicom-jpeg2000"))
(HERE / "real_series.json").write_text(f"[\n{folders}\n]\n")
