"""NIfTI and NRRD, opened by nibabel, pynrrd and SimpleITK."""

import nibabel
import nrrd
import numpy as np
import pytest
import SimpleITK

from cases import NOTICE, REAL, SERIES, VOLUMES

ALL = [*SERIES, *VOLUMES, *REAL]


@pytest.mark.parametrize("name", ALL)
def test_nifti_has_the_voxels_and_the_affine_of_its_source(written, name):
    case = written[name]
    image = nibabel.load(case.folder / "spine.nii.gz")
    header = image.header
    assert image.get_data_dtype() == np.uint8 and header.get_xyzt_units() == ("mm", "unknown")
    assert header["descrip"].item().decode() == NOTICE and header.get_intent()[0] == "label"
    assert (image.dataobj.slope, image.dataobj.inter) == (1, 0)
    np.testing.assert_array_equal(np.asarray(image.dataobj), case.volume)
    # The header has 32-bit numbers.
    np.testing.assert_allclose(image.affine, case.affine, rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(image.get_sform(), case.affine, rtol=1e-6, atol=1e-5)
    np.testing.assert_allclose(header.get_zooms(), np.linalg.norm(case.affine[:3, :3], axis=0), rtol=1e-6)
    assert header["sform_code"] == 1
    if name == "volume-sheared":
        assert header["qform_code"] == 0
    else:
        assert header["qform_code"] == 1
        np.testing.assert_allclose(image.get_qform(), case.affine, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("name", ALL)
def test_nrrd_has_the_voxels_and_the_directions_of_its_source(written, name):
    case = written[name]
    voxels, header = nrrd.read(str(case.folder / "spine.seg.nrrd"))
    np.testing.assert_array_equal(voxels, case.volume)
    lps = np.diag([-1, -1, 1, 1]) @ case.affine
    assert header["space"] == "left-posterior-superior"
    np.testing.assert_allclose(header["space directions"].T, lps[:3, :3], atol=1e-6)
    np.testing.assert_allclose(header["space origin"], lps[:3, 3], atol=1e-6)
    assert header["Segment0_Name"] == "Spine" and header["Segment0_LabelValue"] == "1"
    assert header["Segment0_Extent"] == " ".join(f"0 {count - 1}" for count in case.volume.shape)
    assert f"# {NOTICE}\n".encode() in (case.folder / "spine.seg.nrrd").read_bytes()


@pytest.mark.parametrize("name", [name for name in ALL if name != "volume-sheared"])
@pytest.mark.parametrize("file", ["spine.nii.gz", "spine.seg.nrrd"])
def test_itk_places_both_volumes_alike(written, name, file):
    case = written[name]
    image = SimpleITK.ReadImage(str(case.folder / file))
    np.testing.assert_array_equal(SimpleITK.GetArrayFromImage(image), case.volume.T)
    for voxel in [(0, 0, 0), tuple(count - 1 for count in case.volume.shape)]:
        wanted = np.diag([-1, -1, 1, 1]) @ case.affine @ [*voxel, 1]
        np.testing.assert_allclose(image.TransformIndexToPhysicalPoint(voxel), wanted[:3], atol=1e-3)


@pytest.mark.parametrize("name", ["uneven", "no-place", "no-place-transposed"])
def test_slices_that_make_no_volume_are_refused_in_words(written, name):
    refused = written[name].refused()
    cause = "unevenly spaced" if name == "uneven" else "where they lie in the patient"
    for file in ["spine.nii.gz", "spine.seg.nrrd"]:
        assert cause in refused[file] and "PNG" in refused[file]
