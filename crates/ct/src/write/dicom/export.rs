//! What every exported object says about itself.

use dicom_dictionary_std::tags;

use super::codes::{ARTIFICIAL_INTELLIGENCE, Code};
use super::dataset::DataSet;
use super::source::Source;
use super::uid::Uids;
use crate::NOTICE;

/// How a DICOM object came to be, which its masks do not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DicomExport<'a> {
    /// Name of the model that drew the masks.
    pub algorithm: &'a str,
    /// Which version of it.
    pub algorithm_version: &'a str,
    /// Now, in local time.
    pub written: Timestamp,
    /// Whether the object names the patient (name, id, birth date, sex). Otherwise these are empty; the identifiers of
    /// study and series, which a hospital can trace, are in it all the same.
    pub names_patient: bool,
}

/// A date and time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamp {
    /// Such as 2026.
    pub year: u16,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
    /// From 0 to 23.
    pub hour: u8,
    /// From 0 to 59.
    pub minute: u8,
    /// From 0 to 59.
    pub second: u8,
}

impl Timestamp {
    /// DICOM's DA.
    pub(super) fn date(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// DICOM's TM.
    pub(super) fn time(self) -> String {
        format!("{:02}{:02}{:02}", self.hour, self.minute, self.second)
    }
}

/// A kind of object and what its series is called.
pub(super) struct Kind {
    pub sop_class_uid: &'static str,
    pub modality: &'static str,
    pub series_description: &'static str,
    pub series_number: &'static str,
}

impl DicomExport<'_> {
    /// The modules Patient, General Study, General Series, Frame of Reference, General and Enhanced General Equipment and
    /// SOP Common. Only what is named here is taken over from the source.
    pub(super) fn common(
        &self,
        kind: &Kind,
        source: &Source<'_>,
        sop_instance_uid: &str,
        uids: &mut Uids<'_>,
    ) -> DataSet {
        let (date, time) = (self.written.date(), self.written.time());
        self.patient(source)
            .with(tags::SPECIFIC_CHARACTER_SET, "ISO_IR 192")
            .with(tags::SOP_CLASS_UID, kind.sop_class_uid)
            .with(tags::SOP_INSTANCE_UID, sop_instance_uid)
            .with(tags::INSTANCE_CREATION_DATE, date.as_str())
            .with(tags::INSTANCE_CREATION_TIME, time.as_str())
            .with(tags::STUDY_INSTANCE_UID, source.study_uid)
            .with(tags::STUDY_DATE, ())
            .with(tags::STUDY_TIME, ())
            .with(tags::STUDY_ID, ())
            .with(tags::ACCESSION_NUMBER, ())
            .with(tags::REFERRING_PHYSICIAN_NAME, ())
            .with(tags::MODALITY, kind.modality)
            .with(tags::SERIES_INSTANCE_UID, uids.new_uid())
            .with(tags::SERIES_NUMBER, kind.series_number)
            .with(tags::SERIES_DATE, date.as_str())
            .with(tags::SERIES_TIME, time.as_str())
            .with(tags::SERIES_DESCRIPTION, format!("{}. {NOTICE}", kind.series_description))
            .with(tags::INSTANCE_NUMBER, "1")
            .with(tags::FRAME_OF_REFERENCE_UID, source.frame_of_reference_uid.as_str())
            .with(tags::POSITION_REFERENCE_INDICATOR, ())
            .with(tags::MANUFACTURER, "Rachis")
            .with(tags::MANUFACTURER_MODEL_NAME, "Rachis")
            .with(tags::DEVICE_SERIAL_NUMBER, "0")
            .with(tags::SOFTWARE_VERSIONS, env!("CARGO_PKG_VERSION"))
    }

    fn patient(&self, source: &Source<'_>) -> DataSet {
        let known = if self.names_patient { source.patient.clone() } else { Default::default() };
        DataSet::default()
            .with(tags::PATIENT_NAME, known.name)
            .with(tags::PATIENT_ID, known.id)
            .with(tags::PATIENT_BIRTH_DATE, known.birth_date)
            .with(tags::PATIENT_SEX, known.sex)
    }

    /// The algorithm's name as a text of at most 64 characters without a backslash, which would part it.
    pub(super) fn algorithm_name(&self) -> String {
        long_string(self.algorithm)
    }

    /// The Algorithm Identification macro.
    pub(super) fn algorithm_identification(&self) -> DataSet {
        DataSet::default()
            .with_item(tags::ALGORITHM_FAMILY_CODE_SEQUENCE, Code::item(ARTIFICIAL_INTELLIGENCE))
            .with(tags::ALGORITHM_NAME, self.algorithm_name())
            .with(tags::ALGORITHM_VERSION, long_string(self.algorithm_version))
    }
}

/// A text for DICOM's LO; these elements must not be empty.
fn long_string(text: &str) -> String {
    let text: String =
        text.chars().map(|c| if c == '\\' || c.is_control() { ' ' } else { c }).take(64).collect();
    if text.trim().is_empty() { "unknown".to_owned() } else { text }
}
