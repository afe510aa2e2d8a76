//! What a file is, told from its first bytes.

use crate::error::ReadError;
use crate::pairing::EXTENSIONS;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Dicom,
    Png,
    Jpeg,
    Tiff,
    Archive,
    Volume,
    Text,
    Unknown,
}

/// Where 'DICM' follows the preamble.
pub(super) const DICOM_PREAMBLE: usize = 128;

const MAGIC: [(&[u8], Kind); 11] = [
    (b"\x89PNG\r\n\x1a\n", Kind::Png),
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"II*\0", Kind::Tiff),
    (b"MM\0*", Kind::Tiff),
    (b"II+\0", Kind::Tiff),
    (b"MM\0+", Kind::Tiff),
    (b"PK\x03\x04", Kind::Archive),
    (b"\x1f\x8b", Kind::Archive),
    (b"7z\xbc\xaf\x27\x1c", Kind::Archive),
    (b"Rar!", Kind::Archive),
    (b"BZh", Kind::Archive),
];

pub(super) fn sniff(bytes: &[u8]) -> Kind {
    if bytes.get(DICOM_PREAMBLE..).is_some_and(|rest| rest.starts_with(b"DICM")) {
        return Kind::Dicom;
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return *kind;
    }
    if is_bare_dicom(bytes) {
        Kind::Dicom
    } else if is_nifti(bytes) {
        Kind::Volume
    } else if is_text(bytes) {
        Kind::Text
    } else {
        Kind::Unknown
    }
}

/// A data set without preamble: its first element is of group 0002 or 0008 (little endian) and has a plausible length
/// or value representation.
fn is_bare_dicom(bytes: &[u8]) -> bool {
    let Some(&[group, 0, element, element_high, a, b, c, d]) = bytes.first_chunk::<8>() else {
        return false;
    };
    let plausible_tag = matches!(group, 2 | 8) && element_high == 0 && (element < 0x20 || group == 8);
    let explicit = a.is_ascii_uppercase() && b.is_ascii_uppercase();
    let length = u32::from_le_bytes([a, b, c, d]);
    plausible_tag && (explicit || length as usize <= bytes.len())
}

/// NIfTI-1 single file: the header's size is 348 and 'n+1' follows at byte 344.
fn is_nifti(bytes: &[u8]) -> bool {
    matches!(bytes.first_chunk(), Some([92, 1, 0, 0] | [0, 0, 1, 92]))
        && bytes.get(344..).is_some_and(|rest| rest.starts_with(b"n+1\0") || rest.starts_with(b"ni1\0"))
}

/// UTF-8 without control characters, as far as the first 4 KiB tell.
fn is_text(bytes: &[u8]) -> bool {
    const PROBE: usize = 4096;
    let probe = bytes.get(..PROBE).unwrap_or(bytes);
    let text = match std::str::from_utf8(probe) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            let (valid, _) = probe.split_at(error.valid_up_to());
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
