"""No patient is on both sides, and nothing that trains or chooses opens a file of a test patient."""

from pathlib import Path

import pytest

from spine import prepare, samples_patient, sources
from spine.sources import DATA, tcga_index

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"no CT files in {DATA}")


def patients(split):
    return {row["patient"] for row in tcga_index(split)}


@needs_data
def test_no_patient_is_in_two_splits():
    train, validation, test = patients("train"), patients("validation"), patients("test")
    assert (len(train), len(validation), len(test)) == (19, 5, 12)
    assert not train & validation and not train & test and not validation & test


@needs_data
def test_the_test_set_is_the_25_slices_that_the_index_names():
    assert len(tcga_index("test")) == 25


@needs_data
def test_prepare_writes_and_opens_nothing_of_a_test_patient(tmp_path, monkeypatch):
    opened = set()

    def watched(read):
        def reading(file):
            opened.add(Path(file).stem)
            return read(file)

        return reading

    for library, name in ((sources.pydicom, "dcmread"), (sources.Image, "open"), (sources.nibabel, "load")):
        monkeypatch.setattr(library, name, watched(getattr(library, name)))
    prepare.prepare(tmp_path)

    test_names = {row["name"] for row in tcga_index("test")}
    assert {row["name"] for row in tcga_index("train")} < opened and not test_names & opened
    for part, kept in (("train", patients("train")), ("validation", patients("validation"))):
        slices = prepare.load(tmp_path / part)
        seen = {slice_.patient for slice_ in slices}
        assert not seen & patients("test")
        assert {patient for patient in seen if patient.startswith("TCGA")} == kept
        samples = {f"lidc-idri-0001_{index:03d}" for index in samples_patient.SAMPLES}
        assert not samples & {slice_.name for slice_ in slices}


def test_drawn_masks_are_of_patients_that_are_not_tested():
    folders = {folder.name for folder in sources.MASKS.iterdir() if folder.is_dir()}
    assert folders == {"lidc-idri-0314", "totalsegmentator-example", "totalsegmentator-jpeg2000"}
