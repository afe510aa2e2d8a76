"""Scores a Keras file on the test patients, in every way that a slice may come, and on pictures without spine."""

import json
from dataclasses import asdict

import numpy

from .negatives import negatives
from .pictures import outline
from .predictor import Predictor
from .scores import score, summary
from .sources import read_dicom, read_mask, tcga_index, upright
from .ways import ways
from .window import window


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
                    outline(
                        arguments.pictures / f"{one.dice:.3f}_{row['name']}.png",
                        window(upright(hu, header)),
                        found,
                        reference,
                    )
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
            outline(
                arguments.pictures / f"negative_{name.replace(' ', '_')}.png",
                window(hu),
                found,
                numpy.zeros_like(found),
            )
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
    clean = sum(pixels == 0 for pixels in report["false_pixels"].values())
    print(f"{clean} of {len(report['false_pixels'])} pictures without spine have no false pixel")
    for name, pixels in report["false_pixels"].items():
        if pixels:
            print(f"without spine: {name:40} {pixels} false pixels")
