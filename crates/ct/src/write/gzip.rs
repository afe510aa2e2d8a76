//! Voxels, plane by plane, into gzip.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::WriteError;

/// `file` with the gzip of `header` and all `planes` after it.
pub(super) fn append(
    file: Vec<u8>,
    header: &[u8],
    planes: impl Iterator<Item = Result<Vec<u8>, WriteError>>,
) -> Result<Vec<u8>, WriteError> {
    let mut encoder = GzEncoder::new(file, Compression::default());
    encoder.write_all(header).map_err(WriteError::Compress)?;
    for plane in planes {
        encoder.write_all(&plane?).map_err(WriteError::Compress)?;
    }
    encoder.finish().map_err(WriteError::Compress)
}
