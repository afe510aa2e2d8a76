//! Masks as PNG.

use png::{BitDepth, ColorType, Encoder};

use super::WriteError;
use crate::{Mask, NOTICE, Turn};

/// The mask as an 8-bit grey PNG in the layout of its file, from which `turn` leads to the mask as shown: 255 is spine,
/// 0 is not. Its text chunk 'Disclaimer' holds [`NOTICE`].
///
/// # Errors
///
/// [`WriteError::Png`] where the mask has no pixels or not `rows * columns` of them.
pub fn mask_png(mask: &Mask, turn: Turn) -> Result<Vec<u8>, WriteError> {
    let mask = mask.as_stored(turn);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, mask.columns, mask.rows);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    encoder.add_text_chunk("Disclaimer".to_owned(), NOTICE.to_owned())?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&mask.to_gray())?;
    writer.finish()?;
    Ok(file)
}
