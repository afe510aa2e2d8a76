"""From a labelled slice to a training crop: turned, scaled, its HU disturbed, seen through some window."""

import math

import cv2
import numpy

from .resize import enlarge, halve
from .sources import IGNORE, PADDING_HU
from .window import eight_bit, jpeg, window


def crop(slice_, size, rng):
    """A training crop: image (size, size) float32 in 0..1, mask (size, size) uint8 of 0, 1 or `IGNORE`."""
    hu, mask = turned(slice_, size, rng)
    hu = field_of_view(hu, mask, rng)
    hu = disturbed(hu, mask, rng)
    return seen(hu, rng), mask


def turned(slice_, size, rng):
    """Image and mask through one affine map: a centre, any angle, scale, stretch and flips."""
    matrix = affine(angle(rng), scale(rng), rng)
    rows, columns = centre(slice_, rng)
    matrix = numpy.column_stack([matrix, size / 2 - matrix @ numpy.array([columns, rows])])
    return warp_hu(slice_.hu, matrix, size, rng), warp_mask(slice_.mask, matrix, size)


def angle(rng):
    """Radians: mostly near upright, sometimes lying or upside down, sometimes any."""
    kind = rng.random()
    if kind < 0.5:
        return rng.normal(0, math.radians(10))
    if kind < 0.75:
        return rng.choice([1, 2, 3]) * math.pi / 2 + rng.normal(0, math.radians(8))
    return rng.uniform(0, 2 * math.pi)


def scale(rng):
    return math.exp(rng.normal(0, 0.12)) if rng.random() < 0.5 else math.exp(rng.uniform(math.log(0.5), math.log(1.8)))


def affine(angle, scale, rng):
    """The 2x2 map from slice to crop, (x, y) both."""
    cos, sin = math.cos(angle), math.sin(angle)
    rotation = numpy.array([[cos, -sin], [sin, cos]])
    stretch = numpy.exp(rng.normal(0, 0.05, 2)) * scale
    shear = numpy.array([[1, rng.normal(0, 0.05)], [0, 1]])
    flip = numpy.diag([rng.choice([-1, 1]), 1])
    return rotation @ shear @ numpy.diag(stretch) @ flip


def centre(slice_, rng):
    """Row and column to look at: two thirds near the spine, the rest anywhere in the body."""
    spine = numpy.argwhere(slice_.mask == 1)
    if len(spine) and rng.random() < 0.67:
        return spine[rng.integers(len(spine))] + rng.normal(0, 45, 2)
    body = numpy.argwhere(slice_.hu[::4, ::4] > (150 if rng.random() < 0.5 else -300)) * 4
    if len(body) and rng.random() < 0.95:
        return body[rng.integers(len(body))] + rng.normal(0, 20, 2)
    return rng.uniform(0, slice_.hu.shape)


def warp_hu(hu, matrix, size, rng):
    shrink = math.sqrt(abs(numpy.linalg.det(matrix[:, :2])))
    hu = hu.astype(numpy.float32)
    if shrink < 0.8 and rng.random() < 0.8:
        hu = cv2.GaussianBlur(hu, (0, 0), 0.42 / shrink)
    how = rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_CUBIC])
    return cv2.warpAffine(hu, matrix, (size, size), flags=int(how), borderValue=PADDING_HU)


def warp_mask(mask, matrix, size):
    spine = cv2.warpAffine((mask == 1).astype(numpy.float32), matrix, (size, size), flags=cv2.INTER_LINEAR)
    out = (spine >= 0.5).astype(numpy.uint8)
    if (mask == IGNORE).any():
        ignored = cv2.warpAffine((mask == IGNORE).astype(numpy.uint8), matrix, (size, size), flags=cv2.INTER_NEAREST)
        out[ignored > 0] = IGNORE
    return out


def field_of_view(hu, mask, rng):
    """Sometimes black outside a circle or beyond an edge, as in a small reconstructed field; the mask goes with it."""
    if rng.random() > 0.15:
        return hu
    size = len(hu)
    y, x = numpy.ogrid[:size, :size]
    if rng.random() < 0.5:
        middle, radius = rng.uniform(0.3 * size, 0.7 * size, 2), rng.uniform(0.35, 0.6) * size
        outside = (y - middle[0]) ** 2 + (x - middle[1]) ** 2 > radius**2
    else:
        direction = rng.uniform(0, 2 * math.pi)
        outside = (x - size / 2) * math.cos(direction) + (y - size / 2) * math.sin(direction) > rng.uniform(
            0, 0.45
        ) * size
    mask[outside & (mask == 1)] = 0
    return numpy.where(outside, numpy.float32(PADDING_HU), hu)


