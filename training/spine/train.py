"""Trains for a number of steps, at most so many minutes at a time, going on from `WORK/checkpoint.npz`.

Checkpoints are judged on the validation patients, never on the test patients.
"""

import json
import math
import os
import time

import keras
import numpy
from keras import ops
from safetensors.numpy import load_file

from . import network
from .prepare import load
from .sampler import Sampler
from .sources import IGNORE
from .window import window

WARM_UP_STEPS = 200
DECAY_FROM = 0.55
"""The part of the steps after which the learning rate falls to nothing."""

COARSE_WEIGHT = 0.3


def rate(fraction, step):
    """The part of the peak learning rate after a fraction of the steps: warm-up, constant, then a half cosine to zero."""
    warm = min(1, (step + 1) / WARM_UP_STEPS)
    late = min(1, max(0, (fraction - DECAY_FROM) / (1 - DECAY_FROM)))
    return warm * (0.5 + 0.5 * math.cos(math.pi * late))


def fine_loss(mask, prediction):
    """Cross-entropy and soft Dice over the pixels that are known."""
    known = ops.cast(mask != IGNORE, "float32")
    spine = ops.cast(mask == 1, "float32")
    overlap = 2 * ops.sum(prediction * spine * known) + 1
    sizes = ops.sum((prediction + spine) * known) + 1
    return 3 * cross_entropy(spine, prediction, known) + 1 - overlap / sizes


def coarse_loss(times):
    """Cross-entropy against the mask made so many times coarser, as the prediction is."""

    # TensorFlow does not tell the sizes once it has met crops of several.
    def loss(mask, prediction):
        spine = ops.average_pool(ops.cast(mask == 1, "float32"), times, times)
        known = ops.average_pool(ops.cast(mask != IGNORE, "float32"), times, times)
        return COARSE_WEIGHT * cross_entropy(spine, prediction, known)

    return loss


def cross_entropy(spine, prediction, known):
    p = ops.clip(prediction, 1e-6, 1 - 1e-6)
    each = -(spine * ops.log(p) + (1 - spine) * ops.log(1 - p))
    return ops.sum(each * known) / (ops.sum(known) + 1)


def train(
    work,
    steps,
    minutes,
    base=16,
    initial=None,
    peak_rate=1.5e-3,
    finish=False,
    times=1,
    processes=1,
    save_seconds=240,
    seed=1,
):
    """Trains until `steps` have been done, over every start, or this start has taken `minutes`.

    With `finish` the minutes alone count, and the learning rate comes to its end when they do. A step has `times` as many
    crops as on a CPU, made by so many `processes`.
    """
    steps = math.inf if finish else steps
    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    model = network.unet(base, training=True)
    keras.mixed_precision.set_global_policy("float32")
    plain = network.unet(base)
    optimizer = keras.optimizers.AdamW(peak_rate, weight_decay=1e-4, clipnorm=2.0)
    losses = [fine_loss] + [coarse_loss(2**level) for level in range(1, len(model.outputs))]
    # XLA makes a step of TensorFlow on a CPU three times as long.
    model.compile(optimizer, losses, jit_compile=keras.backend.backend() == "jax")
    optimizer.build(model.trainable_variables)
    state = {"step": 0, "cpu_minutes": 0.0, "best": 0.0}
    checkpoint = work / "checkpoint.npz"
    if checkpoint.is_file():
        state = restore(checkpoint, model, optimizer)
    elif initial:
        begin(initial, model)
    sampler = Sampler(work / "train", seed + state["step"], times, processes, rough_at_first=initial is None)
    validation = load(work / "validation")

    start = saved = time.monotonic()
    end, cpu = start + 60 * minutes, time.process_time()
    while state["step"] < steps and time.monotonic() < end:
        fraction = (time.monotonic() - start) / (end - start) if finish else state["step"] / steps
        sampler.fraction.value = fraction
        optimizer.learning_rate.assign(peak_rate * rate(fraction, state["step"]))
        images, masks = sampler.batch()
        # The mean since the last checkpoint.
        mean_loss = model.train_on_batch(images, [masks] * len(model.outputs))[0]
        state["step"] += 1
        now = time.monotonic()
        if now - saved < save_seconds and now < end and state["step"] < steps:
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
        entry = {"loss": round(float(mean_loss), 4), "validation": round(score, 4), "cores": round(cores, 2)}
        with open(work / "train.log", "a") as log:
            print(json.dumps({**state, **entry}), file=log)
        saved, cpu = time.monotonic(), time.process_time()
        model.reset_metrics()
    sampler.close()


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


def begin(file, model):
    """Weights of a checkpoint, or of a converted model, which has none for the coarser heads: those stay as they are."""
    if file.suffix != ".safetensors":
        restore(file, model, None)
        return
    stored = load_file(file)
    for variable in model.variables:
        if not variable.path.startswith(network.COARSE):
            scale = stored.get(f"{variable.path}.scale", numpy.float32(1))
            variable.assign(stored[variable.path].astype(numpy.float32) * scale)


def restore(file, model, optimizer):
    """The state of a checkpoint, put into the model and, where both have one, the optimizer."""
    with numpy.load(file) as stored:
        for variable in model.variables:
            variable.assign(stored[f"model/{variable.path}"])
        if optimizer and "optimizer/0" in stored:
            for i, variable in enumerate(optimizer.variables):
                variable.assign(stored[f"optimizer/{i}"])
        return json.loads(str(stored["state"]))
