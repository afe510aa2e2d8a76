"""Masks of volumes that other programs wrote have the shape, the affine and the order of axes of their sources."""

import itertools
import json
import subprocess

import nibabel
import nrrd
import numpy as np
import pytest
import SimpleITK
from nibabel.orientations import axcodes2ornt, inv_ornt_aff, ornt_transform

from conftest import ROOT

SHAPE = (9, 7, 11)
# Along each axis of the file: one of each pair, in any order. 48 ways to store a volume.
ORIENTATIONS = [
    "".join(codes)
    for order in itertools.permutations(["LR", "AP", "IS"])
    for codes in itertools.product(*order)
]
OBLIQUE = np.array([[0.36, 0.48, -0.8, -10.5], [-0.8, 0.6, 0, 200.25], [0.48, 0.64, 0.6, -30], [0, 0, 0, 1]])


def voxels(shape=SHAPE):
    return np.random.default_rng(1).integers(-1000, 1200, shape).astype(np.int16)


def spine(volume):
    return (volume > 100).astype(np.uint8)


def affine(codes):
    """From voxels of SHAPE stored along `codes` to the patient."""
    to_ras = ornt_transform(axcodes2ornt("RAS"), axcodes2ornt(codes))
    wanted = np.diag([0.8, 0.9, 2.5, 1])
    wanted[:3, 3] = [-10.5, 200.25, -30]
    result = wanted @ inv_ornt_aff(to_ras, np.array(SHAPE)[np.argsort(to_ras[:, 0])])
    assert "".join(nibabel.aff2axcodes(result)) == codes
    return result


def nifti(path, matrix, sform=1, qform=0, volume=None, kind=nibabel.Nifti1Image):
    image = kind(voxels() if volume is None else volume, matrix)
    image.set_sform(matrix, sform)
    image.set_qform(matrix, qform)
    nibabel.save(image, path)


def write_nrrd(path, **header):
    nrrd.write(str(path), voxels(), header)


def write_itk(path):
    image = SimpleITK.GetImageFromArray(voxels().T)
    image.SetSpacing((0.8, 0.9, 2.5))
    image.SetOrigin((-10.5, 200.25, -30))
    # Columns: to the head, to the right, to the back.
    image.SetDirection((0, -1, 0, 0, 0, 1, 1, 0, 0))
    SimpleITK.WriteImage(image, str(path))


