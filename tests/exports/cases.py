"""Cases for `write_exports`: masks as they lie in their files, and how the reader shows them.

Everything that Rust is told about turned slices is worked out here with NumPy, on its own.
"""

import dataclasses
import itertools
import json
import pathlib

import numpy as np

NOTICE = "Research use only, not a medical device"
SHARED = pathlib.Path(__file__).parents[3] / "shared/data"
TURNS = [dict(zip(("transposed", "upside_down", "mirrored"), bits)) for bits in itertools.product((False, True), repeat=3)]
NO_TURN = TURNS[0]


@dataclasses.dataclass
class Case:
    """`masks`, `placements` and `spacings` are as stored; `volume` is what NIfTI and NRRD must hold, with `affine` in RAS."""

    masks: list
    placements: list  # (origin, right, down) in LPS, or None
    spacing: tuple  # row, column in mm
    turns: list
    thickness: float | None = 1.0
    identities: list | None = None
    grid: dict | None = None
    volume: np.ndarray | None = None
    affine: np.ndarray | None = None
    names_patient: bool = False
    folder: pathlib.Path | None = None

    def write(self, folder):
        folder.mkdir()
        self.folder = folder
        slices, shown = [], []
        for index, (mask, placement, turn) in enumerate(zip(self.masks, self.placements, self.turns)):
            shown.append(turned(mask, turn))
            row_mm, column_mm = self.spacing[::-1] if turn["transposed"] else self.spacing
            slices.append({
                "rows": shown[-1].shape[0],
                "columns": shown[-1].shape[1],
                "spacing": {"row_mm": row_mm, "column_mm": column_mm},
                "thickness_mm": self.thickness,
                "placement": placement and turned_placement(placement, mask.shape, self.spacing, turn),
                "turn": turn,
                "dicom": self.identities and self.identities[index],
            })
        case = {"slices": slices, "grid": self.grid, "names_patient": self.names_patient}
        (folder / "case.json").write_text(json.dumps(case))
        (folder / "masks.bin").write_bytes(b"".join(mask.tobytes() for mask in shown))

    def refused(self):
        return json.loads((self.folder / "refused.json").read_text())


def turned(picture, turn):
    if turn["transposed"]:
        picture = picture.T
    if turn["upside_down"]:
        picture = picture[::-1]
    if turn["mirrored"]:
        picture = picture[:, ::-1]
    return np.ascontiguousarray(picture)


def turned_placement(placement, shape, spacing, turn):
    """Found by turning the pixels' positions as if they were the picture."""
    origin, right, down = (np.asarray(part, float) for part in placement)
    rows, columns = np.indices(shape)
    positions = origin + rows[..., None] * spacing[0] * down + columns[..., None] * spacing[1] * right
    corner = [turned(positions[..., axis], turn) for axis in range(3)]
    if turn["transposed"]:
        right, down = down, right
    return {
        "origin_mm": [float(part[0, 0]) for part in corner],
        "right": list(-right if turn["mirrored"] else right),
        "down": list(-down if turn["upside_down"] else down),
    }


def identity(index, **changes):
    return {
        "study_uid": "1.2.3.4",
        "series_uid": "1.2.3.4.5",
        "sop_class_uid": "1.2.840.10008.5.1.4.1.1.2",
        "sop_instance_uid": f"1.2.3.4.5.{index + 1}",
        "frame_of_reference_uid": "1.2.3.4.6",
        "frame": 1,
        "instance_number": index + 1,
        "patient": {"name": "Müller^Jörg", "id": "P-1", "issuer": "", "birth_date": "19500102", "sex": "M"},
    } | changes


def spine(shape, seed=0):
    """A ring with a hole, an island in it, a corner contact and some noise."""
    rows, columns = np.indices(shape)
    radius = np.hypot(rows - shape[0] / 2 + seed, columns - shape[1] / 2)
    ring = (radius < min(shape) * 0.4) & (radius > min(shape) * 0.2) | (radius < 1.5)
    noise = np.random.default_rng(seed).random(shape) < 0.05
    return (ring ^ noise).astype(np.uint8)


