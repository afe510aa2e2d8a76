"""Scores a Keras file on the test patients, in every way that a slice may come, and on pictures without spine."""

import json
from dataclasses import asdict

import cv2
import keras
import numpy

from .negatives import negatives
from .pictures import outline
from .scores import score, summary
from .sources import read_dicom, read_mask, tcga_index, upright
from .window import eight_bit, jpeg, window

THRESHOLD = 0.5

BONE, SOFT_TISSUE = (350, 1600), (40, 400)
"""Display windows of the test pictures: centre and width, HU."""


class Predictor:
    """A Keras file with the preprocessing that it is converted with."""

    def __init__(self, file, preprocessing, flips=False):
        self.model = keras.models.load_model(file, compile=False)
        self.preprocessing = preprocessing
        self.flips = flips

    def unit(self, hu):
        """HU as `rachis` gives it to the network."""
        if self.preprocessing == "twelve-bit":
            return numpy.rint(window(hu, 1023.5, 4095) * 255) / 255
        center, width = self.preprocessing.removeprefix("window:").split("/")
        return window(hu, float(center), float(width))

    def mask(self, unit):
        """Boolean mask of a picture in 0..1, padded below and on the right to a multiple of 16."""
        rows, columns = unit.shape
        padded = numpy.pad(unit, ((0, -rows % 16), (0, -columns % 16)))
        probability = self.model.predict_on_batch(padded[None, ..., None])[0, :rows, :columns, 0]
        if self.flips:
            mirrored = self.model.predict_on_batch(padded[None, :, ::-1, None])[0, :, ::-1, 0]
            probability = (probability + mirrored[:rows, :columns]) / 2
        return probability > THRESHOLD


def ways(hu, spine, header, unit):
    """Every way that one slice is tried: group, input in 0..1, reference."""
    straight, reference = upright(hu, header), upright(spine, header)
    yield "upright", unit(straight), reference
    if straight is not hu or header.get("PatientPosition", "HFS")[2:] != "S":
        yield "prone or side, as stored", unit(hu), spine
    for group, turns in (("turned 90, lying on the side", 1), ("turned 180", 2), ("turned 270, lying on the side", 3)):
        yield group, numpy.rot90(unit(straight), turns), numpy.rot90(reference, turns)
    yield "prone, as mirrored top to bottom", unit(straight)[::-1], reference[::-1]
    yield "bone window 350/1600, 8-bit PNG", eight_bit(window(straight, *BONE)) / numpy.float32(255), reference
    soft = jpeg(eight_bit(window(straight, *SOFT_TISSUE)), 85)
    yield "soft-tissue window 40/400, JPEG 85", soft / numpy.float32(255), reference
    half = cv2.resize(straight.astype(numpy.float32), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    half_reference = cv2.resize(reference.astype(numpy.float32), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) > 0.5
    yield "halved in size", unit(half), half_reference


def evaluate(arguments):
    """Prints the table; writes JSON and pictures where asked."""
    predictor = Predictor(arguments.model, arguments.preprocessing, arguments.flips)
    groups, doubtful = {}, []
    for row in tcga_index("test", arguments.data):
        hu, _, header = read_dicom(arguments.data / "tcga" / f"{row['name']}.dcm")
        spine = read_mask(arguments.data / "tcga-masks" / f"{row['name']}.png") == 1
        for group, unit, reference in ways(hu, spine, header, predictor.unit):
            found = predictor.mask(numpy.ascontiguousarray(unit))
            one = score(row["name"], row["patient"], found, reference)
            if row["confidence"] == "low":
                doubtful.append(one)
                continue
            groups.setdefault(group, []).append(one)
            if group == "upright":
                groups.setdefault(f"upright, {row['region']}", []).append(one)
                if arguments.pictures:
                    outline(arguments.pictures / f"{one.dice:.3f}_{row['name']}.png", window(upright(hu, header)), found, reference)
    sides = [one for group, scores in groups.items() if "side" in group for one in scores]
    groups["prone or on the side, all of these"] = sides + groups["prone, as mirrored top to bottom"]
    report = {
        "model": arguments.model.name,
        "preprocessing": arguments.preprocessing,
        "flips": arguments.flips,
        "groups": {group: summary(scores) for group, scores in sorted(groups.items())},
        "low_confidence": [asdict(one) for one in doubtful],
        "false_pixels": {},
        "slices": [asdict(one) for one in groups["upright"]],
    }
    for name, hu in negatives(arguments.data):
        found = predictor.mask(predictor.unit(hu))
        report["false_pixels"][name] = int(found.sum())
        if arguments.pictures and found.any():
            outline(arguments.pictures / f"negative_{name.replace(' ', '_')}.png", window(hu), found, numpy.zeros_like(found))
    show(report)
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")


def show(report):
    print(f"{'':38} slices  Dice (95 % over patients)   sensitivity  precision  lowest")
    for group, result in report["groups"].items():
        dice, sensitivity, precision = (result[measure] for measure in ("dice", "sensitivity", "precision"))
        interval = f"({dice['low']:.3f} to {dice['high']:.3f})" if dice["low"] is not None else ""
        print(
            f"{group:38} {result['slices']:6}  {dice['mean']:.3f} {interval:20}  {sensitivity['mean'] if sensitivity else 0:11.3f}"
            f"  {precision['mean'] if precision else 0:9.3f}  {result['lowest'][0]}"
        )
    for name, pixels in report["false_pixels"].items():
        print(f"without spine: {name:40} {pixels} false pixels")
