//! The elements of one level of a data set: the file's own, or those of a sequence's item.

use std::ops::Range;

use dicom_core::Tag;
use dicom_encoding::text::{SpecificCharacterSet, TextCodec};
use dicom_encoding::transfer_syntax::Endianness;

/// Longer values are no text or number that is asked for here.
const MAX_TEXT: usize = 1024;

/// Where the values of one level lie in the file.
#[derive(Debug, Default)]
pub(super) struct Attributes(Vec<(Tag, Value)>);

#[derive(Debug)]
pub(super) enum Value {
    Bytes(Range<usize>),
    Items(Vec<Attributes>),
}

impl Attributes {
    pub fn insert(&mut self, tag: Tag, value: Value) {
        self.0.push((tag, value));
    }

    fn get(&self, tag: Tag) -> Option<&Value> {
        self.0.iter().find(|(key, _)| *key == tag).map(|(_, value)| value)
    }
}

/// Attributes with the file that holds their values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Elements<'a> {
    pub file: &'a [u8],
    pub order: Endianness,
    pub attributes: &'a Attributes,
}

impl<'a> Elements<'a> {
    pub fn has(self, tag: Tag) -> bool {
        self.attributes.get(tag).is_some()
    }

    pub fn bytes(self, tag: Tag) -> Option<&'a [u8]> {
        match self.attributes.get(tag)? {
            Value::Bytes(range) => self.file.get(range.clone()),
            Value::Items(_) => None,
        }
    }

    /// Text of the default character set without padding: codes, identifiers, numbers.
    pub fn text(self, tag: Tag) -> Option<&'a str> {
        let bytes = self.bytes(tag).filter(|bytes| bytes.len() <= MAX_TEXT)?;
        let text = std::str::from_utf8(bytes).ok()?;
        Some(text.trim_matches(['\0', ' '])).filter(|text| !text.is_empty())
    }

    /// Text in the character set `codes` (SpecificCharacterSet), as people write it; empty where there is none.
    pub fn prose(self, tag: Tag, codes: Option<&str>) -> String {
        let bytes = self.bytes(tag).filter(|bytes| bytes.len() <= MAX_TEXT).unwrap_or_default();
        let code =
            codes.into_iter().flat_map(|codes| codes.split('\\')).rfind(|code| !code.trim().is_empty());
        let set = code.and_then(SpecificCharacterSet::from_code);
        let text = set.and_then(|set| set.decode(bytes).ok());
        let text = text.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
        text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned()
    }

    /// The numbers of a decimal or integer string; those that cannot be read are left out.
    pub fn numbers(self, tag: Tag) -> Vec<f64> {
        let text = self.text(tag).unwrap_or_default();
        text.split('\\')
            .filter_map(|number| number.trim().parse().ok())
            .filter(|n: &f64| n.is_finite())
            .collect()
    }

    pub fn integer(self, tag: Tag) -> Option<i32> {
        self.numbers(tag).first().map(|&number| number as i32)
    }

    /// The first value of an element of 16-bit words.
    pub fn word(self, tag: Tag) -> Option<u16> {
        let bytes = *self.bytes(tag)?.first_chunk()?;
        Some(match self.order {
            Endianness::Big => u16::from_be_bytes(bytes),
            Endianness::Little => u16::from_le_bytes(bytes),
        })
    }

    /// The first value of an element of 32-bit words.
    pub fn long(self, tag: Tag) -> Option<u32> {
        let bytes = *self.bytes(tag)?.first_chunk()?;
        Some(match self.order {
            Endianness::Big => u32::from_be_bytes(bytes),
            Endianness::Little => u32::from_le_bytes(bytes),
        })
    }

    /// The items of a sequence, none where it is missing.
    pub fn items(self, sequence: Tag) -> impl ExactSizeIterator<Item = Self> {
        self.sequence(sequence).iter().map(move |attributes| Self { attributes, ..self })
    }

    /// The item at `index` of a sequence.
    pub fn item(self, sequence: Tag, index: usize) -> Option<Self> {
        self.sequence(sequence).get(index).map(|attributes| Self { attributes, ..self })
    }

    fn sequence(self, tag: Tag) -> &'a [Attributes] {
        match self.attributes.get(tag) {
            Some(Value::Items(items)) => items,
            _ => &[],
        }
    }
}
