"""Trains for a number of steps, at most so many minutes at a time, going on from `WORK/checkpoint.npz`.

Checkpoints are judged on the validation patients, never on the test patients.
"""

import json
import math
import os
import queue
import threading
import time

import keras
import numpy
import tensorflow as tf

from . import network
from .augment import crop
from .prepare import load
from .sources import IGNORE
from .window import window

GROUP_WEIGHTS = {
    "TCGA": 0.41,
    "LIDC": 0.33,
    "totalsegmentator-example": 0.22,
    "totalsegmentator-jpeg2000": 0.04,
}
"""How often a crop comes from each source, by the beginning of the patient's name; absent ones leave theirs to the rest."""

PEAK_RATE = 1.5e-3
WARM_UP_STEPS = 200
DECAY_FROM = 0.55
"""The part of the steps after which the learning rate falls to nothing."""

CROPS = ((0.35, ((128, 8),)), (0.75, ((160, 5), (192, 4), (256, 2))), (1.0, ((256, 4), (320, 3))))
"""Size and number of a batch's crops, until a part of the steps: cheap steps while everything is still rough."""

COARSE_WEIGHT = 0.3
CHECKPOINT_SECONDS = 240


def rate(fraction, step):
    """The learning rate after a fraction of the steps: warm-up, constant, then a half cosine to zero."""
    warm = min(1, (step + 1) / WARM_UP_STEPS)
    late = min(1, max(0, (fraction - DECAY_FROM) / (1 - DECAY_FROM)))
    return PEAK_RATE * warm * (0.5 + 0.5 * math.cos(math.pi * late))


class Sampler:
    """Endless batches made by a thread beside the training."""

    def __init__(self, slices, seed):
        self.rng = numpy.random.default_rng(seed)
        groups = {name: [slice_ for slice_ in slices if slice_.patient.startswith(name)] for name in GROUP_WEIGHTS}
        self.groups = {name: group for name, group in groups.items() if group}
        weights = numpy.array([GROUP_WEIGHTS[name] for name in self.groups])
        self.weights = weights / weights.sum()
        self.fraction = 0.0
        self.queue = queue.Queue(maxsize=6)
        threading.Thread(target=self.fill, daemon=True).start()

    def fill(self):
        while True:
            self.queue.put(self.batch())

    def batch(self):
        shapes = next(shapes for until, shapes in CROPS if self.fraction <= until)
        size, count = shapes[self.rng.integers(len(shapes))]
        pairs = [crop(self.pick(), size, self.rng) for _ in range(count)]
        images = numpy.stack([image for image, _ in pairs])[..., None]
        masks = numpy.stack([mask for _, mask in pairs])[..., None]
        return images, masks

    def pick(self):
        group = self.groups[self.rng.choice(list(self.groups), p=self.weights)]
        return group[self.rng.integers(len(group))]


def loss(mask, predictions):
    """Cross-entropy and soft Dice over the pixels that are known, plus the coarser heads' cross-entropy."""
    known = tf.cast(mask != IGNORE, tf.float32)
    spine = tf.cast(mask == 1, tf.float32)
    fine, *coarse = predictions
    overlap = 2 * tf.reduce_sum(fine * spine * known) + 1
    sizes = tf.reduce_sum((fine + spine) * known) + 1
    total = cross_entropy(spine, fine, known) * 3 + 1 - overlap / sizes
    for prediction in coarse:
        spine = tf.nn.avg_pool2d(spine, 2, 2, "VALID")
        known = tf.nn.avg_pool2d(known, 2, 2, "VALID")
        total += COARSE_WEIGHT * cross_entropy(spine, prediction, known)
    return total


def cross_entropy(spine, prediction, known):
    p = tf.clip_by_value(prediction, 1e-6, 1 - 1e-6)
    each = -(spine * tf.math.log(p) + (1 - spine) * tf.math.log(1 - p))
    return tf.reduce_sum(each * known) / (tf.reduce_sum(known) + 1)


