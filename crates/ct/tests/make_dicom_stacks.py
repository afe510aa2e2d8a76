"""Writes tests/dicom_stacks/NAME/ and tests/dicom_segmentations/NAME/: DICOM files of one or many frames, with what
opening them must give in `expected.json`.

    pip install pydicom numpy imagecodecs highdicom
    apt-get install dcmtk
    PYTHONHASHSEED=0 python make_dicom_stacks.py

The pixels come from the arrays that were encoded, the layout from upright.py. Enhanced images are written with pydicom,
legacy converted ones and segmentations with highdicom, fragments and offset tables with pydicom and the DICOM toolkit.
"""

import io
import json
import pathlib
import shutil
import struct
import subprocess
import tempfile
import warnings

import highdicom
import imagecodecs
import numpy as np
import pydicom
from highdicom.sr.coding import CodedConcept
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, encapsulate_extended
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence
from pydicom.uid import (
    CTImageStorage,
    EnhancedCTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from upright import shown

warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).parent
STACKS, SEGMENTATIONS = HERE / "dicom_stacks", HERE / "dicom_segmentations"
ROWS, COLUMNS = 6, 9
SPACING = [0.5, 0.75]
SUPINE, PRONE = [1, 0, 0, 0, 1, 0], [-1, 0, 0, 0, -1, 0]
ON_THE_LEFT = [0, -1, 0, 1, 0, 0]
SAGITTAL, CORONAL = [0, 1, 0, 0, 0, -1], [1, 0, 0, 0, 0, -1]


def picture(which):
    """HU that no turn leaves as they are, different in each picture."""
    yy, xx = np.mgrid[:ROWS, :COLUMNS]
    return (-1000 + 40 * yy + 8 * xx + 300 * which).astype(np.int32)


def case(root, name, content, expected):
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "input.dcm").write_bytes(content)
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def dataset(sop_class, frames=None, orientation=SUPINE, **attributes):
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = sop_class, "1.2.3.4"
    ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.FrameOfReferenceUID = "1.2.3", "1.2.3.1", "1.2.3.9"
    ds.StudyID, ds.StudyDate, ds.StudyTime, ds.AccessionNumber = "1", "20200101", "120000", ""
    ds.ReferringPhysicianName, ds.Manufacturer = "", "None"
    ds.SeriesDate, ds.SeriesTime, ds.ContentDate, ds.ContentTime = ["20200101", "120000"] * 2
    ds.AcquisitionDate, ds.AcquisitionTime = "20200101", "120000"
    ds.PositionReferenceIndicator = ""
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.Modality = "CT"
    ds.SpecificCharacterSet = "ISO_IR 100"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = "Müller^Eva", "P-4711", "19500102", "F"
    ds.SeriesDescription, ds.SeriesNumber, ds.InstanceNumber = "WS 2.0 nativ", 4, 7
    ds.ConvolutionKernel = ["Br60", "2"]
    ds.Rows, ds.Columns = ROWS, COLUMNS
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = -1024, 1, "HU"
    ds.PatientPosition = "HFS"
    if frames is not None:
        ds.NumberOfFrames = frames
    else:
        ds.PixelSpacing, ds.SliceThickness = SPACING, 2
        ds.ImageOrientationPatient, ds.ImagePositionPatient = orientation, [-10, 20, 30.5]
    for key, value in attributes.items():
        if value is None:
            delattr(ds, key)
        else:
            setattr(ds, key, value)
    return ds


def meta(ds, syntax):
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    ds.file_meta.ImplementationClassUID = "1.2.3.4.5"


def to_bytes(ds):
    out = io.BytesIO()
    ds.preamble = b"\0" * 128
    dcmwrite(out, ds, enforce_file_format=True)
    return out.getvalue()


def settled(ds):
    """highdicom's object without what is new each time: times and made-up UIDs."""
    made_up = {}

    def settle(_, element):
        if element.VR == "UI" and str(element.value).startswith("1.2.826.0.1.3680043.10.511.3."):
            element.value = made_up.setdefault(element.value, f"1.2.3.7.{len(made_up) + 1}")
        elif element.keyword in ("InstanceCreationDate", "ContentDate"):
            element.value = "20200101"
        elif element.keyword in ("InstanceCreationTime", "ContentTime"):
            element.value = "120000"
        elif element.keyword == "ContributionDateTime":
            element.value = "20200101120000"

    ds.walk(settle)
    return ds


