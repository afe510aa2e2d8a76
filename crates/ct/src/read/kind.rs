//! What a file is, told from its first bytes.

use super::input::Input;
use super::{metaimage, nifti, npy, nrrd};
use crate::error::ReadError;
use crate::pairing::EXTENSIONS;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Dicom,
    Png,
    Jpeg,
    Tiff,
    Nifti,
    Nrrd,
    MetaImage,
    Npy,
    Gzip,
    Zip,
    /// An archive that is not opened.
    OtherArchive,
    Text,
    Unknown,
}

/// Where 'DICM' follows the preamble.
pub(super) const DICOM_PREAMBLE: usize = 128;

/// The first bytes that are looked at.
const PROBE: usize = 4096;

const MAGIC: [(&[u8], Kind); 14] = [
    (b"\x89PNG\r\n\x1a\n", Kind::Png),
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"II*\0", Kind::Tiff),
    (b"MM\0*", Kind::Tiff),
    (b"II+\0", Kind::Tiff),
    (b"MM\0+", Kind::Tiff),
    (nrrd::MAGIC, Kind::Nrrd),
    (npy::MAGIC, Kind::Npy),
    (b"\x1f\x8b", Kind::Gzip),
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"7z\xbc\xaf\x27\x1c", Kind::OtherArchive),
    (b"Rar!", Kind::OtherArchive),
    (b"BZh", Kind::OtherArchive),
];

pub(super) fn sniff(input: &mut Input) -> Result<Kind, ReadError> {
    let head = input.head(PROBE)?;
    Ok(kind_of(&head, input.length.unwrap_or(u64::MAX)))
}

fn kind_of(head: &[u8], length: u64) -> Kind {
    let has = |magic: &[u8], place: usize| head.get(place..).is_some_and(|rest| rest.starts_with(magic));
    if has(b"DICM", DICOM_PREAMBLE) {
        return Kind::Dicom;
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| has(magic, 0)) {
        return *kind;
    }
    if is_bare_dicom(head, length) {
        Kind::Dicom
    } else if nifti::version(head).is_some() {
        Kind::Nifti
    } else if metaimage::is_header(head) {
        Kind::MetaImage
    } else if has(b"ustar", 257) {
        Kind::OtherArchive
    } else if is_text(head) {
        Kind::Text
    } else {
        Kind::Unknown
    }
}

/// A data set without preamble: its first element is of group 0002 or 0008 (little endian) and has a plausible length
/// or value representation.
fn is_bare_dicom(bytes: &[u8], file_length: u64) -> bool {
    let Some(&[group, 0, element, element_high, a, b, c, d]) = bytes.first_chunk::<8>() else {
        return false;
    };
    let plausible_tag = matches!(group, 2 | 8) && element_high == 0 && (element < 0x20 || group == 8);
    let explicit = a.is_ascii_uppercase() && b.is_ascii_uppercase();
    let length = u32::from_le_bytes([a, b, c, d]);
    plausible_tag && (explicit || u64::from(length) <= file_length)
}

/// UTF-8 without control characters; the last one may be cut off.
fn is_text(bytes: &[u8]) -> bool {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            let (valid, _) = bytes.split_at(error.valid_up_to());
            std::str::from_utf8(valid).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty() && !text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0c'))
}

/// Why a file of unknown content is refused.
pub(super) fn unknown(file_name: &str) -> ReadError {
    let extension = file_name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension {
        Some(extension) if EXTENSIONS.contains(&extension.as_str()) => {
            ReadError::NotWhatItsNameSays { extension }
        }
        _ => ReadError::UnknownKind,
    }
}
