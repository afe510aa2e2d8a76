"""Where the training and test slices come from, who may see which, and how each file becomes HU."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy
import pydicom
from PIL import Image

HERE = Path(__file__).resolve().parent.parent
DATA = HERE.parent.parent / "shared" / "data"
MASKS = HERE / "masks"
CHECKSUMS = HERE / "checksums.sha256"

IGNORE = 255
"""Mask value of pixels that take no part in the loss: 0 is background, 1 spine."""

PADDING_HU = -1024

VALIDATION_PATIENTS = {
    "TCGA-17-Z034",
    "TCGA-17-Z053",
    "TCGA-50-5044",
    "TCGA-60-2724",
    "TCGA-92-8064",
}
"""Of the `train` patients, those that choose checkpoints and settings and never move a weight."""


@dataclass(frozen=True)
class Labelled:
    """A slice: `hu` (rows, columns) int16, `mask` of the same shape (0, 1 or `IGNORE`), pixel size in mm."""

    name: str
    patient: str
    hu: numpy.ndarray
    mask: numpy.ndarray
    spacing: float


def tcga_index(split, data=DATA):
    """The rows of `tcga-masks/index.csv` of one split: `train`, `validation` or `test`."""
    with open(data / "tcga-masks" / "index.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    if split == "test":
        return [row for row in rows if row["split"] == "test"]
    held_out = split == "validation"
    return [row for row in rows if row["split"] == "train" and (row["patient"] in VALIDATION_PATIENTS) == held_out]


def read_dicom(file):
    """HU (int16, padding at -1024 or above), pixel size in mm, and the header."""
    header = pydicom.dcmread(file)
    stored = header.pixel_array.astype(numpy.float32)
    hu = stored * float(header.RescaleSlope) + float(header.RescaleIntercept)
    if "PixelPaddingValue" in header:
        hu[stored == header.PixelPaddingValue] = PADDING_HU
    hu = numpy.clip(numpy.rint(hu), PADDING_HU, 32767).astype(numpy.int16)
    return hu, float(header.PixelSpacing[0]), header


def read_mask(file):
    """0 and 1 from an 8-bit picture; grey 128 is `IGNORE`."""
    grey = numpy.asarray(Image.open(file))
    mask = (grey > 192).astype(numpy.uint8)
    mask[(grey > 64) & (grey <= 192)] = IGNORE
    return mask


def tcga(split, data=DATA):
    """The labelled slices of one split of TCGA-LUAD and TCGA-LUSC, as stored (not turned upright)."""
    for row in tcga_index(split, data):
        hu, spacing, _ = read_dicom(data / "tcga" / f"{row['name']}.dcm")
        mask = read_mask(data / "tcga-masks" / f"{row['name']}.png")
        yield Labelled(row["name"], row["patient"], hu, mask, spacing)


def volume(file):
    """A NIfTI volume as [slice, row, column], from the feet, the patient's right on the left, front at the top."""
    image = nibabel.as_closest_canonical(nibabel.load(file))
    return numpy.asarray(image.dataobj).transpose(2, 1, 0)[:, ::-1, ::-1], image.header.get_zooms()


def upright(picture, header):
    """A slice turned by quarter turns and flips until the patient's left is on the right and the back below."""
    row, column = numpy.array(header.ImageOrientationPatient, float).reshape(2, 3)
    if abs(row[1]) > abs(row[0]):
        picture, row, column = picture.T, column, row
    if row[0] < 0:
        picture = picture[:, ::-1]
    if column[1] < 0:
        picture = picture[::-1]
    return picture


def sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def check(data=DATA):
    """Compares every file with `checksums.sha256` and names those that are absent or differ."""
    wrong = []
    for line in CHECKSUMS.read_text().splitlines():
        digest, name = line.split(maxsplit=1)
        file = data / name
        if not file.is_file() or sha256(file) != digest:
            wrong.append(name)
    return wrong
