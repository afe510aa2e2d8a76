"""DICOM SEG and RTSTRUCT, opened by pydicom and highdicom, and held to the standard by dciodvfy."""

import shutil
import subprocess

import highdicom
import numpy as np
import pydicom
import pytest
from matplotlib.path import Path

from cases import NOTICE, REAL, SERIES

ALL = [*SERIES, "uneven", *REAL]


def with_spine(case):
    return [index for index, mask in enumerate(case.masks) if mask.any()]


@pytest.mark.skipif(not shutil.which("dciodvfy"), reason="dciodvfy is not installed (Debian: dicom3tools)")
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("file", ["spine.seg.dcm", "spine.rt.dcm"])
def test_dciodvfy_finds_no_error(written, name, file):
    path = written[name].folder / file
    checked = subprocess.run(["dciodvfy", path], capture_output=True, text=True)
    errors = [line for line in checked.stderr.splitlines() if line.startswith("Error")]
    assert checked.returncode == 0 and not errors, "\n".join(errors)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("file", ["spine.seg.dcm", "spine.rt.dcm"])
def test_the_patient_is_named_only_if_asked_for(written, name, file):
    case = written[name]
    path = case.folder / file
    dataset = pydicom.dcmread(path)
    patient = case.identities[0]["patient"]
    keywords = {"PatientName": "name", "PatientID": "id", "PatientBirthDate": "birth_date", "PatientSex": "sex"}
    for keyword, key in keywords.items():
        assert str(dataset[keyword].value or "") == (patient[key] if case.names_patient else "")
    if not case.names_patient:
        assert patient["name"].encode() not in path.read_bytes()
    assert dataset.StudyInstanceUID == case.identities[0]["study_uid"]
    assert dataset.FrameOfReferenceUID == case.identities[0]["frame_of_reference_uid"]
    assert dataset.SeriesInstanceUID.startswith("2.25.") and dataset.SOPInstanceUID.startswith("2.25.")
    assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID
    assert len({dataset.SeriesInstanceUID, dataset.SOPInstanceUID}) == 2
    assert NOTICE in dataset.get("ContentDescription", dataset.get("StructureSetDescription"))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("file", ["spine.seg.dcm", "spine.rt.dcm"])
def test_pydicom_reads_every_value_strictly(written, name, file):
    dataset = pydicom.dcmread(written[name].folder / file)
    with pydicom.config.strict_reading():
        assert sum(1 for _ in dataset.iterall()) > 50


@pytest.mark.parametrize("name", ALL)
def test_highdicom_reads_the_masks_of_the_source_images(written, name):
    case = written[name]
    segmentation = highdicom.seg.segread(case.folder / "spine.seg.dcm")
    assert segmentation.number_of_segments == 1
    description = segmentation.get_segment_description(1)
    assert description.segmented_property_category == pydicom.sr.codedict.codes.cid7150.AnatomicalStructure
    assert description.segmented_property_type == pydicom.sr.codedict.codes.cid7151.Spine
    assert description.algorithm_type.value == "AUTOMATIC"
    assert description.algorithm_identification.name == "Example"
    indices = with_spine(case)
    uids = [case.identities[index]["sop_instance_uid"] for index in indices]
    if name == "series-enhanced":
        frames = [case.identities[index]["frame"] for index in indices]
        pixels = segmentation.get_pixels_by_source_frame(uids[0], frames)
    else:
        pixels = segmentation.get_pixels_by_source_instance(uids)
    np.testing.assert_array_equal(pixels[..., 0], np.stack([case.masks[index] for index in indices]))


@pytest.mark.parametrize("name", ALL)
def test_each_frame_lies_where_its_source_does(written, name):
    case = written[name]
    dataset = pydicom.dcmread(case.folder / "spine.seg.dcm")
    indices = with_spine(case)
    np.testing.assert_array_equal(dataset.pixel_array.reshape(-1, *case.masks[0].shape), [case.masks[i] for i in indices])
    shared = dataset.SharedFunctionalGroupsSequence[0]
    _, right, down = case.placements[0]
    np.testing.assert_allclose(shared.PlaneOrientationSequence[0].ImageOrientationPatient, [*right, *down], atol=1e-9)
    np.testing.assert_allclose(shared.PixelMeasuresSequence[0].PixelSpacing, case.spacing, rtol=1e-6)
    assert shared.PixelMeasuresSequence[0].SliceThickness == case.thickness
    for index, frame in zip(indices, dataset.PerFrameFunctionalGroupsSequence, strict=True):
        position = frame.PlanePositionSequence[0].ImagePositionPatient
        np.testing.assert_allclose(position, case.placements[index][0], atol=1e-4)
        source = frame.DerivationImageSequence[0].SourceImageSequence[0]
        assert source.ReferencedSOPInstanceUID == case.identities[index]["sop_instance_uid"]
        is_multi_frame = name == "series-enhanced"
        assert source.get("ReferencedFrameNumber") == (case.identities[index]["frame"] if is_multi_frame else None)


@pytest.mark.parametrize("name", ALL)
def test_filled_contours_are_the_mask(written, name):
    """By the even-odd rule at the pixels' centres, with matplotlib; once by uniting contours, once by exclusive or."""
    case = written[name]
    dataset = pydicom.dcmread(case.folder / "spine.rt.dcm")
    assert [roi.ROIName for roi in dataset.StructureSetROISequence] == ["Spine"]
    assert dataset.ApprovalStatus == "UNAPPROVED"
    assert dataset.RTROIObservationsSequence[0].RTROIInterpretedType == "ORGAN"
    contours = {}
    for contour in dataset.ROIContourSequence[0].ContourSequence:
        image = contour.ContourImageSequence[0]
        assert contour.ContourGeometricType == "CLOSED_PLANAR"
        points = np.array(contour.ContourData, float).reshape(-1, 3)
        assert len(points) == contour.NumberOfContourPoints
        key = image.ReferencedSOPInstanceUID, image.get("ReferencedFrameNumber", 1)
        contours.setdefault(key, []).append(points)
    for mask, (origin, right, down), source in zip(case.masks, case.placements, case.identities):
        drawn = contours.get((source["sop_instance_uid"], source["frame"]), [])
        united, exclusive = np.zeros_like(mask), np.zeros_like(mask)
        for points in drawn:
            offsets = points - origin
            assert np.abs(offsets @ np.cross(right, down)).max() < 1e-3, "a contour leaves its slice"
            corners = np.column_stack([offsets @ right / case.spacing[1], offsets @ down / case.spacing[0]])
            filled = fill(corners, mask.shape)
            united |= filled
            exclusive ^= filled
        np.testing.assert_array_equal(united, mask)
        np.testing.assert_array_equal(exclusive, mask)


def fill(corners, shape):
    rows, columns = np.indices(shape)
    centres = np.column_stack([columns.ravel(), rows.ravel()])
    closed = np.vstack([corners, corners[:1]])
    return Path(closed).contains_points(centres).reshape(shape).astype(np.uint8)


def test_slices_that_are_not_dicom_are_refused_in_words(written):
    refused = written["no-place"].refused()
    for file in ["spine.seg.dcm", "spine.rt.dcm"]:
        assert "not DICOM" in refused[file] and "NIfTI" in refused[file]
