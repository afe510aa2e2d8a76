//! From a slice's pixels to the network's input.

use rachis_ct::{Quantity, Slice};
use rachis_unet::Preprocessing;

/// The lowest and the highest HU of 12-bit CT.
const TWELVE_BIT: (f32, f32) = (-1024.0, 3071.0);

/// Turns a slice into the network's input, row by row, each value from 0 to 1.
///
/// HU are scaled as the model asks:
/// - [`Preprocessing::TwelveBit`]: clipped to -1024..3071, then `round((HU + 1024) / 4095 * 255) / 255`, the way from
///   12-bit CT through an 8-bit picture in Kim, Ganbold and Kim (Healthc Inform Res 2020;26(1):61-67);
/// - [`Preprocessing::Window`]: linear from the window's lower to its upper end, clipped;
/// - [`Preprocessing::Unit`]: linear from -1024 to 3071, clipped, without the 8-bit steps.
///
/// A picture whose window is unknown cannot be brought back to HU: its brightness is divided by white.
pub fn network_input(slice: &Slice, preprocessing: &Preprocessing) -> Vec<f32> {
    let pixels = slice.pixels.iter().map(|&value| f32::from(value));
    match slice.quantity {
        Quantity::Brightness { white } => {
            let white = f32::from(white.max(1));
            pixels.map(|value| (value / white).clamp(0.0, 1.0)).collect()
        }
        Quantity::Hu => {
            let (low, high) = range(preprocessing);
            let units = pixels.map(|hu| ((hu - low) / (high - low)).clamp(0.0, 1.0));
            match preprocessing {
                // WebAssembly rounds down in one instruction; `round`, which takes halves away from zero, is a call.
                Preprocessing::TwelveBit => units.map(|unit| (unit * 255.0 + 0.5).floor() / 255.0).collect(),
                Preprocessing::Window { .. } | Preprocessing::Unit => units.collect(),
            }
        }
    }
}

/// The HU that become 0 and 1.
fn range(preprocessing: &Preprocessing) -> (f32, f32) {
    match *preprocessing {
        Preprocessing::TwelveBit | Preprocessing::Unit => TWELVE_BIT,
        Preprocessing::Window { center, width } => {
            let width = width.max(1.0);
            (center - width / 2.0, center + width / 2.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slice(quantity: Quantity, pixels: &[i16]) -> Slice {
        Slice {
            rows: 1,
            columns: pixels.len() as u32,
            pixels: pixels.to_vec(),
            quantity,
            spacing: None,
            window: None,
        }
    }

    #[test]
    fn twelve_bit_clips_and_keeps_256_steps() {
        let input = network_input(
            &slice(Quantity::Hu, &[-3024, -1024, -1016, -1015, 0, 3071, 32767]),
            &Preprocessing::TwelveBit,
        );
        assert_eq!(input, [0.0, 0.0, 0.0, 1.0 / 255.0, 64.0 / 255.0, 1.0, 1.0]);
    }

    #[test]
    fn twelve_bit_rounds_every_hu_to_the_nearest_step() {
        let hu: Vec<i16> = (-1024..=3071).collect();
        let nearest = |&hu: &i16| ((f32::from(hu) + 1024.0) / 4095.0 * 255.0).round() / 255.0;
        let input = network_input(&slice(Quantity::Hu, &hu), &Preprocessing::TwelveBit);
        assert_eq!(input, hu.iter().map(nearest).collect::<Vec<_>>());
    }

    #[test]
    fn a_window_is_linear_between_its_ends() {
        let bone = Preprocessing::Window { center: 350.0, width: 1600.0 };
        let input = network_input(&slice(Quantity::Hu, &[-1000, -450, -50, 350, 1150, 2000]), &bone);
        assert_eq!(input, [0.0, 0.0, 0.25, 0.5, 1.0, 1.0]);
    }

    #[test]
    fn unit_has_no_steps() {
        let input = network_input(&slice(Quantity::Hu, &[-1023]), &Preprocessing::Unit);
        assert_eq!(input, [1.0 / 4095.0]);
    }

    #[test]
    fn a_picture_is_divided_by_white_whatever_the_model_asks_of_hu() {
        let picture = slice(Quantity::Brightness { white: 255 }, &[0, 51, 255]);
        for preprocessing in [
            Preprocessing::TwelveBit,
            Preprocessing::Unit,
            Preprocessing::Window { center: 40.0, width: 400.0 },
        ] {
            assert_eq!(network_input(&picture, &preprocessing), [0.0, 0.2, 1.0]);
        }
    }
}
