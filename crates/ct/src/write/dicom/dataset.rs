//! DICOM data sets in memory and as files.

use std::collections::BTreeMap;

use dicom_core::dictionary::{DataDictionary as _, DataDictionaryEntry as _};
use dicom_core::header::DataElementHeader;
use dicom_core::{Length, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::{StandardDataDictionary, tags};
use dicom_encoding::text::SpecificCharacterSet;
use dicom_encoding::transfer_syntax::TransferSyntax;
use dicom_parser::dataset::{DataSetWriter, DataToken};
use dicom_transfer_syntax_registry::entries::EXPLICIT_VR_LITTLE_ENDIAN;

use crate::WriteError;

/// Names this program as the writer of a file.
const IMPLEMENTATION_CLASS_UID: &str = "2.25.298148791047928651157009170147663936772";

/// Elements by their tags, in which order they are written.
#[derive(Default)]
pub(super) struct DataSet(BTreeMap<Tag, Element>);

enum Element {
    Value(VR, PrimitiveValue),
    Sequence(Vec<DataSet>),
}

impl DataSet {
    /// With one element more, in the dictionary's value representation.
    pub fn with(self, tag: Tag, value: impl Into<PrimitiveValue>) -> Self {
        let vr = StandardDataDictionary.by_tag(tag).map_or(VR::UN, |entry| entry.vr().relaxed());
        self.with_vr(tag, vr, value)
    }

    /// With one element more.
    pub fn with_vr(mut self, tag: Tag, vr: VR, value: impl Into<PrimitiveValue>) -> Self {
        self.0.insert(tag, Element::Value(vr, value.into()));
        self
    }

    /// With these decimal strings.
    pub fn with_decimals(self, tag: Tag, numbers: impl IntoIterator<Item = f64>) -> Self {
        self.with(tag, PrimitiveValue::Strs(numbers.into_iter().map(decimal).collect()))
    }

    /// With a sequence.
    pub fn with_items(mut self, tag: Tag, items: Vec<DataSet>) -> Self {
        self.0.insert(tag, Element::Sequence(items));
        self
    }

    /// With a sequence of one item.
    pub fn with_item(self, tag: Tag, item: DataSet) -> Self {
        self.with_items(tag, vec![item])
    }

    /// With the elements of both.
    pub fn and(mut self, other: DataSet) -> Self {
        self.0.extend(other.0);
        self
    }

    fn write(self, writer: &mut Writer<'_>) -> Result<(), WriteError> {
        let write = |writer: &mut Writer<'_>, token| writer.write(token).map_err(Box::new);
        for (tag, element) in self.0 {
            match element {
                Element::Value(vr, value) => {
                    // The writer fills in the length.
                    write(
                        writer,
                        DataToken::ElementHeader(DataElementHeader::new(tag, vr, Length::UNDEFINED)),
                    )?;
                    write(writer, DataToken::PrimitiveValue(value))?;
                }
                Element::Sequence(items) => {
                    write(writer, DataToken::SequenceStart { tag, len: Length::UNDEFINED })?;
                    for item in items {
                        write(writer, DataToken::ItemStart { len: Length::UNDEFINED })?;
                        item.write(writer)?;
                        write(writer, DataToken::ItemEnd)?;
                    }
                    write(writer, DataToken::SequenceEnd)?;
                }
            }
        }
        Ok(())
    }

    fn encode(self, syntax: &TransferSyntax) -> Result<Vec<u8>, WriteError> {
        let mut bytes = Vec::new();
        let mut writer = DataSetWriter::with_ts_cs(&mut bytes, syntax, SpecificCharacterSet::ISO_IR_192)
            .map_err(Box::new)?;
        self.write(&mut writer)?;
        drop(writer);
        Ok(bytes)
    }

    /// A file of one object (PS3.10, 7.1).
    pub fn into_file(
        self,
        syntax: &TransferSyntax,
        sop_class_uid: &str,
        sop_instance_uid: &str,
    ) -> Result<Vec<u8>, WriteError> {
        let meta = DataSet::default()
            .with(tags::FILE_META_INFORMATION_VERSION, vec![0_u8, 1])
            .with(tags::MEDIA_STORAGE_SOP_CLASS_UID, sop_class_uid)
            .with(tags::MEDIA_STORAGE_SOP_INSTANCE_UID, sop_instance_uid)
            .with(tags::TRANSFER_SYNTAX_UID, syntax.uid())
            .with(tags::IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_CLASS_UID)
            .with(tags::IMPLEMENTATION_VERSION_NAME, concat!("RACHIS_", env!("CARGO_PKG_VERSION")))
            .encode(&EXPLICIT_VR_LITTLE_ENDIAN.erased())?;
        let length = DataSet::default()
            .with(tags::FILE_META_INFORMATION_GROUP_LENGTH, meta.len() as u32)
            .encode(&EXPLICIT_VR_LITTLE_ENDIAN.erased())?;
        Ok([[0; 128].as_slice(), b"DICM", &length, &meta, &self.encode(syntax)?].concat())
    }
}

type Writer<'w> =
    DataSetWriter<&'w mut Vec<u8>, dicom_encoding::transfer_syntax::DynEncoder<'w, &'w mut Vec<u8>>>;

/// A decimal string (DS): the number as precisely as 16 characters can say it.
fn decimal(number: f64) -> String {
    const MAX: usize = 16;
    // Adding 0 makes -0 a plain 0.
    let plain = (number + 0.0).to_string();
    if plain.len() <= MAX {
        return plain;
    }
    // Of a number below a ten-thousandth, plain digits would keep little.
    let plain = (0..MAX).rev().map(|digits| format!("{number:.digits$}")).filter(|_| number.abs() >= 1e-4);
    let exponential = (0..MAX).rev().map(|digits| format!("{number:.digits$e}"));
    plain.chain(exponential).find(|text| text.len() <= MAX).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_string_has_at_most_16_characters_and_keeps_the_number() {
        let cases = [
            (0.703125, "0.703125"),
            (-0.0, "0"),
            (-171.699_997_000_000_02, "-171.69999700000"),
            (1.0 / 3.0, "0.33333333333333"),
            (-1.0 / 3.0e-7, "-3333333.3333333"),
            (1.234_567_890_123_456_7e-17, "1.2345678901e-17"),
            (1e300, "1.0000000000e300"),
        ];
        for (number, text) in cases {
            assert_eq!(decimal(number), text);
            assert!(text.len() <= 16);
        }
    }
}
