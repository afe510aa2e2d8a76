"""Writes tests/stacks/NAME/{input.*, expected.json}: small files of many slices and what opening them must give.

    pip install numpy nibabel pynrrd SimpleITK tifffile imagecodecs pillow
    python make_stacks.py

NIfTI is expected as nibabel reads it, NRRD and MetaImage as SimpleITK does, arrays as numpy and TIFF as tifffile do. A
slice is shown with the patient's right on the left and the front on top, and slices go from the feet to the head.
A new case needs a new folder and no code. `expected.json` holds either `error`, the name of a `ReadError` variant, or

- `rows`, `columns`, `count`, `spacing`, `thickness`, `meanings`, `quantity`, and
- `first` and `last`, the places of these slices: `origin`, `right` and `down`,
- `slices`, pixels of some slices as shown, and `stored`, the first of them as the file has it, rows of columns;
- `slice_error` instead where the file can be opened but its last slice cannot be read.

`"as": "mask"` opens the file as masks: `labels` with their number of voxels, `named` ones, and `choice`. `members` and
`skipped` are an archive's; the rest is then about the member at `open`.
"""

import gzip
import io
import json
import pathlib
import re
import shutil
import struct
import tempfile
import zipfile

import nibabel as nib
import nrrd
import numpy as np
import SimpleITK as sitk
import tifffile
from PIL import Image

STACKS = pathlib.Path(__file__).parent / "stacks"
TEMPORARY = pathlib.Path(tempfile.mkdtemp())
AIR = -1024
X, Y, Z = 5, 4, 3
SPACING = (0.75, 1.25, 2.5)
RNG = np.random.default_rng(7)
# HU along i, j, k; no two alike, all multiples of 4.
HU = (4 * RNG.permutation(X * Y * Z * 10)[: X * Y * Z].reshape(X, Y, Z) - 1000).astype(np.int32)


def case(name, content, expected, extension):
    folder = STACKS / name
    folder.mkdir(parents=True)
    (folder / f"input.{extension}").write_bytes(content)
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def error(variant, **more):
    return {"error": variant, **more}


def numbers(array):
    return [float(value) for value in np.asarray(array).ravel()]


def hu(pixels):
    return np.round(np.maximum(np.asarray(pixels, np.float64), AIR)).astype(int)


