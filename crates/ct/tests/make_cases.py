"""Writes tests/cases/NAME/{input.*, expected.json}: small synthetic files and what reading them must give.

    pip install pydicom numpy pillow tifffile imagecodecs pylibjpeg-openjpeg
    apt-get install dcmtk
    python make_cases.py

The expected pixels come from the arrays that were encoded, never from a decoder. `expected.json` holds either
`error`, the name of a `ReadError` variant, or `rows`, `columns`, `pixels` and (for slices) `quantity`, `spacing`
and `window`; `tolerance` is what a lossy compression may change. One number for `pixels` stands for all of them. `"as": "mask"` reads the file as a mask. A new case needs a new folder and no code.
"""

import gzip
import io
import json
import pathlib
import shutil
import struct
import subprocess
import tempfile
import warnings
import zipfile
import zlib

import imagecodecs
import numpy as np
import tifffile
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence
from pydicom.uid import (
    ComprehensiveSRStorage,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    EncapsulatedPDFStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    GrayscaleSoftcopyPresentationStateStorage,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000,
    JPEG2000Lossless,
    JPEG2000MCLossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    KeyObjectSelectionDocumentStorage,
    MediaStorageDirectoryStorage,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
    RLELossless,
    RTDoseStorage,
    RTStructureSetStorage,
    SecondaryCaptureImageStorage,
    SegmentationStorage,
)

warnings.simplefilter("ignore")
CASES = pathlib.Path(__file__).parent / "cases"
ROWS, COLUMNS = 12, 16
AIR = -1024

# Air around a body with bone in it: -1024 to 1600 HU, all multiples of 8, never symmetric.
yy, xx = np.mgrid[:ROWS, :COLUMNS]
BODY = np.where((yy - 6) ** 2 + (xx - 7) ** 2 < 30, 8 * (yy - 3) + 8 * (xx % 5), AIR)
BODY = np.where((yy - 8) ** 2 + (xx - 6) ** 2 < 6, 600 + 64 * xx + 8 * yy, BODY).astype(np.int32)
FULL = (8 * np.arange(ROWS * COLUMNS).reshape(ROWS, COLUMNS) % 4096).astype(np.int32) - 1024


def case(name, content, expected, extension="dcm"):
    folder = CASES / name
    folder.mkdir(parents=True)
    (folder / f"input.{extension}").write_bytes(content)
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def hu(pixels, **more):
    pixels = np.asarray(pixels)
    rows, columns = pixels.shape
    return {"rows": rows, "columns": columns, "quantity": "hu", "pixels": pixels.ravel().tolist(), **more}


def brightness(pixels, white, **more):
    return hu(pixels, **more) | {"quantity": {"brightness": white}}


def mask(pixels):
    expected = hu(np.asarray(pixels).astype(int))
    del expected["quantity"]
    return expected | {"as": "mask"}


def error(variant, **more):
    return {"error": variant, **more}


# DICOM


def ct(stored, intercept=-1024, slope=1, bits=12, signed=False, allocated=16, **attributes):
    """A CT slice as a pydicom data set without pixel data."""
    ds = Dataset()
    ds.SOPClassUID = CTImageStorage
    ds.SOPInstanceUID = "1.2.3.4"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.Modality = "CT"
    ds.PatientName = "Synthetic^Case"
    ds.Rows, ds.Columns = stored.shape[:2]
    ds.SamplesPerPixel = 1
    ds.PhotometricInterpretation = "MONOCHROME2"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = allocated, bits, bits - 1
    ds.PixelRepresentation = int(signed)
    ds.RescaleIntercept, ds.RescaleSlope = intercept, slope
    for key, value in attributes.items():
        if value is None:
            delattr(ds, key)
        else:
            setattr(ds, key, value)
    ds._words = stored
    return ds