def series(turn=NO_TURN, **changes):
    """Five oblique slices, the second without spine."""
    masks = [spine((20, 26), seed) for seed in range(5)]
    masks[1][:] = 0
    angle = np.radians(20)
    right = np.array([np.cos(angle), np.sin(angle), 0])
    down = np.array([-np.sin(angle) * 0.8, np.cos(angle) * 0.8, 0.6])
    spacing, step = (0.7, 0.9), 2.5 * np.cross(right, down)
    origins = [np.array([-100.5, 30.25, -7.125]) + index * step for index in range(5)]
    affine = np.eye(4)
    affine[:3] = np.column_stack([right * spacing[1], down * spacing[0], step, origins[0]])
    return Case(
        masks=masks,
        placements=[(origin, right, down) for origin in origins],
        spacing=spacing,
        turns=[turn] * 5,
        identities=[identity(index) for index in range(5)],
        volume=np.stack(masks).T,
        affine=np.diag([-1, -1, 1, 1]) @ affine,
        **changes,
    )


def uneven_series():
    case = series()
    for parts in (case.masks, case.placements, case.turns, case.identities):
        del parts[2]
    return case


def several_frames_of_reference():
    case = series()
    case.identities = [identity(index, frame_of_reference_uid=f"1.2.3.4.6.{index}") for index in range(5)]
    return case


def enhanced():
    """One multi-frame object."""
    case = series()
    enhanced_ct = {"sop_class_uid": "1.2.840.10008.5.1.4.1.1.2.1", "sop_instance_uid": "1.2.3.4.5.1"}
    case.identities = [identity(index, frame=index + 1, **enhanced_ct) for index in range(5)]
    return case


def long_outline():
    """A comb whose outline takes more than the 64 KiB of an element in Explicit VR."""
    case = series()
    comb = np.zeros((2048, 8), np.uint8)
    comb[::2] = comb[:, 0] = 1
    case.masks = [comb] * 5
    case.volume = np.stack(case.masks).T
    return case


def no_place(turn=NO_TURN):
    case = series(turn)
    case.placements = [None] * 5
    case.identities = None
    return case


def grid(voxels, affine, axis=2, reversed_=False):
    """As the reader tells it of a NIfTI volume."""
    columns, rows = [name for name in "IJK" if name != "IJK"[axis]]
    return {
        "dims": voxels.shape,
        "array": {"sizes": voxels.shape, "is_fortran": True},
        "lattice": {"Placed": affine[:3].tolist()},
        "cut": {"columns_along": columns, "rows_along": rows, "slices_along": "IJK"[axis], "reversed": reversed_},
    }


def volume(axis, reversed_, turn=NO_TURN, sheared=False):
    """A NIfTI volume cut along any of its axes; the pixels' place in the patient does not matter for its writing."""
    voxels = np.stack([spine((9, 7), seed) for seed in range(11)]).T
    rotation = np.array([[0.36, 0.48, -0.8], [-0.8, 0.6, 0], [0.48, 0.64, 0.6]]) @ np.diag([0.8, 0.9, 2])
    affine = np.eye(4)
    affine[:3, :3] = rotation * (-1 if reversed_ else 1)
    affine[:3, 3] = [-10.5, 200.25, -30]
    if sheared:
        affine[:3, 2] += affine[:3, 1]
    masks = [mask.T for mask in np.moveaxis(voxels, axis, 0)]
    if reversed_:
        masks.reverse()
    return Case(
        masks=[np.ascontiguousarray(mask) for mask in masks],
        placements=[None] * len(masks),
        spacing=(1, 1),
        turns=[turn] * len(masks),
        grid=grid(voxels, affine, axis, reversed_),
        volume=voxels,
        affine=affine,
    )


