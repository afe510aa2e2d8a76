"""Writes every slice that training may see to `WORK/train` and `WORK/validation`, one `.npz` each."""

import numpy

from . import chest, samples_patient, sources
from .pelvis import pelvis_and_lumbar
from .sources import DATA, MASKS, Labelled, read_dicom, read_mask


def prepare(work, data=DATA, with_samples_patient=True):
    """Reads `data`, writes `work`; says how many slices of how many patients each part holds.

    Without the patient of the page's samples the model is worse by more than 0.01 Dice (README.md); the sample slices
    themselves stay out.
    """
    wrong = sources.check(data)
    if wrong:
        raise SystemExit(f"absent or changed, see training/README.md for the sources: {', '.join(wrong)}")
    parts = {
        "train": [*sources.tcga("train", data), *pelvis_and_lumbar(data), *drawn(data), *chest.reformats(data)],
        "validation": [*sources.tcga("validation", data)],
    }
    if with_samples_patient:
        parts["train"] += samples_patient.slices(data)
    for part, slices in parts.items():
        folder = work / part
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.npz"):
            old.unlink()
        for slice_ in slices:
            numpy.savez_compressed(folder / f"{slice_.name}.npz", **vars(slice_))
        print(f"{part}: {len(slices)} slices of {len({slice_.patient for slice_ in slices})} patients")


def drawn(data=DATA):
    """Slices of volumes without labels, with the masks of `training/masks/FOLDER/NAME.png`."""
    folders = {
        "lidc-idri-0314": ("LIDC-IDRI-0314", data / "lidc-idri-0314"),
        "totalsegmentator-jpeg2000": (
            "totalsegmentator-jpeg2000",
            data / "totalsegmentator-example" / "dicom-jpeg2000",
        ),
    }
    for folder, (patient, images) in folders.items():
        for mask_file in sorted((MASKS / folder).glob("*.png")):
            image = next(
                (file for file in (images / f"{mask_file.stem}.dcm", images / mask_file.stem) if file.is_file()), None
            )
            if image is None:
                raise SystemExit(f"{mask_file.name} has no slice in {images}")
            hu, spacing, _ = read_dicom(image)
            yield Labelled(f"{folder}_{mask_file.stem}", patient, hu, read_mask(mask_file), spacing)


def load(folder):
    """The slices that `prepare` wrote to one folder, in the order of their names."""
    slices = []
    for file in sorted(folder.glob("*.npz")):
        with numpy.load(file) as stored:
            slices.append(
                Labelled(
                    str(stored["name"]), str(stored["patient"]), stored["hu"], stored["mask"], float(stored["spacing"])
                )
            )
    return slices
