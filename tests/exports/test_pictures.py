"""PNG, JPEG, NPY and the ZIP, opened by Pillow, NumPy and zipfile."""

import zipfile

import numpy as np
import pytest
from PIL import Image

from cases import LACKING, NOTICE, REAL, SERIES, VOLUMES

ALL = [*SERIES, *VOLUMES, *LACKING, *REAL]


@pytest.mark.parametrize("name", ALL)
def test_each_slice_has_its_mask_in_the_layout_of_its_file(written, name):
    case = written[name]
    for index, mask in enumerate(case.masks):
        with Image.open(case.folder / f"{index:03}.png") as png:
            assert png.mode == "L" and png.info["Disclaimer"] == NOTICE
            np.testing.assert_array_equal(np.asarray(png), mask * 255)
        with Image.open(case.folder / f"{index:03}.jpg") as jpeg:
            assert jpeg.mode == "L" and jpeg.info["comment"].decode() == NOTICE
            np.testing.assert_array_equal(np.asarray(jpeg) >= 128, mask == 1)


@pytest.mark.parametrize("name", ALL)
def test_the_array_holds_all_masks(written, name):
    case = written[name]
    array = np.load(case.folder / "masks.npy")
    assert array.dtype == np.uint8
    np.testing.assert_array_equal(array, np.stack(case.masks) if case.grid is None else case.volume)


def test_the_zip_holds_every_file_and_the_notice(written):
    folder = written["series-as-stored"].folder
    made_by_tests = {"case.json", "masks.bin", "refused.json", "exports.zip"}
    with zipfile.ZipFile(folder / "exports.zip") as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {file.name for file in folder.iterdir()} - made_by_tests
        for name in archive.namelist():
            assert archive.read(name) == (folder / name).read_bytes()
        assert NOTICE in archive.read("README.txt").decode()