NIFTI = {f"{codes}.nii": lambda path, codes=codes: nifti(path, affine(codes)) for codes in ORIENTATIONS}
NIFTI |= {
    "oblique.nii.gz": lambda path: nifti(path, OBLIQUE @ np.diag([0.8, 0.9, 2.5, 1])),
    "oblique-sagittal.nii.gz": lambda path: nifti(path, OBLIQUE[:, [2, 0, 1, 3]] @ np.diag([2.5, 0.8, -0.9, 1])),
    "qform.nii": lambda path: nifti(path, affine("PSL"), sform=0, qform=1),
    "no-place.nii": lambda path: nifti(path, np.diag([-0.8, 0.9, 2.5, 1]), sform=0),
    "nifti-2.nii": lambda path: nifti(path, affine("AIR"), kind=nibabel.Nifti2Image),
    "one-volume-of-4-axes.nii": lambda path: nifti(path, affine("LPS"), volume=voxels()[..., None]),
}
ALL = NIFTI | {
    "slicer.nrrd": lambda path: write_nrrd(
        path,
        space="right-anterior-superior",
        **{
            "space directions": affine("SLP")[:3, :3].T,
            "space origin": affine("SLP")[:3, 3],
        },
    ),
    "spacings.nrrd": lambda path: write_nrrd(path, spacings=[0.8, 0.9, 2.5]),
    "itk.mha": write_itk,
    "c.npy": lambda path: np.save(path, voxels()),
    "fortran.npy": lambda path: np.save(path, np.asfortranarray(voxels())),
    "channel.npy": lambda path: np.save(path, voxels()[..., None]),
    "picture.npy": lambda path: np.save(path, voxels()[0]),
}


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Folders of masks by the names of their sources, which lie beside them."""
    folder = tmp_path_factory.mktemp("sources")
    for name, write in ALL.items():
        write(folder / name)
    command = ["cargo", "run", "--locked", "--quiet", "--package=rachis-ct", "--example=write_source_exports", "--"]
    subprocess.run(command + [folder / name for name in ALL], cwd=ROOT, check=True)
    return {name: folder / f"{name}.masks" for name in ALL}


@pytest.mark.parametrize("name", NIFTI)
def test_nifti_of_a_nifti_volume_differs_from_it_in_nothing_but_the_voxels(sources, name):
    masks = nibabel.load(sources[name] / "spine.nii.gz")
    source = nibabel.load(sources[name].parent / name)
    assert masks.shape == source.shape
    np.testing.assert_array_equal(np.asarray(masks.dataobj), spine(np.asarray(source.dataobj)))
    np.testing.assert_allclose(masks.affine, source.affine, rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(masks.header.get_zooms()[:3], source.header.get_zooms()[:3], rtol=1e-6)
    assert (masks.header["sform_code"] > 0) == (name != "no-place.nii")


# ITK does not read NIfTI-2.
@pytest.mark.parametrize("name", [name for name in [*NIFTI, "slicer.nrrd", "itk.mha"] if name != "nifti-2.nii"])
def test_itk_finds_every_mask_at_the_place_of_its_source(sources, name):
    source = SimpleITK.ReadImage(str(sources[name].parent / name))
    files = ["spine.nii.gz"] if name == "no-place.nii" else ["spine.nii.gz", "spine.seg.nrrd"]
    for file in files:
        masks = SimpleITK.ReadImage(str(sources[name] / file))
        wanted = spine(SimpleITK.GetArrayFromImage(source)).reshape(SimpleITK.GetArrayFromImage(masks).shape)
        np.testing.assert_array_equal(SimpleITK.GetArrayFromImage(masks), wanted)
        corner = [count - 1 for count in source.GetSize()]
        for voxel in ([0] * len(corner), corner):
            found = masks.TransformIndexToPhysicalPoint(voxel[: masks.GetDimension()])
            np.testing.assert_allclose(found, source.TransformIndexToPhysicalPoint(voxel)[:3], atol=1e-3)


@pytest.mark.parametrize("name", ["slicer.nrrd", "spacings.nrrd"])
def test_nrrd_of_an_nrrd_volume_has_its_voxels_and_directions(sources, name):
    masks, header = nrrd.read(str(sources[name] / "spine.seg.nrrd"))
    source, source_header = nrrd.read(str(sources[name].parent / name))
    np.testing.assert_array_equal(masks, spine(source))
    if name == "spacings.nrrd":
        assert "space" not in header
        np.testing.assert_allclose(header["spacings"], source_header["spacings"])
    else:
        signs = [-1, -1, 1]
        np.testing.assert_allclose(header["space directions"], source_header["space directions"] * signs, atol=1e-9)
        np.testing.assert_allclose(header["space origin"], source_header["space origin"] * signs, atol=1e-9)


@pytest.mark.parametrize("name", ALL)
def test_the_array_is_that_of_the_source(sources, name):
    path = sources[name].parent / name
    if name in NIFTI:
        source = np.asarray(nibabel.load(path).dataobj)
    elif name.endswith(".npy"):
        source = np.load(path)
    elif name.endswith(".nrrd"):
        source = nrrd.read(str(path))[0]
    else:
        source = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(path))).T
    masks = np.load(sources[name] / "masks.npy")
    assert masks.dtype == np.uint8
    np.testing.assert_array_equal(masks, spine(source))


@pytest.mark.parametrize("name", [name for name in ALL if name.endswith(".npy")])
def test_a_volume_is_not_made_of_an_array_that_knows_no_millimetres(sources, name):
    refused = json.loads((sources[name] / "refused.json").read_text())
    assert set(refused) == {"spine.nii.gz", "spine.seg.nrrd"} and "NPY" in refused["spine.nii.gz"]