def disturbed(hu, mask, rng):
    """Bone density, fluid, contrast medium, calibration, kernel, noise and size."""
    if rng.random() < 0.5:
        dense = rng.uniform(0.55, 1.5)
        hu = numpy.where(hu > 90, 90 + (hu - 90) * dense, hu)
    if rng.random() < 0.2:
        hu = porous(hu, mask, rng)
    if rng.random() < 0.15:
        hu = fluid(hu, mask, rng)
    if rng.random() < 0.2:
        hu = contrast(hu, mask, rng)
    hu = hu * rng.normal(1, 0.03) + rng.normal(0, 12)
    kernel = rng.random()
    if kernel < 0.2:
        hu = cv2.GaussianBlur(hu, (0, 0), rng.uniform(0.4, 1.2))
    elif kernel < 0.45:
        hu = hu + rng.uniform(0.2, 1.6) * (hu - cv2.GaussianBlur(hu, (0, 0), rng.uniform(0.7, 1.5)))
    if rng.random() < 0.5:
        hu = hu + noise(hu.shape, rng)
    if rng.random() < 0.12:
        hu = enlarge(halve(hu), 2)
    return hu.astype(numpy.float32)


def porous(hu, mask, rng):
    """Marrow of the spine towards the density of soft tissue, its cortex as it was, as in osteoporosis."""
    marrow = (mask == 1) / (1 + numpy.exp(numpy.clip((hu - 280) / 40, -20, 20)))
    return hu + (30 - hu) * cv2.GaussianBlur(marrow.astype(numpy.float32), (0, 0), 0.7) * rng.uniform(0.2, 0.9)


def fluid(hu, mask, rng):
    """Loops of bowel or pockets with water inside a wall, a part of them with air over it; none in bone."""
    places = soft_tissue(hu, mask, -200)
    if not len(places):
        return hu
    may_change = ((mask == 0) & (hu < 150)).astype(numpy.float32)
    grain = hu - cv2.GaussianBlur(hu, (0, 0), 2)
    grain = numpy.clip(grain, -60, 60)
    across, down = numpy.meshgrid(numpy.arange(hu.shape[1]), numpy.arange(hu.shape[0]))
    for _ in range(rng.integers(1, 4)):
        row, column = places[rng.integers(len(places))]
        wall = rng.uniform(1, 4)
        axes = rng.uniform(8, 50, 2)
        turn = rng.uniform(0, 180)
        outside, inside = (ellipse(hu.shape, (column, row), axes + more, turn) for more in (wall, 0))
        content = numpy.float32(rng.uniform(-10, 45)) + grain
        if rng.random() < 0.3:
            direction, depth = rng.uniform(0, 2 * math.pi), rng.uniform(-0.7, 0.7) * axes.min()
            height = (across - column) * math.cos(direction) + (down - row) * math.sin(direction)
            content = numpy.where(height > depth, -950, content)
        for shape, filling in ((outside, rng.uniform(20, 80) + grain), (inside, content)):
            hu = hu + shape * may_change * (filling - hu)
    return hu


def soft_tissue(hu, mask, above):
    """Rows and columns, every fourth, of what is denser than `above` HU, no bone and no spine."""
    thin = hu[::4, ::4]
    return numpy.argwhere((thin > above) & (thin < 120) & (mask[::4, ::4] == 0)) * 4


def ellipse(shape, middle, axes, turn):
    """1 inside, 0 outside, with a soft edge."""
    filled = numpy.zeros(shape, numpy.float32)
    column, row = map(int, middle)
    cv2.ellipse(filled, (column, row), (round(axes[0]), round(axes[1])), turn, 0, 360, 1.0, -1)
    return cv2.GaussianBlur(filled, (0, 0), 0.8)


def noise(shape, rng):
    """White, or smoothed along one axis or both, as reconstruction leaves it; up to 60 HU."""
    grain = rng.standard_normal(shape, dtype=numpy.float32)
    sigma = math.exp(rng.uniform(math.log(4), math.log(60)))
    if rng.random() < 0.6:
        grain = cv2.GaussianBlur(grain, (0, 0), sigmaX=rng.uniform(0.4, 1.5), sigmaY=rng.uniform(0.4, 1.5))
        grain /= grain.std() + 1e-6
    return grain * numpy.float32(sigma)


def contrast(hu, mask, rng):
    """A bright vessel in soft tissue, as after contrast medium."""
    soft = soft_tissue(hu, mask, -20)
    if not len(soft):
        return hu
    lumen = numpy.zeros(hu.shape, numpy.float32)
    for _ in range(rng.integers(1, 4)):
        row, column = soft[rng.integers(len(soft))]
        axes = (int(rng.integers(4, 22)), int(rng.integers(4, 22)))
        cv2.ellipse(lumen, (int(column), int(row)), axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
    lumen[(mask != 0) | (hu < -30) | (hu > 130)] = 0
    return hu + cv2.GaussianBlur(lumen, (0, 0), 0.8) * rng.uniform(80, 380)


def seen(hu, rng):
    """Through the model's own window, or as a picture in a display window or the full range, some as JPEG."""
    kind = rng.random()
    if kind < 0.47:
        return window(hu)
    if kind < 0.69:
        unit = window(hu, rng.uniform(200, 600), rng.uniform(900, 2600))
    elif kind < 0.94:
        unit = window(hu, rng.uniform(20, 90), rng.uniform(280, 600))
    else:
        unit = window(hu, 1024, 4096)
    picture = eight_bit(unit)
    if rng.random() < 0.5:
        picture = jpeg(picture, int(rng.integers(60, 97)))
    return picture.astype(numpy.float32) / 255