def native(ds, pictures, syntax=ExplicitVRLittleEndian):
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    ds.PixelData = b"".join((p + 1024).astype(order + "u2").tobytes() for p in pictures)
    ds["PixelData"].VR = "OW"
    meta(ds, syntax)
    return to_bytes(ds)


def encapsulated(ds, frames, syntax, table="basic", fragments=1):
    if table == "extended":
        ds.PixelData, ds.ExtendedOffsetTable, ds.ExtendedOffsetTableLengths = encapsulate_extended(frames)
    else:
        ds.PixelData = encapsulate(frames, fragments_per_frame=fragments, has_bot=table == "basic")
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    meta(ds, syntax)
    return to_bytes(ds)


def item(**attributes):
    ds = Dataset()
    for key, value in attributes.items():
        setattr(ds, key, value)
    return Sequence([ds])


def enhanced(orders, orientation=SUPINE, own_rescale=False, acquisition=None):
    """Enhanced CT whose frame i is picture(orders[i]) and lies at that number times 2.5 mm along the normal."""
    ds = dataset(EnhancedCTImageStorage, len(orders), ImageType=["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
                 RescaleIntercept=None, RescaleSlope=None, RescaleType=None, ConvolutionKernel=None)
    shared = Dataset()
    shared.PixelMeasuresSequence = item(PixelSpacing=SPACING, SliceThickness=2.5)
    shared.PlaneOrientationSequence = item(ImageOrientationPatient=orientation)
    shared.FrameVOILUTSequence = item(WindowCenter=300, WindowWidth=1500)
    shared.CTReconstructionSequence = item(ConvolutionKernel="Br60")
    if not own_rescale:
        shared.PixelValueTransformationSequence = item(RescaleIntercept=-1024, RescaleSlope=1, RescaleType="HU")
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    ds.PerFrameFunctionalGroupsSequence = Sequence()
    for index, number in enumerate(orders):
        own = Dataset()
        own.FrameContentSequence = item(FrameAcquisitionNumber=acquisition[index] if acquisition else 1)
        own.PlanePositionSequence = item(ImagePositionPatient=position(number, orientation))
        if own_rescale:
            own.PixelValueTransformationSequence = item(RescaleIntercept=-1024 + index, RescaleSlope=1)
        ds.PerFrameFunctionalGroupsSequence.append(own)
    return ds


def position(number, orientation):
    normal = np.cross(orientation[:3], orientation[3:])
    return [float(v) for v in np.array([-10, 20, 30]) + 2.5 * number * normal]


def slice_of(hu, origin=(-10, 20, 30.5), orientation=SUPINE, spacing=SPACING, thickness=2.0, frame=1, acquisition=None,
             window=None):
    pixels, layout = shown(hu, origin, orientation, spacing)
    return layout | {
        "rows": pixels.shape[0], "columns": pixels.shape[1], "pixels": pixels.ravel().tolist(), "frame": frame,
        "thickness": thickness, "acquisition": acquisition, "window": window,
    }


def opened(slices, description="WS 2.0 nativ, 2 mm, kernel Br60, series 4", **more):
    return {"slices": slices, "description": description, **more}


def stacks():
    single = lambda **k: dataset(CTImageStorage, **k)
    one = picture(0)
    for name, orientation in (
        ("supine", SUPINE), ("prone", PRONE), ("on-the-left", ON_THE_LEFT), ("sagittal", SAGITTAL),
        ("coronal", CORONAL), ("head-down", [1, 0, 0, 0, -1, 0]), ("oblique", [0.8, 0, 0.6, 0, -1, 0]),
    ):
        case(STACKS, f"single-{name}", native(single(orientation=orientation), [one]),
             opened([slice_of(one, orientation=orientation)]))
    none = dict(ImageOrientationPatient=None, ImagePositionPatient=None)
    case(STACKS, "single-patient-orientation", native(single(PatientOrientation=["R", "A"], **none), [one]),
         opened([slice_of(one, None, PRONE)]))
    case(STACKS, "single-without-a-place", native(single(PatientPosition="HFP", **none), [one]),
         opened([slice_of(one, None, None)]))
    case(STACKS, "single-without-a-position", native(single(orientation=PRONE, ImagePositionPatient=None), [one]),
         opened([slice_of(one, None, PRONE)]))
    case(STACKS, "single-without-spacing", native(single(orientation=PRONE, PixelSpacing=None), [one]),
         opened([slice_of(one, orientation=PRONE, spacing=None)]))
    case(STACKS, "single-burned-in", native(single(BurnedInAnnotation="YES"), [one]),
         opened([slice_of(one)], warning=True))
    case(STACKS, "single-patient-in-description",
         native(single(SeriesDescription="Eva MUELLER müller", SeriesNumber=4711), [one]),
         opened([slice_of(one)], "2 mm, kernel Br60, series 4711"))
    case(STACKS, "single-acquisition", native(single(AcquisitionNumber=3), [one]),
         opened([slice_of(one, acquisition=3)]))

    # Frames in no order come sorted from the feet to the head.
    order = [2, 0, 1]
    pictures = [picture(number) for number in order]
    described = dict(description="WS 2.0 nativ, 2.5 mm, kernel Br60, series 4")

    def wanted(orientation=SUPINE, offset=False):
        frames = sorted(range(3), key=lambda f: np.dot(position(order[f], orientation), axis(orientation)))
        return opened([
            slice_of(pictures[f] + (f if offset else 0), position(order[f], orientation), orientation, thickness=2.5,
                     frame=f + 1, acquisition=1, window=[300, 1500])
            for f in frames
        ], **described)

    def axis(orientation):
        """The normal of the upright pictures."""
        _, layout = shown(one, [0, 0, 0], orientation, SPACING)
        return np.cross(layout["placement"]["right"], layout["placement"]["down"])

    for name, syntax in (("", ExplicitVRLittleEndian), ("-implicit", ImplicitVRLittleEndian),
                         ("-big-endian", ExplicitVRBigEndian)):
        case(STACKS, f"enhanced{name}", native(enhanced(order), pictures, syntax), wanted())
    for name, orientation in (("prone", PRONE), ("on-the-left", ON_THE_LEFT), ("sagittal", SAGITTAL)):
        case(STACKS, f"enhanced-{name}", native(enhanced(order, orientation), pictures), wanted(orientation))
    case(STACKS, "enhanced-own-rescale", native(enhanced(order, own_rescale=True), pictures), wanted(offset=True))
    j2k = [imagecodecs.jpeg2k_encode((p + 1024).astype(np.uint16), level=0, codecformat="j2k", reversible=True,
                                     bitspersample=12) for p in pictures]
    jls = [imagecodecs.jpegls_encode((p + 1024).astype(np.uint16)) for p in pictures]
    for table in ("basic", "empty", "extended"):
        case(STACKS, f"enhanced-jpeg2000-{table}-table", encapsulated(enhanced(order), j2k, JPEG2000Lossless, table),
             wanted())
    case(STACKS, "enhanced-jpeg2000-fragments",
         encapsulated(enhanced(order), j2k, JPEG2000Lossless, "basic", fragments=3), wanted())
    case(STACKS, "enhanced-jpeg2000-fragments-empty-table",
         encapsulated(enhanced(order), j2k, JPEG2000Lossless, "empty", fragments=2), wanted())
    case(STACKS, "enhanced-jpeg-ls", encapsulated(enhanced(order), jls, JPEGLSLossless), wanted())
    case(STACKS, "enhanced-jpeg-lossless-dcmtk", dcmtk("dcmcjpeg", enhanced(order), pictures, "+el", "+fs", "1", "+un"),
         wanted())
    case(STACKS, "enhanced-rle-dcmtk", dcmtk("dcmcrle", enhanced(order), pictures), wanted())
    case(STACKS, "enhanced-deflated-dcmtk", dcmtk("dcmconv", enhanced(order), pictures, "+td"), wanted())
    wrong = bytearray(encapsulated(enhanced(order), j2k, JPEG2000Lossless, "basic", fragments=2))
    table = wrong.rindex(struct.pack("<HHI", 0xFFFE, 0xE000, 12)) + 8
    wrong[table + 4 : table + 8] = struct.pack("<I", 3)
    case(STACKS, "enhanced-wrong-table", bytes(wrong), wanted())

    # Two images of each place.
    case(STACKS, "enhanced-two-phases", native(enhanced([0, 1, 0, 1], acquisition=[1, 1, 2, 2]),
                                               [picture(n) for n in range(4)]),
         opened([slice_of(picture(n), position(n % 2, SUPINE), thickness=2.5, frame=n + 1, acquisition=1 + n // 2,
                          window=[300, 1500]) for n in (0, 2, 1, 3)], **described))

    # Frames without functional groups keep the file's order; only the first frame's place is in the file.
    plain = dataset(CTImageStorage, NumberOfFrames=3, orientation=PRONE)
    case(STACKS, "plain-multi-frame", native(plain, pictures),
         opened([slice_of(p, None, PRONE, frame=f + 1) for f, p in enumerate(pictures)]))

    sources = []
    for number in (1, 0, 2):
        ds = dataset(CTImageStorage, SOPInstanceUID=f"1.2.3.4.{number}", InstanceNumber=number,
                     ImagePositionPatient=position(number, SUPINE), AcquisitionNumber=1, WindowCenter=300,
                     WindowWidth=1500)
        native(ds, [picture(number)])
        sources.append(ds)
    legacy = highdicom.legacy.LegacyConvertedEnhancedCTImage(
        legacy_datasets=sources, series_instance_uid="1.2.3.2", series_number=4, sop_instance_uid="1.2.3.5",
        instance_number=1)
    content = to_bytes(settled(legacy))
    frames = [round((float(g.PlanePositionSequence[0].ImagePositionPatient[2]) - 30) / 2.5)
              for g in legacy.PerFrameFunctionalGroupsSequence]
    case(STACKS, "legacy-converted", content,
         opened([slice_of(picture(n), position(n, SUPINE), thickness=2.0, frame=frames.index(n) + 1, acquisition=1,
                          window=[300, 1500]) for n in range(3)],
                description=None))

    # Refused.
    enough = native(enhanced(order), pictures)
    case(STACKS, "truncated-frames", native(enhanced(order), pictures[:2]), {"error": "Truncated"})
    case(STACKS, "truncated-file", enough[:-40], {"error": "Truncated"})
    case(STACKS, "truncated-groups", enough[: len(enough) - 3 * 2 * ROWS * COLUMNS - 200], {"error": "Truncated"})
    case(STACKS, "too-few-fragments", encapsulated(enhanced(order), j2k[:2], JPEG2000Lossless), {"error": "Truncated"})
    case(STACKS, "no-fragments", encapsulated(enhanced(order), [], JPEG2000Lossless, "empty"), {"error": "NoPixels"})
    odd = encapsulated(enhanced([0, 1]), [b"\0" * 8] * 3, RLELossless, "empty")
    case(STACKS, "fragments-of-unknown-frames", odd, {"error": "Damaged"})
    case(STACKS, "bomb-frames", native(dataset(CTImageStorage, NumberOfFrames=2_000_000_000), [one]),
         {"error": "Damaged"})
    case(STACKS, "bomb-empty-frames", native(dataset(CTImageStorage, NumberOfFrames=65536), [one]),
         {"error": "Truncated"})
    localizer = enhanced(order)
    localizer.ImageType = ["ORIGINAL", "PRIMARY", "LOCALIZER", "NONE"]
    case(STACKS, "enhanced-localizer", native(localizer, pictures), {"error": "Localizer"})


def dcmtk(tool, ds, pictures, *options):
    with tempfile.TemporaryDirectory() as folder:
        plain, packed = pathlib.Path(folder, "plain.dcm"), pathlib.Path(folder, "packed.dcm")
        plain.write_bytes(native(ds, pictures))
        subprocess.run([tool, *options, plain, packed], check=True)
        return packed.read_bytes()


# Segmentations


def segmentations():
    orders = (1, 0, 2)
    for name, orientation in (("", SUPINE), ("-prone", PRONE), ("-on-the-left", ON_THE_LEFT)):
        for kind in ("BINARY", "FRACTIONAL", "LABELMAP"):
            write_segmentation(f"{kind.lower()}{name}", kind, orders, orientation)
    write_segmentation("fractional-rle", "FRACTIONAL", orders, SUPINE, RLELossless)
    write_segmentation("labelmap-jpeg-ls", "LABELMAP", orders, SUPINE, JPEGLSLossless)
    content = (SEGMENTATIONS / "binary" / "input.dcm").read_bytes()
    case(SEGMENTATIONS, "truncated", content[:-4], {"error": "Truncated"})
    case(SEGMENTATIONS, "ct-image", native(dataset(CTImageStorage), [picture(0)]), {"error": "MaskKind"})
    no_type = pydicom.dcmread(io.BytesIO(content))
    del no_type.SegmentationType
    case(SEGMENTATIONS, "no-type", to_bytes(no_type), {"error": "Damaged"})


def write_segmentation(name, kind, orders, orientation, syntax=ExplicitVRLittleEndian):
    sources, positions = [], [position(number, orientation) for number in orders]
    for number, place in zip(orders, positions):
        ds = dataset(CTImageStorage, SOPInstanceUID=f"1.2.3.4.{number}", InstanceNumber=number, orientation=orientation,
                     ImagePositionPatient=place)
        native(ds, [picture(number)])
        sources.append(ds)
    yy, xx = np.mgrid[:ROWS, :COLUMNS]
    # Segment 1 is in all pictures, segment 2 only in those of numbers 1 and 2.
    vertebra = [(yy + xx > 7 + number) & (yy > 1) for number in orders]
    disc = [(yy < 2) & (xx < 4 + number) & (number > 0) for number in orders]
    overlap = kind == "BINARY"
    if overlap:
        disc = [d | (v & (xx > 6)) if number else d for d, v, number in zip(disc, vertebra, orders)]
    if kind == "LABELMAP":
        pixels = np.stack([v * 1 + d * 2 for v, d in zip(vertebra, disc)]).astype(np.uint8)
    else:
        pixels = np.stack([np.stack([v, d], -1) for v, d in zip(vertebra, disc)])
        if kind == "FRACTIONAL":
            # Half of the largest value is not over half of it.
            pixels = np.where(pixels, 0.75, np.where((yy == 0)[None, ..., None], 0.5, 0.25 * (xx > 4)[None, ..., None]))
            pixels = pixels.astype(np.float32)
        else:
            pixels = pixels.astype(np.uint8)
    anatomy = CodedConcept("91723000", "SCT", "Anatomical Structure")

    def described(number, label, code, meaning):
        return highdicom.seg.SegmentDescription(
            number, label, anatomy, CodedConcept(code, "SCT", meaning), highdicom.seg.SegmentAlgorithmTypeValues.MANUAL)

    seg = highdicom.seg.Segmentation(
        source_images=sources, pixel_array=pixels, segmentation_type=kind,
        segment_descriptions=[described(1, "Wirbel", "51282000", "Vertebra"),
                              described(2, "Bandscheibe", "360499006", "Intervertebral disc")],
        series_instance_uid="1.2.3.8", series_number=9, sop_instance_uid="1.2.3.8.1", instance_number=1,
        manufacturer="None", manufacturer_model_name="None", software_versions="1", device_serial_number="1",
        max_fractional_value=200, transfer_syntax_uid=syntax, omit_empty_frames=kind != "LABELMAP",
        series_description="Segmentierung")
    slices = []
    for index in np.argsort(orders):
        place = positions[index]
        masks = {}
        for number, drawn in ((1, vertebra), (2, disc)):
            mask, layout = shown(drawn[index], place, orientation, SPACING)
            masks[number] = mask.astype(int).ravel().tolist()
        union = shown(vertebra[index] | disc[index], place, orientation, SPACING)[0]
        slices.append(layout | {
            "rows": mask.shape[0], "columns": mask.shape[1], "masks": masks,
            "union": union.astype(int).ravel().tolist(), "image": f"1.2.3.4.{orders[index]}"})
    case(SEGMENTATIONS, name, to_bytes(settled(seg)), {
        "slices": slices, "series": "1.2.3.1",
        "segments": [[1, "Wirbel", "Anatomical Structure", "Vertebra"],
                     [2, "Bandscheibe", "Anatomical Structure", "Intervertebral disc"]]})


for root in (STACKS, SEGMENTATIONS):
    shutil.rmtree(root, ignore_errors=True)
stacks()
segmentations()
