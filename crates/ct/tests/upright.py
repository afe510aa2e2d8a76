"""Turns an axial, coronal or sagittal picture upright the way radiologists expect it; used by the scripts beside it.

Of the eight ways to lay a picture on its axes the one is taken whose columns and rows run most nearly where they are
wanted: axial to the patient's left and to the back, coronal to the left and to the feet, sagittal to the back and to
the feet. Places are carried through as a grid of points, never computed from the turn.
"""

import itertools

import numpy as np

WANTED = {2: ([1, 0, 0], [0, 1, 0]), 1: ([1, 0, 0], [0, 0, -1]), 0: ([0, 1, 0], [0, 0, -1])}


def lay(array, transposed, upside_down, mirrored):
    array = np.swapaxes(array, 0, 1) if transposed else array
    array = array[::-1] if upside_down else array
    return array[:, ::-1] if mirrored else array


def turn_of(right, down):
    """(transposed, upside_down, mirrored)"""
    right, down = np.asarray(right, float), np.asarray(down, float)
    normal = np.cross(right, down)
    wanted_right, wanted_down = WANTED[2 - int(np.argmax(np.abs(normal[::-1])))]

    def fit(turn):
        transposed, upside_down, mirrored = turn
        r, d = (down, right) if transposed else (right, down)
        r, d = (-r if mirrored else r), (-d if upside_down else d)
        return np.dot(r, wanted_right) + np.dot(d, wanted_down)

    return max(itertools.product([False, True], repeat=3), key=fit)


def grid(rows, columns, origin, right, down, spacing):
    """The place of each pixel, rows x columns x 3."""
    row = np.arange(rows)[:, None, None] * spacing[0] * np.asarray(down, float)
    column = np.arange(columns)[None, :, None] * spacing[1] * np.asarray(right, float)
    return np.asarray(origin, float) + row + column


def shown(pixels, origin, orientation, spacing):
    """Upright pixels and what is known of them; `origin` or `orientation` may be None."""
    pixels = np.asarray(pixels)
    turn = turn_of(orientation[:3], orientation[3:]) if orientation is not None else (False, False, False)
    result = {"turn": [bool(part) for part in turn], "spacing": None, "placement": None}
    if spacing is not None:
        result["spacing"] = list(spacing[::-1] if turn[0] else spacing)
    if spacing is not None and origin is not None and orientation is not None:
        places = grid(pixels.shape[0], pixels.shape[1], origin, orientation[:3], orientation[3:], spacing)
        right, down = (np.asarray(orientation[:3], float), np.asarray(orientation[3:], float))
        right, down = (down, right) if turn[0] else (right, down)
        result["placement"] = {
            "origin": lay(places, *turn)[0, 0].tolist(),
            "right": ((-1 if turn[2] else 1) * right).tolist(),
            "down": ((-1 if turn[1] else 1) * down).tolist(),
        }
    return lay(pixels, *turn), result
