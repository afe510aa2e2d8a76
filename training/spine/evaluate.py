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
        for group, unit, spacing, reference in ways(hu, spine, header, predictor.unit):
            found = predictor.mask(numpy.ascontiguousarray(unit), spacing)
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
    for name, hu, spacing in negatives(arguments.data):
        found = predictor.mask(predictor.unit(hu), spacing)
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
    """Prints the report as the model card has it, in Markdown."""
    print("| slices as | slices | Dice (95 % over patients) | sensitivity | precision | lowest |")
    print("|---|---|---|---|---|---|")
    for group, result in report["groups"].items():
        cells = [group, str(result["slices"])]
        for measure in ("dice", "sensitivity", "precision"):
            value = result[measure]
            cells.append(f"{value['mean']:.3f}" if value else "")
            if measure == "dice" and value["low"] is not None:
                cells[-1] += f" ({value['low']:.3f} to {value['high']:.3f})"
        print(f"| {' | '.join([*cells, result['lowest'][0].split()[-1]])} |")
    clean = sum(pixels == 0 for pixels in report["false_pixels"].values())
    print(f"\n{clean} of {len(report['false_pixels'])} pictures without spine have no false pixel; the others:")
    for name, pixels in report["false_pixels"].items():
        if pixels:
            print(f"- {name}: {pixels}")
