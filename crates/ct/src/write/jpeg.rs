//! Masks as JPEG, the format of the paper's masks.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageError};

use super::WriteError;
use crate::{Mask, NOTICE, Turn};

/// At which spine stays above the middle grey and all else below it.
const QUALITY: u8 = 100;

/// The bytes of a JPEG before its first segment.
const START_OF_IMAGE: usize = 2;

/// The mask as an 8-bit grey JPEG in the layout of its file, from which `turn` leads to the mask as shown: about 255 is
/// spine, about 0 is not; JPEG rounds. Its comment holds [`NOTICE`].
///
/// # Errors
///
/// [`WriteError::Jpeg`] where the mask has no or more than 65535 rows or columns.
pub fn mask_jpeg(mask: &Mask, turn: Turn) -> Result<Vec<u8>, WriteError> {
    let mask = mask.as_stored(turn);
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, QUALITY).encode(
        &mask.to_gray(),
        mask.columns,
        mask.rows,
        ExtendedColorType::L8,
    )?;
    let Some((start, rest)) = file.split_at_checked(START_OF_IMAGE) else {
        return Err(ImageError::IoError(std::io::ErrorKind::UnexpectedEof.into()).into());
    };
    Ok([start, &comment(NOTICE), rest].concat())
}

/// A COM segment (ITU T.81 B.2.4.5); its length counts itself.
fn comment(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len() + 2).unwrap_or(u16::MAX);
    [&[0xFF, 0xFE], length.to_be_bytes().as_slice(), text.as_bytes()].concat()
}