def train(work, steps, minutes, base=16, seed=1, initial=None):
    """Trains until `steps` have been done, over every start, or this start has taken `minutes`."""
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    model = network.unet(base, training=True)
    keras.mixed_precision.set_global_policy("float32")
    plain = network.unet(base)
    optimizer = keras.optimizers.AdamW(PEAK_RATE, weight_decay=1e-4, clipnorm=2.0)
    optimizer.build(model.trainable_variables)
    state = {"step": 0, "cpu_minutes": 0.0, "best": 0.0}
    checkpoint = work / "checkpoint.npz"
    if checkpoint.is_file():
        state = restore(checkpoint, model, optimizer)
    elif initial:
        restore(initial, model, None)
    sampler = Sampler(load(work / "train"), seed + state["step"])
    validation = load(work / "validation")

    @tf.function(reduce_retracing=True)
    def advance(images, masks):
        with tf.GradientTape() as tape:
            value = loss(masks, model(images, training=True))
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return value

    end = time.monotonic() + 60 * minutes
    saved, cpu, losses = time.monotonic(), time.process_time(), []
    while state["step"] < steps and time.monotonic() < end:
        sampler.fraction = state["step"] / steps
        optimizer.learning_rate.assign(rate(sampler.fraction, state["step"]))
        losses.append(float(advance(*map(tf.constant, sampler.queue.get()))))
        state["step"] += 1
        now = time.monotonic()
        if now - saved < CHECKPOINT_SECONDS and now < end and state["step"] < steps:
            continue
        cores = (time.process_time() - cpu) / (now - saved)
        network.copy_weights(model, plain)
        score = judge(plain, validation)
        better = score > state["best"]
        state["best"] = max(state["best"], score)
        state["cpu_minutes"] += (time.process_time() - cpu) / 60
        save(checkpoint, model, optimizer, state)
        if better:
            save(work / "best.npz", model, None, state)
        entry = {"loss": round(float(numpy.mean(losses)), 4), "validation": round(score, 4), "cores": round(cores, 2)}
        with open(work / "train.log", "a") as log:
            print(json.dumps({**state, **entry}), file=log)
        saved, cpu = time.monotonic(), time.process_time()
        losses.clear()


def judge(model, slices):
    """Mean Dice over the validation slices: each as HU, and turned or as a picture by its place in the list."""
    values = []
    for position, slice_ in enumerate(slices):
        images = [window(slice_.hu), window(slice_.hu, 40, 400)]
        masks = [slice_.mask, slice_.mask]
        turns = 1 + position % 3
        images.append(numpy.rot90(images[0], turns))
        masks.append(numpy.rot90(slice_.mask, turns))
        found = model.predict_on_batch(numpy.stack(images)[..., None])[..., 0] > 0.5
        values += [dice(one, mask == 1) for one, mask in zip(found, masks)]
    return float(numpy.mean(values))


def dice(found, mask):
    total = found.sum() + mask.sum()
    return 1.0 if total == 0 else float(2 * (found & mask).sum() / total)


def save(file, model, optimizer, state):
    """Weights by variable path and the optimizer's variables by position; written whole or not at all."""
    arrays = {f"model/{v.path}": numpy.asarray(v) for v in model.variables}
    if optimizer:
        arrays |= {f"optimizer/{i}": numpy.asarray(v) for i, v in enumerate(optimizer.variables)}
    with open(file.with_suffix(".part"), "wb") as out:
        numpy.savez(out, state=json.dumps(state), **arrays)
    os.replace(file.with_suffix(".part"), file)


def restore(file, model, optimizer):
    """The state of a checkpoint, put into the model and, where both have one, the optimizer."""
    with numpy.load(file) as stored:
        for variable in model.variables:
            variable.assign(stored[f"model/{variable.path}"])
        if optimizer and "optimizer/0" in stored:
            for i, variable in enumerate(optimizer.variables):
                variable.assign(stored[f"optimizer/{i}"])
        return json.loads(str(stored["state"]))
