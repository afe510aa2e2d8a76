//! The file meta information: group 0002, always in explicit VR little endian.

use std::io::Cursor;

use dicom_core::header::{HasLength, Header as _};
use dicom_dictionary_std::{tags, uids};
use dicom_encoding::transfer_syntax::{TransferSyntax, TransferSyntaxIndex};
use dicom_parser::StatefulDecode;
use dicom_parser::dataset::LazyDataToken;
use dicom_parser::dataset::lazy_read::LazyDataSetReader;
use dicom_transfer_syntax_registry::{TransferSyntaxRegistry, entries};

use super::walk::value_range;
use super::{KIND, damaged};
use crate::error::ReadError;
use crate::read::damage;
use crate::read::kind::DICOM_PREAMBLE;

/// What follows it and how that is written.
pub(super) struct FileMeta {
    pub syntax: &'static TransferSyntax,
    /// Where the data set begins.
    pub end: usize,
}

impl FileMeta {
    /// Walks the group element by element, since the group length is wrong in some files.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReadError> {
        const GROUP: [u8; 2] = [2, 0];
        let has_preamble = bytes.get(DICOM_PREAMBLE..).is_some_and(|rest| rest.starts_with(b"DICM"));
        let mut end = if has_preamble { DICOM_PREAMBLE + 4 } else { 0 };
        let mut syntax_uid = None;
        let mut source = Cursor::new(bytes);
        source.set_position(end as u64);
        let mut reader = LazyDataSetReader::new_with_ts(source, &entries::EXPLICIT_VR_LITTLE_ENDIAN.erased())
            .map_err(|error| damage(KIND, &error))?;
        while bytes.get(end..).is_some_and(|rest| rest.starts_with(&GROUP)) {
            match reader.advance().ok_or(ReadError::Truncated)?.map_err(|error| damage(KIND, &error))? {
                LazyDataToken::ElementHeader(_) => {}
                LazyDataToken::LazyValue { header, decoder } => {
                    let range = value_range(bytes, decoder.position(), header.length())?;
                    end = range.end;
                    if header.tag() == tags::TRANSFER_SYNTAX_UID {
                        let uid = bytes.get(range).unwrap_or_default();
                        syntax_uid = Some(String::from_utf8_lossy(uid).trim_matches(['\0', ' ']).to_owned());
                    }
                    decoder.skip_bytes(header.length().0).map_err(|error| damage(KIND, &error))?;
                }
                _ => return Err(damaged()),
            }
        }
        let syntax = match syntax_uid.filter(|uid| !uid.is_empty()) {
            Some(uid) => TransferSyntaxRegistry.get(&uid).ok_or_else(|| ReadError::TransferSyntax {
                name: "an unknown transfer syntax".to_owned(),
                uid: printable(&uid),
            })?,
            None => guess(bytes.get(end..).unwrap_or_default())?,
        };
        Ok(Self { syntax, end })
    }
}

/// Explicit VR where two capital letters follow the first tag, else implicit VR, both little endian.
fn guess(data_set: &[u8]) -> Result<&'static TransferSyntax, ReadError> {
    let explicit = data_set.get(4..6).is_some_and(|vr| vr.iter().all(u8::is_ascii_uppercase));
    let uid = if explicit { uids::EXPLICIT_VR_LITTLE_ENDIAN } else { uids::IMPLICIT_VR_LITTLE_ENDIAN };
    TransferSyntaxRegistry.get(uid).ok_or_else(damaged)
}

/// At most 64 letters, digits and dots of a UID.
fn printable(uid: &str) -> String {
    uid.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').take(64).collect()
}