def words(ds, order="<"):
    kind = ("i" if ds.PixelRepresentation else "u") + str(ds.BitsAllocated // 8)
    return ds._words.astype(order + kind).tobytes()


def write(ds, syntax=ExplicitVRLittleEndian, frame=None, fragments=1, group_length=None, preamble=True):
    """The file's bytes; `frame` is one compressed frame."""
    stored = ds._words
    if frame is None:
        ds.PixelData = words(ds, ">" if syntax == ExplicitVRBigEndian else "<")
    else:
        ds.PixelData = encapsulate([frame], fragments_per_frame=fragments)
        ds["PixelData"].is_undefined_length = True
    ds["PixelData"].VR = "OW" if ds.BitsAllocated == 16 and frame is None else "OB"
    del ds._words
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = ds.SOPClassUID
    meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    meta.ImplementationClassUID = "1.2.3.4.5"
    ds.file_meta = meta
    ds.preamble = b"\0" * 128
    out = io.BytesIO()
    dcmwrite(out, ds, enforce_file_format=True)
    ds._words = stored
    content = out.getvalue()
    if group_length is not None:
        content = content[:140] + struct.pack("<I", group_length) + content[144:]
    return content if preamble else content[132:]


def data_set_only(ds, implicit):
    """The data set without preamble and meta information."""
    ds.PixelData = words(ds)
    ds["PixelData"].VR = "OW"
    del ds._words
    out = io.BytesIO()
    dcmwrite(out, ds, implicit_vr=implicit, little_endian=True, enforce_file_format=False)
    return out.getvalue()


def rle(ds):
    from pydicom.pixels.encoders.native import _encode_frame
    from pydicom.pixels.encoders.base import EncodeRunner

    runner = EncodeRunner(RLELossless)
    runner.set_options(
        rows=ds.Rows, columns=ds.Columns, samples_per_pixel=1, number_of_frames=1, bits_allocated=ds.BitsAllocated,
        bits_stored=ds.BitsStored, pixel_representation=ds.PixelRepresentation,
        photometric_interpretation="MONOCHROME2", planar_configuration=0, pixel_keyword="PixelData",
    )
    runner.set_source(ds._words.astype(("i" if ds.PixelRepresentation else "u") + str(ds.BitsAllocated // 8)))
    return bytes(_encode_frame(words(ds), runner))


def j2k(ds):
    array = ds._words.astype(np.int16 if ds.PixelRepresentation else np.uint16)
    return imagecodecs.jpeg2k_encode(array, level=0, codecformat="j2k", reversible=True, bitspersample=ds.BitsStored)


def empty_codestream(side, precinct=15, code_block=4, layers=32):
    """A JPEG 2000 codestream of one tile without data; part sizes as binary logarithms (code-block less 2)."""
    siz = struct.pack(">HIIIIIIIIH3B", 0, side, side, 0, 0, side, side, 0, 0, 1, 11, 1, 1)
    cod = struct.pack(">BBHB6B", 1, 0, layers, 0, 0, code_block, code_block, 0, 1, precinct * 17)
    qcd = bytes([0x40, 0x48])
    segments = b"".join(
        struct.pack(">HH", marker, len(body) + 2) + body for marker, body in ((0xFF51, siz), (0xFF52, cod), (0xFF5C, qcd))
    )
    tile = struct.pack(">HHHIBBH", 0xFF90, 10, 0, 14 + 64, 0, 1, 0xFF93) + b"\0" * 64
    return b"\xff\x4f" + segments + tile + b"\xff\xd9"


def dcmcjpeg(ds, *options):
    """The file as the DICOM toolkit compresses it."""
    with tempfile.TemporaryDirectory() as folder:
        plain, packed = pathlib.Path(folder, "plain.dcm"), pathlib.Path(folder, "packed.dcm")
        plain.write_bytes(write(ds))
        subprocess.run(["dcmcjpeg", *options, "+un", plain, packed], check=True)
        return packed.read_bytes()


def ljpeg(ds):
    return imagecodecs.ljpeg_encode(ds._words.astype(np.int64).astype(np.uint16) , bitspersample=ds.BitsStored)


def without_pixels(modality, storage):
    ds = plain_object(storage)
    ds.Modality = modality
    if storage == EncapsulatedPDFStorage:
        ds.EncapsulatedDocument = b"%PDF-1.4 "
    return to_bytes(ds)


def dicomdir():
    ds = plain_object(MediaStorageDirectoryStorage)
    del ds.SOPClassUID, ds.SOPInstanceUID
    ds.FileSetID = "DISC"
    ds.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = 0
    ds.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity = 0
    ds.FileSetConsistencyFlag = 0
    ds.DirectoryRecordSequence = Sequence([])
    return to_bytes(ds)


def plain_object(storage):
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID = storage, "1.2.3.4"
    ds.PatientName = "Synthetic^Case"
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = storage, "1.2.3.4"
    meta.ImplementationClassUID = "1.2.3.4.5"
    ds.file_meta = meta
    return ds


def to_bytes(ds):
    out = io.BytesIO()
    ds.preamble = b"\0" * 128
    dcmwrite(out, ds, enforce_file_format=True)
    return out.getvalue()


def other(object_):
    """The refusal of another object than a CT image."""
    return error("Modality", message=f"This is {object_} and not a CT image: choose the slices of a CT series.")


def stored12(values=BODY):
    return values + 1024


def dicom_cases():
    plain = lambda **k: ct(stored12(), **k)
    spaced = dict(PixelSpacing=[0.7, 0.8], WindowCenter=[400, 40], WindowWidth=[1800, 400])
    extra = dict(spacing=[0.7, 0.8], window=[400, 1800])
    case("dicom-explicit-little-endian", write(plain(**spaced)), hu(BODY, **extra))
    case("dicom-implicit-little-endian", write(plain(**spaced), ImplicitVRLittleEndian), hu(BODY, **extra))
    case("dicom-big-endian", write(plain(**spaced), ExplicitVRBigEndian), hu(BODY, **extra))
    case("dicom-deflated", write(plain(**spaced), DeflatedExplicitVRLittleEndian), hu(BODY, **extra))
    case("dicom-full-range", write(ct(stored12(FULL))), hu(FULL))
    case("dicom-one-pixel", write(ct(np.array([[1064]]))), hu([[40]]))
    case("dicom-signed", write(ct(BODY, intercept=0, bits=16, signed=True)), hu(BODY))
    case("dicom-slope", write(ct((BODY + 1024) // 2, slope=2)), hu(BODY))
    case("dicom-no-rescale", write(ct(BODY, bits=16, signed=True, RescaleIntercept=None, RescaleSlope=None)), hu(BODY))
    low = np.clip(BODY + 1024, 0, 255)
    case("dicom-8-bit", write(ct(low, bits=8, allocated=8)), hu(low - 1024))
    # A retired overlay in the bits above BitsStored is no part of the value.
    case("dicom-overlay-bits", write(ct(stored12() | (xx % 2 << 13))), hu(BODY))
    case("dicom-high-bit-15", write(ct(stored12() << 4, HighBit=15)), hu(BODY))

    # Without preamble, without meta information, with a wrong group length.
    case("dicom-no-preamble", write(plain(), preamble=False), hu(BODY), "ima")
    case("dicom-data-set-explicit", data_set_only(plain(), implicit=False), hu(BODY))
    case("dicom-data-set-implicit", data_set_only(plain(), implicit=True), hu(BODY))
    case("dicom-wrong-group-length", write(plain(), group_length=2), hu(BODY))
    case("dicom-no-modality", write(plain(Modality=None)), hu(BODY))
    case("dicom-name-without-extension", write(plain()), hu(BODY), "0001")

    # Sequences, with pixel data of their own, in front of the image.
    icon = Dataset()
    icon.Rows, icon.Columns, icon.BitsAllocated, icon.SamplesPerPixel = 2, 2, 8, 1
    icon.PixelData = b"\1\2\3\4"
    icon["PixelData"].VR = "OB"
    for undefined in (False, True):
        nested = plain()
        nested.IconImageSequence = Sequence([icon])
        nested["IconImageSequence"].is_undefined_length = undefined
        nested.ReferencedImageSequence = Sequence([])
        case(f"dicom-icon-{'un' if undefined else ''}defined-length", write(nested), hu(BODY))

    # Compressed.
    case("dicom-rle", write(plain(), RLELossless, rle(plain())), hu(BODY))
    case("dicom-rle-8-bit", write(ct(low, bits=8, allocated=8), RLELossless, rle(ct(low, bits=8, allocated=8))),
         hu(low - 1024))
    signed = lambda: ct(BODY, intercept=0, bits=16, signed=True)
    case("dicom-rle-signed", write(signed(), RLELossless, rle(signed())), hu(BODY))
    case("dicom-jpeg2000", write(plain(), JPEG2000Lossless, j2k(plain())), hu(BODY))
    case("dicom-jpeg2000-signed", write(signed(), JPEG2000Lossless, j2k(signed())), hu(BODY))
    case("dicom-jpeg2000-fragments", write(plain(), JPEG2000Lossless, j2k(plain()), fragments=3), hu(BODY))
    case("dicom-jpeg-lossless", write(plain(), JPEGLosslessSV1, ljpeg(plain())), hu(BODY))
    case("dicom-jpeg-lossless-signed", write(signed(), JPEGLosslessSV1, ljpeg(signed())), hu(BODY))
    # Flat 8 x 8 blocks survive JPEG's cosine transform unchanged.
    flat = np.kron([[10, 240], [128, 60]], np.ones((8, 8))).astype(np.int32)
    baseline = ct(flat, bits=8, allocated=8)
    frame = imagecodecs.jpeg8_encode(flat.astype(np.uint8), level=100)
    case("dicom-jpeg-baseline", write(baseline, JPEGBaseline8Bit, frame), hu(flat - 1024))

    for value in range(1, 8):
        case(f"dicom-jpeg-lossless-selection-{value}",
             dcmcjpeg(ct(stored12(FULL)), "+el", "+sv", str(value)), hu(FULL))
    case("dicom-jpeg-lossless-point-transform",
         dcmcjpeg(ct(stored12(FULL)), "+e1", "+pt", "2"), error("TransferSyntax"))
    twelve = imagecodecs.jpeg_encode(stored12().astype(np.uint16), bitspersample=12, level=100)
    case("dicom-jpeg-12-bit", write(plain(), JPEGExtended12Bit, twelve), hu(BODY, tolerance=2))
    wide = np.kron([[100, 2400, 1900], [1280, 4000, 64]], np.ones((8, 8))).astype(np.int32)[:13, :21]
    case("dicom-jpeg-12-bit-flat", dcmcjpeg(ct(wide), "+ee", "+q", "100"), hu(wide - 1024))
    case("dicom-jpeg-12-bit-truncated", write(plain(), JPEGExtended12Bit, twelve[:-60]), error("Truncated"))
    progressive = bytearray(twelve)
    progressive[progressive.index(b"\xff\xc1") + 1] = 0xC2
    case("dicom-jpeg-12-bit-progressive", write(plain(), JPEGExtended12Bit, bytes(progressive)),
         error("TransferSyntax"))
    jls = lambda ds, **k: imagecodecs.jpegls_encode(ds._words.astype(np.uint16), **k)
    case("dicom-jpeg-ls", write(plain(), JPEGLSLossless, jls(plain())), hu(BODY))
    case("dicom-jpeg-ls-signed", write(signed(), JPEGLSLossless, jls(signed())), hu(BODY))
    case("dicom-jpeg-ls-8-bit", write(ct(low, bits=8, allocated=8), JPEGLSLossless,
         imagecodecs.jpegls_encode(low.astype(np.uint8))), hu(low - 1024))
    case("dicom-jpeg-ls-near-lossless", write(plain(), JPEGLSNearLossless, jls(plain(), level=3)),
         hu(BODY, tolerance=3))
    case("dicom-jpeg-ls-truncated", write(plain(), JPEGLSLossless, jls(plain())[:-60]), error("Truncated"))
    lossy = imagecodecs.jpeg2k_encode(stored12().astype(np.uint16), level=60, codecformat="j2k", bitspersample=12)
    decoded = imagecodecs.jpeg2k_decode(lossy).astype(int) - 1024
    case("dicom-jpeg2000-lossy", write(plain(), JPEG2000, lossy), hu(decoded, tolerance=1))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated_frame = packer.compress(words(plain())) + packer.flush()
    # A transfer syntax that pydicom does not know.
    case("dicom-deflated-frame", write(plain(), JPEGLSLossless, deflated_frame).replace(
        JPEGLSLossless.encode(), b"1.2.840.10008.1.2.8.1\0"), hu(BODY))

    # The largest slice in as many parts as are permitted.
    largest = empty_codestream(2048, precinct=4, code_block=1)
    case("dicom-jpeg2000-largest", write(ct(np.zeros((2048, 2048), np.int32)), JPEG2000Lossless, largest),
         {"rows": 2048, "columns": 2048, "quantity": "hu", "pixels": 1024})

    # MONOCHROME1: a matter of display, unless the stored values were turned round as well, one way or another.
    one = dict(PhotometricInterpretation="MONOCHROME1")
    case("dicom-monochrome1", write(plain(**one)), hu(BODY))
    case("dicom-monochrome1-turned", write(ct(4095 - stored12(), **one)), hu(BODY))
    case("dicom-monochrome1-turned-by-maximum", write(ct(stored12().max() - stored12(), **one)), hu(BODY))
    case("dicom-monochrome1-turned-signed", write(ct(-1 - BODY, intercept=0, bits=16, signed=True, **one)), hu(BODY))
    none = dict(RescaleIntercept=None, RescaleSlope=None)
    case("dicom-monochrome1-no-rescale", write(ct(4095 - stored12(), **one, **none)), hu(BODY))
    marked = np.where(BODY == AIR, -2000, -1 - BODY)
    case("dicom-monochrome1-padding",
         write(ct(np.where(yy < 2, marked, -1 - BODY), intercept=0, bits=16, signed=True, PixelPaddingValue=-2000, **one)),
         hu(BODY))

    # Padding becomes air.
    padded = np.where(BODY == AIR, -2000, BODY)
    case("dicom-padding-signed",
         write(ct(padded, intercept=0, bits=16, signed=True, PixelPaddingValue=-2000)), hu(BODY))
    case("dicom-below-air", write(ct(padded, intercept=0, bits=16, signed=True)), hu(BODY))
    # A scanner's padding of -3024 in a file that claims 12 bits.
    outside = np.where(BODY == AIR, -3024, BODY)
    case("dicom-padding-outside-bits", write(ct(outside, intercept=0, bits=12, signed=True)), hu(BODY))
    dense = np.where(BODY == AIR, 63536, BODY + 1024)
    case("dicom-padding-dense", write(ct(dense, bits=16, PixelPaddingValue=63536)), hu(BODY))
    ranged = np.where(BODY == AIR, 3000 + xx, BODY + 1024)
    case("dicom-padding-range",
         write(ct(ranged, PixelPaddingValue=3015, PixelPaddingRangeLimit=3000)), hu(BODY))
    case("dicom-above-i16", write(ct(np.array([[65535, 1024]]), intercept=0, bits=16)), hu([[32767, 1024]]))

    # Refused.
    case("dicom-mr", write(plain(Modality="MR", SOPClassUID=MRImageStorage)),
         error("Modality", message="This is an MR image and not a CT image: choose the slices of a CT series."))
    for name, object_, modality, storage in (
        ("pet", "a PET image", "PT", PositronEmissionTomographyImageStorage),
        ("rt-dose", "a radiotherapy dose", "RTDOSE", RTDoseStorage),
        ("segmentation", "a DICOM segmentation", "SEG", SegmentationStorage),
    ):
        case(f"dicom-{name}", write(plain(Modality=modality, SOPClassUID=storage)), other(object_))
    for name, object_, modality, storage in (
        ("report", "a structured report", "SR", ComprehensiveSRStorage),
        ("presentation-state", "a presentation state", "PR", GrayscaleSoftcopyPresentationStateStorage),
        ("key-objects", "a selection of key images", "KO", KeyObjectSelectionDocumentStorage),
        ("rt-structures", "a set of radiotherapy structures", "RTSTRUCT", RTStructureSetStorage),
        ("pdf", "a PDF document", "DOC", EncapsulatedPDFStorage),
    ):
        case(f"dicom-{name}", without_pixels(modality, storage), other(object_))
    case("dicomdir", dicomdir(), other("a DICOMDIR, the table of contents of a disc,"), "0")
    case("dicom-other-modality", write(plain(Modality="ABC<b>DEF")), error("Modality"))
    case("dicom-localizer", write(plain(ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"])), error("Localizer"))
    case("dicom-secondary-capture", write(plain(SOPClassUID=SecondaryCaptureImageStorage)), error("SecondaryCapture"))
    case("dicom-multi-frame", write(ct(np.concatenate([stored12()] * 2), Rows=ROWS, NumberOfFrames=2)),
         error("Volume"))
    rgb = np.zeros((ROWS, COLUMNS, 3), np.int32)
    case("dicom-rgb", write(ct(rgb, bits=8, allocated=8, SamplesPerPixel=3, PhotometricInterpretation="RGB")),
         error("Colour"))
    case("dicom-palette", write(ct(low, bits=8, allocated=8, PhotometricInterpretation="PALETTE COLOR")),
         error("Colour"))
    case("dicom-32-bit", write(ct(stored12(), bits=32, allocated=32)), error("PixelType"))
    case("dicom-2049-columns", write(ct(np.zeros((1, 2049), np.int32))), error("Size"))
    case("dicom-no-rows", write(ct(stored12(), Rows=0)), error("Size"))
    case("dicom-slope-zero", write(plain(RescaleSlope=0)), error("Damaged"))
    case("dicom-bits-stored-zero", write(plain(BitsStored=0)), error("Damaged"))
    case("dicom-htj2k", write(plain(), HTJ2KLossless, j2k(plain())), error("TransferSyntax",
         message="The image is compressed as High-Throughput JPEG 2000 Image Compression (Lossless Only)"
         " (1.2.840.10008.1.2.4.201), which cannot be read: export it uncompressed (Explicit VR Little Endian)."))
    case("dicom-jpeg2000-part-2", write(plain(), JPEG2000MCLossless, j2k(plain())), error("TransferSyntax"))
    case("dicom-private-syntax", write(plain()).replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.99999.1.2.1\0"),
         error("TransferSyntax"))
    report = write(plain())
    header_only = report[: report.index(struct.pack("<HH", 0x7FE0, 0x0010))]
    case("dicom-no-pixels", header_only, error("NoPixels"))
    case("dicom-truncated", report[:-40], error("Truncated"))
    case("dicom-truncated-header", report[: report.index(b"Synthetic") + 4], error("Truncated"))
    case("dicom-truncated-fragments", write(plain(), JPEG2000Lossless, j2k(plain()))[:-60], error("Truncated"))
    case("dicom-truncated-jpeg", write(plain(), JPEGLosslessSV1, ljpeg(plain())[:-60]), error("Truncated"))
    case("dicom-truncated-jpeg2000", write(plain(), JPEG2000Lossless, j2k(plain())[:-100]), error("Truncated"))
    case("dicom-truncated-rle", write(plain(), RLELossless, rle(plain())[:-40]), error("Truncated"))
    case("dicom-truncated-deflate", write(plain(), DeflatedExplicitVRLittleEndian)[:-100], error("Truncated"))
    case("dicom-too-few-pixels", write(ct(stored12(), Rows=ROWS + 1)), error("Truncated"))

    # Files that claim more than they hold.
    name = report.index(b"Synthetic")
    case("bomb-element-length", report[: name - 4] + b"UN\0\0\xfe\xff\xff\xff" + report[name:], error("Truncated"))
    pixel_length = report.index(struct.pack("<HH", 0x7FE0, 0x0010)) + 8
    case("bomb-pixel-length", report[:pixel_length] + b"\xf0\xff\xff\xff" + report[pixel_length + 4 :],
         error("Truncated"))
    compressed = write(plain(), JPEG2000Lossless, j2k(plain()))
    fragment_length = compressed.index(b"\xff\x4f\xff\x51") - 4
    case("bomb-fragment-length", compressed[:fragment_length] + b"\xf0\xff\xff\xff" + compressed[fragment_length + 4 :],
         error("Truncated"))
    deflated = write(plain(), DeflatedExplicitVRLittleEndian)
    start = 144 + struct.unpack("<I", deflated[140:144])[0]
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = struct.pack("<HH2sHI", 9, 0x1001, b"OB", 0, 1 << 25) + b"\0" * (1 << 25)
    case("bomb-deflate", deflated[:start] + packer.compress(zeros) + packer.flush(), error("Damaged"))
    siz = j2k(plain())
    huge = siz[:8] + struct.pack(">II", 60000, 60000) + siz[16:]
    case("bomb-jpeg2000-size", write(plain(), JPEG2000Lossless, huge), error("Damaged"))
    tiny_tiles = siz[:24] + struct.pack(">II", 1, 1) + siz[32:]
    wide = lambda: ct(np.zeros((2048, 2048), np.int32))
    wide_tiles = tiny_tiles[:8] + struct.pack(">II", 2048, 2048) + tiny_tiles[16:]
    case("bomb-jpeg2000-tiles", write(wide(), JPEG2000Lossless, wide_tiles), error("Damaged"))
    for name, parts in (("precincts", dict(precinct=0)), ("code-blocks", dict(code_block=0))):
        case(f"bomb-jpeg2000-{name}", write(wide(), JPEG2000Lossless, empty_codestream(2048, **parts)), error("Damaged"))
    hidden = bytearray(empty_codestream(2048, precinct=0))
    hidden[hidden.index(b"\xff\x52") + 2] = 0x80
    case("bomb-jpeg2000-segment-length", write(wide(), JPEG2000Lossless, bytes(hidden)), error("Truncated"))
    lossless = bytearray(ljpeg(plain()))
    frame_header = lossless.index(b"\xff\xc3")
    lossless[frame_header + 5 : frame_header + 9] = struct.pack(">HH", 65500, 65500)
    case("bomb-jpeg-size", write(plain(), JPEGLosslessSV1, bytes(lossless)), error("Damaged"))
    case("bomb-rle-segments", write(plain(), RLELossless, b"\xff" * 200), error("Damaged"))


# Pictures


def png(array, mode=None, **options):
    out = io.BytesIO()
    (array if isinstance(array, Image.Image) else Image.fromarray(array, mode)).save(out, "PNG", **options)
    return out.getvalue()


def jpeg(array):
    out = io.BytesIO()
    Image.fromarray(array).save(out, "JPEG", quality=100, subsampling=0)
    return out.getvalue()


def tiff(array, **options):
    out = io.BytesIO()
    tifffile.imwrite(out, array, metadata=None, **options)
    return out.getvalue()


def rgb_of(grey):
    return np.stack([grey] * 3, -1)


def picture_cases():
    grey = (yy * 16 + xx).astype(np.uint8)
    coloured = rgb_of(grey)
    coloured[3, 4, 0] += 1
    bright = brightness(grey, 255)
    case("png-8-bit", png(grey), bright, "png")
    twelve = stored12(FULL).astype(np.uint16)
    case("png-16-bit-hu", png(twelve), hu(FULL), "png")
    sixteen = (twelve * 16).astype(np.uint16)
    case("png-16-bit-brightness", png(sixteen), brightness(sixteen // 2, 32767), "png")
    case("png-4096", png(np.array([[4096, 1]], np.uint16)), brightness([[2048, 0]], 32767), "png")
    case("png-largest", imagecodecs.png_encode(np.full((2048, 2048, 4), [9, 9, 9, 65535], np.uint16), level=9),
         {"rows": 2048, "columns": 2048, "quantity": "hu", "pixels": 9 - 1024}, "png")
    case("png-rgb-grey", png(rgb_of(grey)), bright, "png")
    alpha = np.concatenate([rgb_of(grey), np.full((ROWS, COLUMNS, 1), 255, np.uint8)], -1)
    case("png-rgba-opaque", png(alpha), bright, "png")
    case("png-16-bit-rgb", imagecodecs.png_encode(rgb_of(twelve)), hu(FULL), "png")
    palette = Image.fromarray(grey, "L").convert("P")
    case("png-palette-grey", png(palette), bright, "png")
    bits = grey % 3 == 0
    case("png-1-bit", png(Image.fromarray(bits)), brightness(bits * 255, 255), "png")
    case("png-interlaced-name-dcm", png(grey), bright, "dcm")
    case("png-colour", png(coloured), error("Colour"), "png")
    alpha[0, 0, 3] = 254
    case("png-transparent", png(alpha), error("Transparent"), "png")
    case("png-truncated", png(grey)[:-40], error("Truncated"), "png")
    content = bytearray(png(grey))
    content[45] ^= 0x55
    case("png-damaged", bytes(content), error("Damaged"), "png")
    case("png-2049-columns", png(np.zeros((1, 2049), np.uint8)), error("Size"), "png")
    header = b"IHDR" + struct.pack(">IIBBBBB", 60000, 60000, 16, 6, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n\0\0\0\r" + header + struct.pack(">I", zlib.crc32(header)) + png(grey)[33:]
    case("bomb-png-size", bomb, error("Size"), "png")

    flat = np.kron([[10, 240], [128, 60]], np.ones((8, 8))).astype(np.uint8)
    case("jpeg-grey", jpeg(flat), brightness(flat, 255), "jpg")
    case("jpeg-rgb-grey", jpeg(rgb_of(flat)), brightness(flat, 255), "jpg")
    red = rgb_of(flat)
    red[:8, :8, 0] = 200
    case("jpeg-colour", jpeg(red), error("Colour"), "jpg")
    case("jpeg-truncated", jpeg(flat)[:-20], error("Truncated"), "jpg")
    content = bytearray(jpeg(flat))
    frame = content.index(b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", 65500, 65500)
    case("bomb-jpeg-picture-size", bytes(content), error("Size"), "jpg")

    case("tiff-8-bit", tiff(grey), bright, "tif")
    case("tiff-16-bit-hu", tiff(twelve), hu(FULL), "tif")
    case("tiff-16-bit-brightness", tiff(sixteen), brightness(sixteen // 2, 32767), "tif")
    outside = np.where(BODY == AIR, -2000, BODY).astype(np.int16)
    case("tiff-signed", tiff(outside), hu(BODY), "tif")
    case("tiff-signed-big-endian", tiff(outside, byteorder=">"), hu(BODY), "tif")
    case("tiff-lzw", tiff(twelve, compression="lzw", predictor=True), hu(FULL), "tif")
    case("tiff-deflate", tiff(twelve, compression="zlib"), hu(FULL), "tif")
    case("tiff-packbits", tiff(grey, compression="packbits"), bright, "tif")
    case("tiff-tiles", tiff(twelve, tile=(16, 16)), hu(FULL), "tif")
    case("tiff-white-is-zero", tiff(255 - grey, photometric="miniswhite"), bright, "tif")
    case("tiff-1-bit", tiff(bits, photometric="minisblack"), brightness(bits * 1, 255), "tif")
    case("tiff-1-bit-white-is-zero", tiff(~bits, photometric="miniswhite"), brightness(bits * 1, 255), "tif")
    narrow = bits[:, :13]
    case("tiff-1-bit-odd-width", tiff(narrow, photometric="minisblack"), brightness(narrow * 1, 255), "tif")
    case("tiff-rgb-grey", tiff(rgb_of(grey), photometric="rgb"), bright, "tif")
    case("tiff-colour", tiff(coloured, photometric="rgb"), error("Colour"), "tif")
    planes = np.moveaxis(rgb_of(grey), -1, 0)
    case("tiff-planar", tiff(planes, photometric="rgb", planarconfig="separate"), error("PixelType"), "tif")
    case("tiff-float", tiff(BODY.astype(np.float32)), hu(BODY), "tif")
    case("tiff-32-bit", tiff(BODY.astype(np.int32)), hu(BODY), "tif")
    out = io.BytesIO()
    palette.save(out, "TIFF")
    case("tiff-palette", out.getvalue(), error("PixelType"), "tif")
    case("tiff-pages", tiff(np.stack([twelve, twelve]), photometric="minisblack"), error("Volume"), "tif")
    case("tiff-truncated", tiff(twelve)[:-40], error("Truncated"), "tif")
    content = bytearray(tiff(grey))
    for tag in (256, 257):
        entry = content.index(struct.pack("<HHI", tag, 4, 1))
        content[entry + 8 : entry + 12] = struct.pack("<I", 60000)
    case("bomb-tiff-size", bytes(content), error("Damaged"), "tif")
    content = bytearray(tiff(grey))
    offsets = content.index(struct.pack("<HHI", 273, 4, 1))
    content[offsets + 4 : offsets + 8] = struct.pack("<I", 8_000_000)
    case("bomb-tiff-values", bytes(content), error("Damaged"), "tif")
    case("tiff-bigtiff", tiff(grey, bigtiff=True), error("PixelType"), "tif")
    case("tiff-2049-columns", tiff(np.zeros((1, 2049), np.uint8)), error("Size"), "tif")


def mask_cases():
    shape = (BODY > 500).astype(np.uint8)
    expected = mask(shape)
    case("mask-0-1", png(shape), expected, "png")
    case("mask-0-255", png(shape * 255), expected, "png")
    case("mask-1-bit", png(Image.fromarray(shape > 0)), expected, "png")
    case("mask-16-bit", png(shape.astype(np.uint16) * 65535), expected, "png")
    case("mask-rgb", png(rgb_of(shape * 255)), expected, "png")
    case("mask-tiff", tiff(shape * 255), expected, "tif")
    case("mask-empty", png(shape * 0), mask(shape * 0), "png")
    case("mask-full", png(shape * 0 + 255), mask(shape * 0 + 1), "png")
    levels = np.array([[0, 1, 100, 101, 200, 199]], np.uint8)
    case("mask-half-is-not-over-half", png(levels), mask([[0, 0, 0, 1, 1, 1]]), "png")
    soft = np.kron([[3, 250], [0, 5]], np.ones((8, 8))).astype(np.uint8)
    case("mask-jpeg", jpeg(soft), mask(soft > 125), "jpg")
    case("mask-dicom", write(ct(stored12())), error("MaskKind", **{"as": "mask"}), "dcm")
    case("mask-text", b"not a mask\n", error("Text", **{"as": "mask"}), "png")


def other_cases():
    case("empty", b"", error("Empty"), "dcm")
    case("text", "Befund: Wirbelsäule\n".encode() * 300, error("Text"), "txt")
    case("text-named-dcm", b"<html><body>Please log in</body></html>\n", error("Text"))
    noise = np.random.default_rng(1).integers(128, 256, 600, np.uint8).tobytes()
    case("noise", noise, error("UnknownKind"), "bin")
    case("noise-named-dcm", noise, error("NotWhatItsNameSays",
         message="The file is named .dcm but its content is no image: it may be damaged, export it again."))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), "a")
    case("zip", out.getvalue(), error("Archive"), "zip")
    case("gzip", gzip.compress(b"volume", mtime=0), error("Text"), "nii.gz")
    nifti = bytearray(352)
    nifti[:4], nifti[344:348] = struct.pack("<I", 348), b"n+1\0"
    case("nifti", bytes(nifti), error("Damaged"), "nii")


shutil.rmtree(CASES, ignore_errors=True)
dicom_cases()
picture_cases()
mask_cases()
other_cases()
