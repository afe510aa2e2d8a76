//! Masks as PNG.

use png::{BitDepth, ColorType, Encoder};

use super::WriteError;
use crate::{Mask, NOTICE};

/// The mask as an 8-bit grey PNG: 255 is spine, 0 is not. Its text chunk 'Disclaimer' holds [`NOTICE`].
///
/// # Errors
///
/// [`WriteError::Png`] where the mask has no pixels or not `rows * columns` of them.
pub fn mask_png(mask: &Mask) -> Result<Vec<u8>, WriteError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, mask.columns, mask.rows);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    encoder.add_text_chunk("Disclaimer".to_owned(), NOTICE.to_owned())?;
    let mut writer = encoder.write_header()?;
    let pixels: Vec<u8> = mask.pixels.iter().map(|&pixel| if pixel == 0 { 0 } else { 255 }).collect();
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}