def stack(pixels, spacing=None, places=None, stored=None, meanings=("Hu",), quantity="hu", convert=hu):
    """Expects `pixels`, slices x rows x columns as shown, at `spacing` (columns, rows, slices)."""
    count, rows, columns = pixels.shape
    last = count - 1
    expected = {"count": count, "rows": rows, "columns": columns, "meanings": list(meanings), "quantity": quantity}
    expected["slices"] = {str(at): convert(pixels[at]).ravel().tolist() for at in {0, count // 2, last}}
    if spacing is not None:
        expected |= {"spacing": [float(spacing[1]), float(spacing[0])], "thickness": float(spacing[2])}
    if places is not None:
        expected |= {"first": places(0), "last": places(last)}
    if stored is not None:
        expected["stored"] = convert(stored).tolist()
    return expected


# NIfTI


def affine(codes, spacing=SPACING, angle=0.0):
    """To RAS millimetres for file axes that lead to `codes`, turned by `angle` about an oblique axis."""
    directions = {"R": (1, 0, 0), "L": (-1, 0, 0), "A": (0, 1, 0), "P": (0, -1, 0), "S": (0, 0, 1), "I": (0, 0, -1)}
    axis = np.array([1.0, 0.5, 0.25]) / np.linalg.norm([1.0, 0.5, 0.25])
    cross = np.cross(np.eye(3), axis)
    turn = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
    matrix = np.eye(4)
    matrix[:3, :3] = turn @ np.array([directions[code] for code in codes]).T * spacing
    matrix[:3, 3] = (-30.5, 12.25, 100)
    return matrix


def nifti(values, matrix, version=nib.Nifti1Image, edit=lambda header: None, byteorder="<"):
    header = version.header_class(endianness=byteorder)
    image = version(values, matrix, header)
    image.header.set_data_dtype(values.dtype.newbyteorder(byteorder))
    image.set_sform(matrix, 1)
    image.set_qform(matrix, 1)
    edit(image)
    return image.to_bytes()


def as_nibabel(content, version=nib.Nifti1Image, placed=True, **more):
    image = version.from_bytes(content)
    data = image.get_fdata()
    upright = nib.as_closest_canonical(version(data, image.affine))
    # Canonical axes lead to the right, the front and the head; shown are columns to the left and rows to the back.
    pixels = np.asanyarray(upright.dataobj)[::-1, ::-1].transpose(2, 1, 0)
    to_lps = np.diag([-1.0, -1.0, 1.0, 1.0])
    matrix = to_lps @ upright.affine
    steps = np.linalg.norm(matrix[:3, :3], axis=0)
    x, y, _ = upright.shape

    def places(at):
        return {
            "origin": numbers((matrix @ [x - 1, y - 1, at, 1])[:3]),
            "right": numbers(-matrix[:3, 0] / steps[0]),
            "down": numbers(-matrix[:3, 1] / steps[1]),
        }

    # The file's own layout of the slice nearest to the feet: axes in the file's order, the faster one across.
    orientation = nib.io_orientation(image.affine)
    axis = int(np.argmax(orientation[:, 0] == 2))
    lowest = 0 if orientation[axis, 1] > 0 else -1
    stored = np.take(data, lowest, axis).T
    return stack(pixels, steps, places if placed else None, stored, **more)


def nifti_cases():
    ras = affine("RAS")
    for name, values in {
        "int8": (HU // 20).astype(np.int8), "int16": HU.astype(np.int16), "int32": HU, "int64": HU.astype(np.int64),
        "float32": (HU + 0.25).astype(np.float32), "float64": HU - 1100.3,
    }.items():
        content = nifti(values, ras)
        case(f"nifti-{name}", content, as_nibabel(content), "nii")
    content = nifti(HU.astype(np.int16), ras, byteorder=">")
    case("nifti-big-endian", content, as_nibabel(content), "nii")
    for name, values in {"uint8": HU % 251, "uint16": HU + 1024, "uint32": HU + 1024, "uint64": HU + 1024}.items():
        # nibabel undoes the slope when it writes, so that it is set in the bytes.
        content = bytearray(nifti(values.astype(name), ras))
        content[112:120] = struct.pack("<ff", 4.0 if name == "uint8" else 1.0, -1024.0)
        case(f"nifti-{name}-slope", bytes(content), as_nibabel(bytes(content)), "nii")
    content = bytearray(nifti(HU.astype(np.int16), ras))
    for name, slope in {"zero": 0.0, "nan": float("nan")}.items():
        content[112:120] = struct.pack("<ff", slope, 7.0 if name == "zero" else float("nan"))
        case(f"nifti-slope-{name}", bytes(content), as_nibabel(bytes(content)), "nii")
    # Without sign and slope it cannot be HU.
    content = nifti((HU + 1024).astype(np.uint16), ras)
    plus = as_nibabel(content, meanings=["HuPlus1024"], convert=lambda pixels: np.asarray(pixels).astype(int) - 1024)
    case("nifti-uint16-without-slope", content, plus, "nii")

    values = HU.astype(np.int16)
    for codes in ("LPS", "RAS", "LAI", "PIR", "ASL", "ILA", "SRP", "AIL", "PSR"):
        content = nifti(values, affine(codes))
        case(f"nifti-{codes.lower()}", content, as_nibabel(content), "nii")
        case(f"nifti-{codes.lower()}-gz", gzip.compress(content, mtime=0), as_nibabel(content), "nii.gz")
    for codes in ("LPS", "ASR"):
        content = nifti(values, affine(codes, angle=0.3))
        case(f"nifti-oblique-{codes.lower()}", content, as_nibabel(content), "nii")

    def only_qform(image):
        image.set_sform(None, 0)

    for codes in ("RAS", "LAS", "PSR"):
        content = nifti(values, affine(codes, angle=0.4), edit=only_qform)
        case(f"nifti-qform-{codes.lower()}", content, as_nibabel(content), "nii")

    def other_qform(image):
        image.set_qform(affine("PIR"), 1)

    content = nifti(values, ras, edit=other_qform)
    case("nifti-sform-over-qform", content, as_nibabel(content), "nii")

    def no_forms(image):
        image.set_sform(None, 0)
        image.set_qform(None, 0)

    content = nifti(values, ras, edit=no_forms)
    case("nifti-without-place", content, as_nibabel(content, placed=False), "nii")
    content = nifti(values, ras, nib.Nifti2Image)
    case("nifti-2", content, as_nibabel(content, nib.Nifti2Image), "nii")
    content = nifti(values, ras, nib.Nifti2Image, byteorder=">")
    case("nifti-2-big-endian", content, as_nibabel(content, nib.Nifti2Image), "nii")
    content = nifti(values[..., None], ras)
    case("nifti-4d-of-one-volume", content, as_nibabel(nifti(values, ras)), "nii")
    content = nifti(np.stack([values, values], -1), ras)
    case("nifti-4d", content, error("Volumes",
         message="The file holds 2 volumes, such as a series in time: export the one to be read."), "nii")
    rgb = np.zeros((X, Y, Z), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    case("nifti-rgb", nifti(rgb, ras), error("Colour"), "nii")
    case("nifti-complex", nifti(values.astype(np.complex64), ras), error("PixelType"), "nii")
    content = nifti(values, ras)
    case("nifti-detached", content[:344] + b"ni1\0" + content[348:], error("Detached"), "nii")
    case("nifti-truncated", content[:-2], error("Truncated"), "nii")
    cut = as_nibabel(content)
    cut = {key: cut[key] for key in ("count", "rows", "columns", "meanings")} | {"slice_error": "Truncated"}
    case("nifti-gz-cut", gzip.compress(content[:-2], mtime=0), cut, "nii.gz")
    case("nifti-gz-truncated", gzip.compress(content, mtime=0)[:-30], error("Truncated"), "nii.gz")
    wide = bytearray(content)
    wide[42:44] = struct.pack("<h", 2049)
    case("nifti-2049-columns", bytes(wide), error("Size"), "nii")
    long = bytearray(content)
    long[40:56] = struct.pack("<8h", 3, 2048, 2048, 32767, 1, 1, 1, 1)
    case("bomb-nifti-size", bytes(long), error("Truncated"), "nii")
    claimed = {"count": 32767, "rows": 2048, "columns": 2048, "meanings": ["Hu"], "slice_error": "Truncated"}
    case("bomb-nifti-gz-size", gzip.compress(bytes(long), mtime=0), claimed, "nii.gz")


# NRRD and MetaImage


def as_itk(path, **more):
    image = sitk.ReadImage(str(path))
    stored = sitk.GetArrayViewFromImage(image)
    # DICOM's axes: columns to the left, rows to the back, slices to the head.
    upright = sitk.DICOMOrient(image, "LPS")
    direction = np.array(upright.GetDirection()).reshape(3, 3)

    def places(at):
        return {
            "origin": numbers(upright.TransformIndexToPhysicalPoint((0, 0, at))),
            "right": numbers(direction[:, 0]),
            "down": numbers(direction[:, 1]),
        }

    matrix = np.array(image.GetDirection()).reshape(3, 3)
    axis = int(np.argmax(np.abs(matrix[2])))
    lowest = 0 if matrix[2, axis] > 0 else -1
    stored = np.take(stored, lowest, 2 - axis)
    return stack(sitk.GetArrayFromImage(upright), upright.GetSpacing(), places, stored, **more)


def itk_image(values, codes="RAS", angle=0.0):
    """`values` along i, j, k at a place that is given in RAS."""
    matrix = np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine(codes, angle=angle)
    image = sitk.GetImageFromArray(np.ascontiguousarray(values.T))
    steps = np.linalg.norm(matrix[:3, :3], axis=0)
    image.SetSpacing(steps.tolist())
    image.SetDirection((matrix[:3, :3] / steps).ravel().tolist())
    image.SetOrigin(matrix[:3, 3].tolist())
    return image


def written(image, extension, compress=False):
    path = TEMPORARY / f"image.{extension}"
    sitk.WriteImage(image, str(path), compress)
    return path


def metaimage_cases():
    for kind in (np.int8, np.int16, np.int32, np.int64, np.float32, np.float64):
        values = HU // 20 if kind == np.int8 else HU
        path = written(itk_image(values.astype(kind)), "mha")
        case(f"mha-{np.dtype(kind).name}", path.read_bytes(), as_itk(path), "mha")
    values = HU.astype(np.int16)
    for codes, angle in (("LPS", 0), ("PIR", 0), ("ASL", 0), ("LAI", 0), ("LPS", 0.3), ("PSR", 0.4)):
        name = f"mha-{codes.lower()}" + ("-oblique" if angle else "")
        path = written(itk_image(values, codes, angle), "mha")
        case(name, path.read_bytes(), as_itk(path), "mha")
        path = written(itk_image(values, codes, angle), "mha", True)
        case(f"{name}-compressed", path.read_bytes(), as_itk(path), "mha")
    path = written(itk_image(values), "mha")
    content = path.read_bytes()
    cut = as_itk(path)
    case("mha-truncated", content[:-2], error("Truncated"), "mha")
    head, pixels = content[: -values.size * 2], content[-values.size * 2 :]
    big = head.replace(b"MSB = False", b"MSB = True") + np.frombuffer(pixels, "<i2").astype(">i2").tobytes()
    case("mha-big-endian", big, as_itk(path), "mha")
    case("mhd", head.replace(b"LOCAL", b"image.raw"), error("Detached"), "mhd")
    case("mha-text", content.replace(b"BinaryData = True", b"BinaryData = False"), error("Encoding"), "mha")
    case("mha-channels", content.replace(b"ElementType", b"ElementNumberOfChannels = 3\nElementType"), error("Colour"), "mha")
    compressed = written(itk_image(values), "mha", True).read_bytes()
    cut = {key: cut[key] for key in ("count", "rows", "columns", "meanings")} | {"slice_error": "Truncated"}
    case("mha-compressed-cut", compressed[:-20], cut, "mha")


def nrrd_file(values, **header):
    path = TEMPORARY / "image.nrrd"
    nrrd.write(str(path), values, header)
    # Remarks, which tell the day.
    path.write_bytes(re.sub(rb"\A(NRRD\d+\n)(#.*\n)*", rb"\1", path.read_bytes()))
    return path


def nrrd_cases():
    values = HU.astype(np.int16)
    for codes, angle in (("RAS", 0), ("LPS", 0), ("PIR", 0), ("ILA", 0), ("LPS", 0.3)):
        matrix = affine(codes, angle=angle)
        name = f"nrrd-{codes.lower()}" + ("-oblique" if angle else "")
        for encoding in ("raw", "gzip"):
            header = {"space": "right-anterior-superior", "space directions": matrix[:3, :3].T,
                      "space origin": matrix[:3, 3], "encoding": encoding}
            path = nrrd_file(values, **header)
            case(name + ("-gzip" if encoding == "gzip" else ""), path.read_bytes(), as_itk(path), "nrrd")
    lps = {"space": "left-posterior-superior", "space directions": np.diag(SPACING), "space origin": [1.5, 2.5, -3.5]}
    for kind in ("int8", "uint16", "int32", "int64", "float32", "float64", ">i2", ">f4"):
        shifted = HU // 20 if kind == "int8" else HU + 1024 if kind == "uint16" else HU
        path = nrrd_file(shifted.astype(kind), encoding="raw", **lps)
        plus = dict(meanings=["HuPlus1024"], convert=lambda pixels: np.asarray(pixels).astype(int) - 1024)
        expected = as_itk(path, **(plus if kind == "uint16" else {}))
        case(f"nrrd-{kind.replace('>', 'big-endian-')}", path.read_bytes(), expected, "nrrd")
    content = nrrd_file(values, encoding="raw", **lps).read_bytes()
    head, pixels = content[: -values.size * 2], content[-values.size * 2 :]
    path = TEMPORARY / "skipped.nrrd"
    path.write_bytes(head[:-1] + b"byte skip: -1\n\n" + b"12345" + pixels)
    case("nrrd-byte-skip-from-the-end", path.read_bytes(), as_itk(path), "nrrd")
    path.write_bytes(head[:-1] + b"byte skip: 5\n\n" + b"12345" + pixels)
    case("nrrd-byte-skip", path.read_bytes(), as_itk(path), "nrrd")
    path = nrrd_file(values, encoding="raw", spacings=[0.75, 1.25, 2.5])
    pixels, _ = nrrd.read(str(path), index_order="C")
    case("nrrd-without-space", path.read_bytes(), stack(pixels, SPACING), "nrrd")
    case("nrrd-truncated", content[:-2], error("Truncated"), "nrrd")
    case("nhdr", head[:-1] + b"data file: image.raw\n\n", error("Detached"), "nhdr")
    case("nrrd-bzip2", nrrd_file(values, encoding="bzip2", **lps).read_bytes(), error("Encoding"), "nrrd")
    case("nrrd-ascii", nrrd_file(values, encoding="ascii", **lps).read_bytes(), error("Encoding"), "nrrd")
    vectors = nrrd_file(np.stack([values] * 2), encoding="raw", space="right-anterior-superior",
                        **{"space directions": np.vstack([[np.nan] * 3, np.diag(SPACING)])}).read_bytes()
    case("nrrd-vectors", vectors, error("Volumes",
         message="The file holds 2 volumes, such as a series in time: export the one to be read."), "nrrd")
    case("nrrd-4d", nrrd_file(np.stack([values] * 2, -1), encoding="raw").read_bytes(), error("Volumes",
         message="The file holds 2 volumes, such as a series in time: export the one to be read."), "nrrd")


# Arrays


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def npz(**arrays):
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def array(pixels, meanings=("Hu",), **more):
    return stack(np.asarray(pixels), meanings=meanings, **more)


def npy_cases():
    stacked = HU.transpose(2, 1, 0)
    for kind in ("<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "<f4", ">f4", "<f8", ">f8", "<f2"):
        values = stacked.astype(kind)
        name = np.dtype(kind).name + ("-big-endian" if kind[0] == ">" else "")
        case(f"npy-{name}", npy(values), array(values), "npy")
    case("npy-int8", npy((stacked // 20).astype(np.int8)), array(stacked // 20), "npy")
    plus = dict(convert=lambda pixels: np.asarray(pixels).astype(int) - 1024, meanings=["HuPlus1024"])
    for kind in ("<u2", ">u2", "<u4", "<u8"):
        values = (stacked + 1024).astype(kind)
        name = np.dtype(kind).name + ("-big-endian" if kind[0] == ">" else "")
        case(f"npy-{name}", npy(values), array(values, **plus), "npy")
    values = stacked.astype(np.int16)
    case("npy-fortran", npy(np.asfortranarray(values)), array(values), "npy")
    case("npy-fortran-one-picture", npy(np.asfortranarray(values[0])), array(values[:1]), "npy")
    case("npy-one-picture", npy(values[0]), array(values[:1]), "npy")
    case("npy-channel", npy(values[..., None]), array(values), "npy")
    case("npy-one-picture-channel", npy(values[0][..., None]), array(values[:1]), "npy")
    case("npy-one-picture-first", npy(values[:1]), array(values[:1]), "npy")
    version2 = io.BytesIO()
    np.lib.format.write_array(version2, values, version=(2, 0))
    case("npy-version-2", version2.getvalue(), array(values), "npy")
    as_is = lambda pixels: np.asarray(pixels).astype(int)
    bytes_ = (stacked % 256).astype(np.uint8)
    case("npy-uint8", npy(bytes_), array(bytes_, ["ZeroTo255"], quantity={"brightness": 255}, convert=as_is), "npy")
    fractions = (stacked.astype(np.float32) + 1024) / 4096
    from_one = lambda pixels: np.floor(np.asarray(pixels, np.float64) * 32767 + 0.5).astype(int)
    one = dict(quantity={"brightness": 32767}, convert=from_one)
    case("npy-fractions", npy(fractions), array(fractions, ["ZeroToOne"], **one), "npy")
    case("npy-bool", npy(stacked > 0), array(stacked > 0, ["ZeroToOne"], **one), "npy")
    floats = bytes_.astype(np.float32)
    case("npy-bytes-as-float", npy(floats), array(floats, ["ZeroTo255", "HuPlus1024", "Hu"],
         quantity={"brightness": 255}, convert=as_is), "npy")
    wide = (stacked + 1024).astype(np.uint16) * 16
    case("npy-uint16-brightness", npy(wide), array(wide, ["ZeroTo65535"], quantity={"brightness": 32767},
         convert=lambda pixels: np.asarray(pixels).astype(int) // 2), "npy")
    offset = (stacked + 1024).astype(np.int16)
    case("npy-int16-positive", npy(offset), array(offset, **plus | {"meanings": ["HuPlus1024", "Hu"]}), "npy")
    odd = stacked.astype(np.float32)
    odd[0, 0, :3] = [np.nan, np.inf, -np.inf]
    case("npy-not-finite", npy(odd), array(np.nan_to_num(odd, nan=AIR, posinf=32767, neginf=AIR)), "npy")
    shape = "The array has the shape 2 x 5 x 6 x 3; height x width or slices x height x width can be read: save one value for each pixel."
    case("npy-4d", npy(np.zeros((2, 5, 6, 3))), error("Shape", message=shape), "npy")
    case("npy-colour", npy(np.zeros((5, 6, 3))), error("Shape"), "npy")
    case("npy-1d", npy(np.zeros(6)), error("Shape"), "npy")
    case("npy-complex", npy(values.astype(np.complex64)), error("PixelType"), "npy")
    case("npy-text", npy(np.array([["a", "b"]])), error("PixelType"), "npy")
    case("npy-records", npy(np.zeros((2, 2), [("a", "i2"), ("b", "i2")])), error("PixelType"), "npy")
    case("npy-truncated", npy(values)[:-2], error("Truncated"), "npy")
    huge = npy(values).replace(b"(3, 4, 5), ", b"(9999, 2048, 2048), ")
    case("bomb-npy-size", huge.replace(b" " * 9 + b"\n", b"\n"), error("Truncated"), "npy")

    archive = {"members": ["image.npy", "mask.npy"], "skipped": []}
    content = npz(image=values, mask=(values > 0).astype(np.uint8))
    case("npz", content, archive | {"open": 0} | array(values), "npz")
    mask = (values > 0).astype(int)
    case("npz-mask", content, archive | {"open": 1} | masks(mask, [1], {"above": 0.5}), "npz")


# TIFF


def tiff(values, **options):
    out = io.BytesIO()
    tifffile.imwrite(out, values, **{"metadata": None, "photometric": "minisblack"} | options)
    return out.getvalue()


def spaced(expected, spacing, thickness=None):
    return expected | {"spacing": spacing} | ({} if thickness is None else {"thickness": thickness})


def tiff_cases():
    values = HU.transpose(2, 1, 0).astype(np.int16)
    case("tiff-pages", tiff(values), array(values), "tif")
    case("tiff-pages-deflate", tiff(values, compression="zlib"), array(values), "tif")
    case("tiff-pages-float", tiff(values.astype(np.float32)), array(values), "tif")
    twelve = (values + 1024).astype(np.uint16)
    plus = dict(convert=lambda pixels: np.asarray(pixels).astype(int) - 1024, meanings=["HuPlus1024"])
    case("tiff-pages-12-bit", tiff(twelve), array(twelve, **plus), "tif")
    per_cm = tiff(values, resolution=(10 / 0.75, 10 / 1.25), resolutionunit="CENTIMETER")
    case("tiff-per-centimetre", per_cm, spaced(array(values), [1.25, 0.75]), "tif")
    screen = tiff(values, resolution=(72, 72), resolutionunit="INCH")
    case("tiff-72-dots-per-inch", screen, array(values), "tif")
    imagej = dict(imagej=True, metadata={"spacing": 2.5, "unit": "mm", "axes": "ZYX"}, resolution=(1 / 0.75, 1 / 1.25))
    case("tiff-imagej", tiff(twelve, **imagej), spaced(array(twelve, **plus), [1.25, 0.75], 2.5), "tif")
    one = tiff(twelve, **imagej | {"truncate": True})
    case("tiff-imagej-one-directory", one, spaced(array(twelve, **plus), [1.25, 0.75], 2.5), "tif")
    calibrated = dict(imagej=True, metadata={"axes": "ZYX", "cf": 0, "c0": -32768.0, "c1": 1.0})
    stored = (values.astype(np.int32) + 32768).astype(np.uint16)
    case("tiff-imagej-calibrated", tiff(stored, **calibrated), array(values), "tif")
    channels = tiff(twelve[None], imagej=True, metadata={"axes": "ZCYX"})
    case("tiff-imagej-channels", channels, error("PixelType"), "tif")
    times = tiff(twelve[:, None], imagej=True, metadata={"axes": "TZYX"})
    case("tiff-imagej-times", times, error("Volumes"), "tif")
    case("tiff-imagej-truncated", one[:-40], error("Truncated"), "tif")
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        writer.write(values[0], photometric="minisblack", metadata=None)
        writer.write(values[1][:3], photometric="minisblack", metadata=None)
    case("tiff-uneven-pages", out.getvalue(), error("MultiPage"), "tif")
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as writer:
        writer.write(values[0], photometric="minisblack", metadata=None)
        writer.write(values[0][::2, ::2], photometric="minisblack", metadata=None, subfiletype=1)
    case("tiff-thumbnail", out.getvalue(), array(values[:1]), "tif")
    ring = bytearray(tiff(values))
    with tifffile.TiffFile(io.BytesIO(bytes(ring))) as file:
        last = file.pages[2]
        place = last.offset + 2 + 12 * len(last.tags)
        first = file.pages[0].offset
    ring[place : place + 4] = struct.pack("<I", first)
    case("bomb-tiff-ring", bytes(ring), error("Damaged"), "tif")


# Archives


def zipped(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, content)
    return out.getvalue()


def archive_cases():
    values = HU.astype(np.int16)
    volume = nifti(values, affine("LAI"))
    grey = (values[:, :, 0].T % 256).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(grey).save(out, "PNG")
    files = [("scan/", b""), ("scan/a.nii", volume), ("scan/b.png", out.getvalue()), ("__MACOSX/scan/._b.png", b"x"),
             (".DS_Store", b"x"), ("scan/more.zip", b"PK"), ("scan/old.TAR.GZ", b"\x1f\x8b"),
             ("scan/c.nii.gz", gzip.compress(volume, mtime=0))]
    listing = {"members": ["scan/a.nii", "scan/b.png", "scan/c.nii.gz"], "skipped": ["scan/more.zip", "scan/old.TAR.GZ"]}
    for name, method in (("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)):
        content = zipped(files, method)
        for at, kind in enumerate(("nifti", "png", "nifti-gz")):
            expected = as_nibabel(volume)
            if kind == "png":
                expected = stack(grey[None], meanings=["ZeroTo255"], quantity={"brightness": 255},
                                 convert=lambda pixels: np.asarray(pixels).astype(int))
            case(f"zip-{name}-{kind}", content, listing | {"open": at} | expected, "zip")
    listing = {"members": ["a.nii"], "skipped": [], "open": 0}
    locked = bytearray(zipped([("a.nii", volume)]))
    locked[6] |= 1
    locked[bytes(locked).index(b"PK\1\2") + 8] |= 1
    case("zip-encrypted", bytes(locked), listing | error("Encrypted"), "zip")
    case("zip-bzip2", zipped([("a.nii", volume)], zipfile.ZIP_BZIP2), listing | error("Packed"), "zip")
    nested = zipped([("a.nii", zipped([("b", b"b")]))])
    case("zip-in-zip", nested, listing | error("Archive"), "zip")
    case("zip-truncated", zipped([("a.nii", volume)])[:-60], error("Damaged"), "zip")
    empty = zipped([])
    case("zip-empty", empty, {"members": [], "skipped": []}, "zip")
    many = zipped([(f"{at:x}", b"") for at in range(5001)])
    case("zip-too-many", many, error("TooManyMembers"), "zip")
    # More comes out than is declared, and more is declared than can come out.
    bomb = bytearray(zipped([("a.png", b"\x89PNG\r\n\x1a\n" + bytes(1 << 20))]))
    listing = {"members": ["a.png"], "skipped": [], "open": 0}
    for place in (22, bytes(bomb).index(b"PK\1\2") + 24):
        bomb[place : place + 4] = struct.pack("<I", 1000)
    case("bomb-zip-size", bytes(bomb), listing | error("Damaged"), "zip")
    for place in (22, bytes(bomb).index(b"PK\1\2") + 24):
        bomb[place : place + 4] = struct.pack("<I", 0xFFFFFFF0)
    case("bomb-zip-ratio", bytes(bomb), listing | error("Damaged"), "zip")


# Masks


def masks(shown, labels, choice, named=None, wanted=None):
    """Expects these labels in `shown`, slices x rows x columns, and 1 where `wanted` (the chosen ones) are."""
    wanted = shown > 0 if wanted is None else np.isin(shown, wanted)
    expected = stack(wanted, convert=lambda pixels: np.asarray(pixels).astype(int))
    del expected["quantity"], expected["meanings"]
    counts = [[int(label), int((shown == label).sum())] for label in labels]
    return expected | {"as": "mask", "labels": counts, "choice": choice, "named": named or {}}


def mask_cases():
    place = affine("LPS")
    labels = np.zeros((X, Y, Z), np.uint8)
    labels[1:4, 1:3, :] = [26, 27, 92]
    labels[0, 0, 1] = 5
    shown = labels.transpose(2, 1, 0)
    # LPS in nibabel is x to the left, y to the back: as shown.
    spine = list(range(25, 51))
    names = {"5": "liver", "26": "vertebra S1", "27": "vertebra L5", "92": "rib left 1"}
    total = masks(shown, [5, 26, 27, 92], {"values": spine}, names, spine)
    content = nifti(labels, place)
    case("mask-totalsegmentator", content, total, "nii")
    case("mask-totalsegmentator-gz", gzip.compress(content, mtime=0), total, "nii.gz")
    verse = np.where(labels == 92, 20, np.where(labels == 5, 0, labels)).astype(np.float32)
    case("mask-verse", nifti(verse, place), masks(verse.transpose(2, 1, 0), [20, 26, 27], {"values": [20, 26, 27]}), "nii")
    single = (labels == 26).astype(np.int16)
    case("mask-single", nifti(single, place), masks(single.transpose(2, 1, 0), [1], {"above": 0.5}), "nii")
    case("mask-255", nifti(single * np.int16(255), place), masks(255 * single.transpose(2, 1, 0), [255], {"above": 127.5}), "nii")
    soft = np.where(labels == 26, 0.75, 0.25).astype(np.float32)
    wanted = masks(soft.transpose(2, 1, 0), [], {"above": 0.375}, wanted=[0.75])
    case("mask-fractions", nifti(soft, place), wanted, "nii")
    other = np.where(labels == 92, 3, np.where(labels == 26, 2, 0)).astype(np.uint8)
    case("mask-npy", npy(other.transpose(2, 1, 0)), masks(other.transpose(2, 1, 0), [2, 3], {"values": [2, 3]}), "npy")
    case("mask-tiff", tiff(other.transpose(2, 1, 0)), masks(other.transpose(2, 1, 0), [2, 3], {"values": [2, 3]}), "tif")
    path = written(itk_image(other, "LPS"), "mha", True)
    case("mask-mha", path.read_bytes(), masks(other.transpose(2, 1, 0), [2, 3], {"values": [2, 3]}), "mha")
    path = nrrd_file(other, encoding="gzip")
    case("mask-nrrd", path.read_bytes(), masks(other.transpose(2, 1, 0), [2, 3], {"values": [2, 3]}), "nrrd")
    grey = np.array([[0, 1, 100, 101, 200, 199]], np.uint8)
    out = io.BytesIO()
    Image.fromarray(grey).save(out, "PNG")
    wanted = masks(grey[None], [1, 100, 101, 199, 200], {"above": 100.0}, wanted=[101, 199, 200])
    case("mask-png", out.getvalue(), wanted, "png")
    case("mask-empty", nifti(labels * 0, place), masks(shown * 0, [], {"above": 0.0}), "nii")


shutil.rmtree(STACKS, ignore_errors=True)
nifti_cases()
metaimage_cases()
nrrd_cases()
npy_cases()
tiff_cases()
archive_cases()
mask_cases()
shutil.rmtree(TEMPORARY)
