"""Endless batches of training crops, made by processes beside the training."""

import multiprocessing
import queue

import cv2
import numpy

from . import pelvis
from .augment import crop
from .prepare import load

GROUP_WEIGHTS = {
    "tcga": 0.36,
    "lidc": 0.25,
    "totalsegmentator-example": 0.12,
    "totalsegmentator-jpeg2000": 0.04,
    "sacrum": 0.11,
    "sagittal": 0.05,
    "coronal": 0.07,
}
"""How often a crop comes from each group of slices; absent ones leave theirs to the rest."""

CROPS = ((0.35, ((128, 8),)), (0.75, ((160, 5), (192, 4), (256, 2))), (1.0, ((320, 3),)))
"""Size and number of a batch's crops, until a part of the steps: cheap steps while everything is still rough."""

WAITING_BATCHES = 6


class Sampler:
    """Batches of the slices in `folder`, each with `times` as many crops as `CROPS` says.

    A network that is not new needs none that are `rough_at_first`.
    """

    def __init__(self, folder, seed, times=1, processes=1, rough_at_first=True):
        # Not forked: TensorFlow and JAX do not survive that.
        context = multiprocessing.get_context("spawn")
        self.fraction = context.Value("d", 0.0)
        """The part of the steps that is done."""
        self.queue = context.Queue(maxsize=WAITING_BATCHES + processes)
        crops = CROPS if rough_at_first else CROPS[-1:]
        tasks = [(self.queue, self.fraction, crops, times, folder, (seed, index)) for index in range(processes)]
        self.processes = [context.Process(target=fill, args=task, daemon=True) for task in tasks]
        for process in self.processes:
            process.start()

    def batch(self):
        """Images (n, size, size, 1) float32 in 0..1, and masks of the same shape, uint8 of 0, 1 or `IGNORE`."""
        while True:
            try:
                return self.queue.get(timeout=5)
            except queue.Empty:
                if not all(process.is_alive() for process in self.processes):
                    raise RuntimeError("a process that makes crops has ended") from None

    def close(self):
        for process in self.processes:
            process.terminate()
            process.join()


def fill(batches, fraction, crops, times, folder, seed):
    """Puts batches into a queue until it is ended."""
    cv2.setNumThreads(1)
    rng = numpy.random.default_rng(seed)
    groups = grouped(load(folder))
    while True:
        shapes = next(shapes for until, shapes in crops if fraction.value <= until)
        size, count = shapes[rng.integers(len(shapes))]
        batches.put(batch(groups, size, count * times, rng))


def batch(groups, size, count, rng):
    names = list(groups)
    weights = numpy.array([GROUP_WEIGHTS[name] for name in names])
    chosen = rng.choice(names, size=count, p=weights / weights.sum())
    pairs = [crop(groups[name][rng.integers(len(groups[name]))], size, rng) for name in chosen]
    images, masks = (numpy.stack(pictures)[..., None] for pictures in zip(*pairs))
    return images, masks


def grouped(slices):
    """Slices by group, without empty groups."""
    groups = {}
    for slice_ in slices:
        groups.setdefault(group(slice_), []).append(slice_)
    return groups


def group(slice_):
    """Of a slice's name: planes that are not axial and the sacrum apart, the others by where they come from."""
    for plane in ("sagittal", "coronal"):
        if plane in slice_.name:
            return plane
    source = slice_.patient.lower()
    if source == pelvis.PATIENT and int(slice_.name.split("_")[1]) in pelvis.SACRUM:
        return "sacrum"
    return next(name for name in GROUP_WEIGHTS if source.startswith(name))
