//! What a file holds, known before its pixels are decoded.

use serde::{Deserialize, Serialize};

use crate::{Grid, Placement, Spacing, Turn, Vector};

/// A file's slices: one of a picture or a single-frame DICOM file, many of a volume.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StackInfo {
    /// The series that the slices belong to, where the file says it. Files of one key make one series.
    pub series: Option<SeriesKey>,
    /// What the series is called, such as `Thorax 1.0 B70f, series 4`; never the patient. Empty where nothing is known.
    pub description: String,
    /// One for each slice, in the order in which they are shown.
    pub slices: Vec<SliceInfo>,
    /// The voxels of the file, where it holds a volume.
    pub grid: Option<Box<Grid>>,
    /// What the stored values may mean, the likeliest first. More than one: the user is to be asked.
    pub meanings: Vec<Meaning>,
    /// What the user should know though the file can be read, such as text that is burned into the picture.
    pub warning: Option<String>,
}

/// One slice of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SliceInfo {
    /// Number of rows, as shown.
    pub rows: u32,
    /// Number of columns, as shown.
    pub columns: u32,
    /// Pixel spacing, as shown, where the file says it.
    pub spacing: Option<Spacing>,
    /// Thickness of the slice or the distance to the next, in millimetres, where the file says it.
    pub thickness_mm: Option<f32>,
    /// Its place in the patient, as shown, where the file says it.
    pub placement: Option<Placement>,
    /// From the file's layout to the one shown.
    pub turn: Turn,
    /// What a DICOM object made of this slice must refer to.
    pub dicom: Option<Box<DicomIdentity>>,
}

impl SliceInfo {
    /// The same slice, shown after a further turn.
    #[must_use]
    pub fn turned(&self, turn: Turn) -> Self {
        let size = [self.rows, self.columns];
        let [rows, columns] = turn.size(size);
        // A corner cannot be found without spacing, but the directions turn all the same.
        let spacing = self.spacing.unwrap_or(Spacing { row_mm: 0.0, column_mm: 0.0 });
        Self {
            rows,
            columns,
            spacing: self.spacing.map(|spacing| spacing.turned(turn)),
            placement: self.placement.map(|placement| placement.turned(turn, size, spacing)),
            turn: self.turn.then(turn),
            ..self.clone()
        }
    }

    /// The turn that lays a mask, as shown, on this slice, as shown; `flip` is the part of this slice's turn that the
    /// user wanted.
    ///
    /// Where both say where they lie, both come upright. Else the mask was drawn on the slice as that is stored.
    pub fn turn_of_mask(&self, mask: &Self, flip: Turn) -> Turn {
        if self.placement.is_some() && mask.placement.is_some() {
            flip
        } else {
            mask.turn.inverse().then(self.turn)
        }
    }

    /// The middle of the picture in the patient, which stays where it is whatever the turn.
    pub(crate) fn middle_mm(&self) -> Option<Vector> {
        Some(self.placement?.middle_mm([self.rows, self.columns], self.spacing?))
    }
}

/// Names a series without telling anything of it: a hash of its UID and of what tells apart stacks in one series
/// (size and orientation).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeriesKey(pub u64);

/// The identifiers of a DICOM image. They stay on this machine unless the user exports a DICOM object.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DicomIdentity {
    /// StudyInstanceUID.
    pub study_uid: String,
    /// SeriesInstanceUID.
    pub series_uid: String,
    /// SOPClassUID.
    pub sop_class_uid: String,
    /// SOPInstanceUID.
    pub sop_instance_uid: String,
    /// FrameOfReferenceUID.
    pub frame_of_reference_uid: String,
    /// From 1; 1 in single-frame objects.
    pub frame: u32,
    /// InstanceNumber, by which slices without a place are sorted.
    pub instance_number: Option<i32>,
    /// TemporalPositionIndex or AcquisitionNumber, which tell apart images of one place.
    pub acquisition: Option<i32>,
    /// Who it is: to keep one patient's slices together, and for exports in which the user wants that.
    pub patient: PatientIdentity,
}

/// Who a patient is. It is shown nowhere and exported only if the user says so.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PatientIdentity {
    /// PatientName.
    pub name: String,
    /// PatientID.
    pub id: String,
    /// IssuerOfPatientID: where that id holds.
    pub issuer: String,
    /// PatientBirthDate, YYYYMMDD.
    pub birth_date: String,
    /// PatientSex: M, F, O or nothing.
    pub sex: String,
}

/// What the numbers of an array or a floating-point picture may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Meaning {
    /// Hounsfield units.
    Hu,
    /// HU + 1024, 0 to 4095.
    HuPlus1024,
    /// Brightness from 0 to 1.
    ZeroToOne,
    /// Brightness from 0 to 255.
    ZeroTo255,
    /// Brightness from 0 to 65535.
    ZeroTo65535,
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: [u32; 2] = [2, 3];
    const PICTURE: [u8; 6] = [1, 2, 3, 4, 5, 6];

    fn info(turn: Turn, is_placed: bool) -> SliceInfo {
        let [rows, columns] = turn.size(SIZE);
        let axial = Placement { origin_mm: [0.0; 3], right: [1.0, 0.0, 0.0], down: [0.0, 1.0, 0.0] };
        SliceInfo {
            rows,
            columns,
            spacing: Some(Spacing { row_mm: 2.0, column_mm: 0.5 }),
            thickness_mm: None,
            placement: is_placed.then_some(axial),
            turn,
            dicom: None,
        }
    }

    #[test]
    fn a_mask_lies_as_its_slice_whichever_of_the_two_says_where_it_lies() {
        let turns =
            || Turn::all().flat_map(|a| Turn::all().flat_map(move |b| Turn::all().map(move |c| [a, b, c])));
        for [of_slice, of_mask, flip] in turns() {
            for [slice_is_placed, mask_is_placed] in
                [[true, true], [true, false], [false, true], [false, false]]
            {
                let slice = info(of_slice, slice_is_placed).turned(flip);
                let turn = slice.turn_of_mask(&info(of_mask, mask_is_placed), flip);
                let (shown_slice, shown_mask, size) = if slice_is_placed && mask_is_placed {
                    // Alike once upright.
                    (flip.apply(SIZE, &PICTURE), PICTURE.to_vec(), SIZE)
                } else {
                    // Alike as stored.
                    let shown_slice = flip.apply(of_slice.size(SIZE), &of_slice.apply(SIZE, &PICTURE));
                    (shown_slice, of_mask.apply(SIZE, &PICTURE), of_mask.size(SIZE))
                };
                assert_eq!(turn.apply(size, &shown_mask), shown_slice, "{of_slice:?}, {of_mask:?}, {flip:?}");
            }
        }
    }

    #[test]
    fn no_turn_moves_the_middle() {
        for turn in Turn::all() {
            assert_eq!(info(Turn::NONE, true).turned(turn).middle_mm(), Some([0.5, 1.0, 0.0]), "{turn:?}");
        }
    }
}