def real_volume():
    """The automatic labels of LIDC-IDRI-0001; the DICOM identifiers are those of its slices where they are there."""
    import nibabel

    image = nibabel.load(SHARED / "lidc-idri-0001/totalsegmentator.nii.gz")
    labels = np.asarray(image.dataobj)
    voxels = ((labels >= 26) & (labels <= 50)).astype(np.uint8)
    lps = np.diag([-1, -1, 1, 1]) @ image.affine
    spacing = np.linalg.norm(lps[:3, :3], axis=0)
    right, down = lps[:3, 0] / spacing[0], lps[:3, 1] / spacing[1]
    # The volume's rows run from the back to the front: the reader turns them.
    turn = {"transposed": False, "upside_down": bool(down[1] < 0), "mirrored": bool(right[0] < 0)}
    count = voxels.shape[2]
    return Case(
        masks=[np.ascontiguousarray(voxels[:, :, k].T) for k in range(count)],
        placements=[(lps[:3, 3] + k * lps[:3, 2], right, down) for k in range(count)],
        spacing=(float(spacing[1]), float(spacing[0])),
        turns=[turn] * count,
        thickness=float(spacing[2]),
        identities=[identity(k) for k in range(count)],
        grid=grid(voxels, image.affine),
        volume=voxels,
        affine=image.affine,
    )


def real_series():
    """Three DICOM slices of LIDC-IDRI-0001 with the labels of their places."""
    import nibabel
    import pydicom

    files = [pydicom.dcmread(file) for file in (SHARED / "lidc-idri-0001").glob("*.dcm")]
    files.sort(key=lambda file: file.ImagePositionPatient[2])
    image = nibabel.load(SHARED / "lidc-idri-0001/totalsegmentator.nii.gz")
    masks, identities, placements = [], [], []
    for index, file in enumerate(files):
        z = float(file.ImagePositionPatient[2])
        labels = np.asarray(image.dataobj)[:, :, round((z - image.affine[2, 3]) / image.affine[2, 2])]
        # The volume runs from the back to the front, the file from the front to the back.
        masks.append(np.ascontiguousarray(((labels >= 26) & (labels <= 50)).T[::-1]).astype(np.uint8))
        cosines = [float(part) for part in file.ImageOrientationPatient]
        placements.append(([float(part) for part in file.ImagePositionPatient], cosines[:3], cosines[3:]))
        identities.append({
            "study_uid": file.StudyInstanceUID,
            "series_uid": file.SeriesInstanceUID,
            "sop_class_uid": file.SOPClassUID,
            "sop_instance_uid": file.SOPInstanceUID,
            "frame_of_reference_uid": file.FrameOfReferenceUID,
            "frame": 1,
            "instance_number": index + 1,
            "patient": {"name": str(file.PatientName), "id": file.PatientID, "issuer": "", "birth_date": "", "sex": ""},
        })
    spacing = tuple(float(part) for part in files[0].PixelSpacing)
    affine = np.eye(4)
    origins = np.array([placement[0] for placement in placements])
    right, down = (np.array(part) for part in placements[0][1:])
    affine[:3] = np.column_stack([right * spacing[1], down * spacing[0], origins[1] - origins[0], origins[0]])
    return Case(
        masks=masks,
        placements=placements,
        spacing=spacing,
        turns=[NO_TURN] * len(files),
        thickness=float(files[0].SliceThickness),
        identities=identities,
        volume=np.stack(masks).T,
        affine=np.diag([-1, -1, 1, 1]) @ affine,
        names_patient=True,
    )


def name(turn):
    return "-".join(key for key, is_so in turn.items() if is_so) or "as-stored"


# Series with a place in the patient and DICOM identifiers: every format.
SERIES = {f"series-{name(turn)}": (lambda turn=turn: series(turn)) for turn in TURNS}
SERIES["series-named-patient"] = lambda: series(names_patient=True)
SERIES["series-several-frames-of-reference"] = several_frames_of_reference
SERIES["series-enhanced"] = enhanced
SERIES["series-long-outline"] = long_outline
# Volumes: NIfTI and NRRD.
VOLUMES = {
    f"volume-{'ijk'[axis]}{'-reversed' * reversed_}": (lambda axis=axis, reversed_=reversed_: volume(axis, reversed_))
    for axis in range(3)
    for reversed_ in (False, True)
}
VOLUMES |= {f"volume-{name(turn)}": (lambda turn=turn: volume(1, False, turn)) for turn in TURNS[1:]}
VOLUMES["volume-sheared"] = lambda: volume(2, False, sheared=True)
# Series that some formats refuse.
LACKING = {"uneven": uneven_series, "no-place": no_place, "no-place-transposed": lambda: no_place(TURNS[4])}
REAL = {"real-volume": real_volume, "real-series": real_series} if (SHARED / "lidc-idri-0001").exists() else {}
