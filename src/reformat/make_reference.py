"""Makes reference.json: a small stack and its reformats by SciPy, which src/reformat/tests.rs compares with.

    python3 src/reformat/make_reference.py > src/reformat/reference.json

Needs NumPy and SciPy (made with SciPy 1.17).
"""

import json

import numpy as np
from scipy.interpolate import RegularGridInterpolator

ROWS, COLUMNS = 5, 7
ROW_MM, COLUMN_MM = 1.5, 0.75
POSITIONS_MM = np.array([-3.0, -1.1, 1.0, 2.8, 5.0, 7.0])

stack = np.random.default_rng(3).integers(-1000, 1500, (len(POSITIONS_MM), ROWS, COLUMNS))


def reformat(plane, in_plane_mm):
    """Slices x pixels, evenly spaced along the stack, from the head downwards."""
    usual = np.median(np.diff(POSITIONS_MM))
    extent = np.ptp(POSITIONS_MM) + usual
    count = round(extent / min(in_plane_mm, usual))
    lines = POSITIONS_MM[0] - usual / 2 + (np.arange(count) + 0.5) * extent / count
    pixels = np.arange(plane.shape[1])
    sample = RegularGridInterpolator((POSITIONS_MM, pixels), plane.astype(float), method="linear")
    # Half a slice reaches out at either end.
    inside = np.clip(lines, POSITIONS_MM[0], POSITIONS_MM[-1])
    return sample(tuple(np.meshgrid(inside, pixels, indexing="ij")))[::-1]


print(json.dumps({
    "spacing_mm": [ROW_MM, COLUMN_MM],
    "positions_mm": POSITIONS_MM.tolist(),
    "slices": stack.tolist(),
    "coronal_at_row_3": reformat(stack[:, 3, :], COLUMN_MM).round(3).tolist(),
    "sagittal_at_column_2": reformat(stack[:, :, 2], ROW_MM).round(3).tolist(),
}))
