"""Pseudo-labels: what a model finds in the slices of LIDC-IDRI-0314 that have no mask, for a person to look at.

Nothing here reaches training by itself: `prepare` reads `training/masks` only, and it is for whoever looked at a
proposal's picture to put its mask there.
"""

import numpy
from PIL import Image

from .pictures import outline
from .predictor import Predictor
from .sources import DATA, MASKS, read_dicom
from .window import window

FOLDER = "lidc-idri-0314"
SURE = 0.8
"""Spine above this probability, background below 1 - SURE, ignored between."""


def propose(model, preprocessing, folder, data=DATA):
    """Writes NAME.png (0, 255, and 128 where the model is unsure) and NAME_look.png into `folder`."""
    predictor = Predictor(model, preprocessing, flips=True)
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted((data / FOLDER).glob("*.dcm")):
        if (MASKS / FOLDER / f"{file.stem}.png").is_file():
            continue
        hu, spacing, _ = read_dicom(file)
        probability = predictor.probability(predictor.unit(hu), spacing)
        mask = numpy.full(hu.shape, 128, numpy.uint8)
        mask[probability > SURE] = 255
        mask[probability < 1 - SURE] = 0
        Image.fromarray(mask).save(folder / f"{file.stem}.png", optimize=True)
        outline(folder / f"{file.stem}_look.png", window(hu), mask == 255, mask == 128)
