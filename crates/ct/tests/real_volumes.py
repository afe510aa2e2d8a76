"""Writes tests/real_volumes.json: what nibabel reads from the volumes in ../shared/data of the workspace's parent.

    pip install nibabel numpy
    python real_volumes.py

Slices as they are shown: from the feet to the head, the patient's right on the left, the front on top. HU below -1024
are -1024. Sums stand for the pixels.
"""

import json
import pathlib

import nibabel as nib
import numpy as np

HERE = pathlib.Path(__file__).parent
DATA = HERE.parents[2].parent / "shared" / "data"
FOLDERS = ["lidc-idri-0001", "totalsegmentator-example"]
TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def upright(path):
    image = nib.as_closest_canonical(nib.load(path))
    return np.asanyarray(image.dataobj)[::-1, ::-1].transpose(2, 1, 0), image


def sums(pixels):
    weights = np.arange(pixels.size).reshape(pixels.shape) % 1009
    return {"sum": int(pixels.sum()), "weighted_sum": int((pixels * weights).sum())}


def describe(folder):
    pixels, image = upright(DATA / folder / "ct.nii.gz")
    hu = lambda index: np.clip(np.round(pixels[index].astype(np.float64)), -1024, 32767).astype(np.int64)
    labels, _ = upright(DATA / folder / "totalsegmentator.nii.gz")
    count, rows, columns = pixels.shape
    chosen = [count // 4, count // 2, 3 * count // 4]
    found, voxels = np.unique(labels.astype(np.int64), return_counts=True)
    spine = lambda index: ((labels[index] >= 25) & (labels[index] <= 50)).astype(np.int64)
    steps = np.linalg.norm(image.affine[:3, :3], axis=0)
    origin = TO_LPS @ image.affine @ [columns - 1, rows - 1, 0, 1]
    return {
        "folder": folder,
        "size": [count, rows, columns],
        "spacing": [float(steps[1]), float(steps[0])],
        "thickness": float(steps[2]),
        "origin": origin[:3].tolist(),
        "slices": [{"index": index} | sums(hu(index)) for index in chosen],
        "labels": [[int(label), int(many)] for label, many in zip(found, voxels) if label],
        "masks": [{"index": index} | sums(spine(index)) for index in chosen],
    }


lines = ",\n".join(json.dumps(describe(folder)) for folder in FOLDERS)
(HERE / "real_volumes.json").write_text(f"[\n{lines}\n]\n")
