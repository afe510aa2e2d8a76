//! The mask as a picture to lay over the slice, alone or against its reference.

use rachis_ct::Mask;

use crate::picture::{MASK_COLOUR, Picture};

/// How regions are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    /// The whole area.
    #[default]
    Fill,
    /// The border only.
    Outline,
}

impl Style {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Fill => Self::Outline,
            Self::Outline => Self::Fill,
        }
    }
}

/// What a pixel of the overlay shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Region {
    /// Predicted, with no reference to compare with.
    Predicted,
    /// In the prediction and in the reference.
    Agreed,
    /// In the reference only.
    Missed,
    /// In the prediction only.
    Extra,
}

impl Region {
    /// Of a pixel, which the reference holds or not, where there is one. `None` is background.
    pub fn of(predicted: bool, reference: Option<bool>) -> Option<Self> {
        match (predicted, reference) {
            (true, None) => Some(Self::Predicted),
            (true, Some(true)) => Some(Self::Agreed),
            (false, Some(true)) => Some(Self::Missed),
            (true, Some(false)) => Some(Self::Extra),
            (false, _) => None,
        }
    }

    /// The legend in `style/viewer.css` uses the same colours.
    fn colour(self) -> [u8; 3] {
        match self {
            Self::Predicted | Self::Agreed => MASK_COLOUR,
            Self::Missed => [255, 92, 138],
            Self::Extra => [255, 196, 61],
        }
    }

    /// Missed is striped and extra is dotted, so that no colour is needed to tell them apart.
    fn alpha(self, style: Style, x: usize, y: usize) -> u8 {
        match (self, style) {
            (Self::Predicted | Self::Agreed, _) => 255,
            (Self::Missed, Style::Fill) if (x + y) % 12 < 6 => 255,
            (Self::Extra, Style::Fill) if x % 10 < 5 && y % 10 < 5 => 255,
            (Self::Missed | Self::Extra, Style::Fill) => 80,
            (Self::Missed, Style::Outline) => u8::from((x + y) % 20 < 13) * 255,
            (Self::Extra, Style::Outline) => u8::from((x + y) % 10 < 5) * 255,
        }
    }
}

/// The regions of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regions {
    /// Number of rows (the height).
    pub rows: u32,
    /// Number of columns (the width).
    pub columns: u32,
    /// `rows * columns` of them; `None` is background.
    pub pixels: Vec<Option<Region>>,
}

impl Regions {
    /// Of `prediction`, against `reference` where there is one of the same size.
    pub fn of(prediction: &Mask, reference: Option<&Mask>) -> Self {
        let predicted = prediction.pixels().into_iter().map(|pixel| pixel != 0);
        let pixels = match reference {
            Some(reference) => predicted
                .zip(reference.pixels())
                .map(|(predicted, expected)| Region::of(predicted, Some(expected != 0)))
                .collect(),
            None => predicted.map(|predicted| Region::of(predicted, None)).collect(),
        };
        Self { rows: prediction.rows, columns: prediction.columns, pixels }
    }

    fn row(&self, row: usize) -> &[Option<Region>] {
        let columns = self.columns as usize;
        self.pixels.get(row * columns..(row + 1) * columns).unwrap_or_default()
    }
}

/// Patterns and outlines need about this many pixels across to look sharp.
const SHARP: u32 = 1024;

/// Paints regions. Small pictures are painted finer than they are, by a whole factor.
pub fn paint(regions: &Regions, style: Style) -> Picture {
    let fineness = (SHARP / regions.columns.max(regions.rows).max(1)).clamp(1, 4) as usize;
    let border = if fineness == 1 { 1 } else { 3 };
    let at = |x: usize, y: usize| regions.row(y / fineness).get(x / fineness).copied().flatten();
    let on_border = |region: Region, x: usize, y: usize| {
        let neighbours = [
            (x.checked_sub(border), Some(y)),
            (Some(x + border), Some(y)),
            (Some(x), y.checked_sub(border)),
            (Some(x), Some(y + border)),
        ];
        neighbours.iter().any(|&neighbour| match neighbour {
            (Some(x), Some(y)) => at(x, y) != Some(region),
            _ => true,
        })
    };
    let (width, height) = (regions.columns as usize * fineness, regions.rows as usize * fineness);
    let mut rgba = vec![0; width * height * 4];
    for (y, line) in rgba.chunks_exact_mut((width * 4).max(1)).enumerate() {
        let row = regions.row(y / fineness);
        // Most of a picture is background.
        let Some(first) = row.iter().position(Option::is_some) else { continue };
        for (x, pixel) in line.chunks_exact_mut(4).enumerate().skip(first * fineness) {
            let Some(region) = row.get(x / fineness).copied().flatten() else { continue };
            if style == Style::Outline && !on_border(region, x, y) {
                continue;
            }
            let [red, green, blue] = region.colour();
            pixel.copy_from_slice(&[red, green, blue, region.alpha(style, x, y)]);
        }
    }
    Picture { columns: width as u32, rows: height as u32, rgba }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(columns: u32, pixels: &[u8]) -> Mask {
        Mask::new(pixels.len() as u32 / columns, columns, pixels.to_vec()).unwrap()
    }

    fn paint(prediction: &Mask, reference: Option<&Mask>, style: Style) -> Picture {
        super::paint(&Regions::of(prediction, reference), style)
    }

    fn pixel(picture: &Picture, x: u32, y: u32) -> [u8; 4] {
        let start = ((y * picture.columns + x) * 4) as usize;
        picture.rgba[start..start + 4].try_into().unwrap()
    }

    #[test]
    fn each_region_has_its_own_colour_and_background_is_clear() {
        let prediction = mask(4, &[0, 1, 0, 1]);
        let reference = mask(4, &[0, 1, 1, 0]);
        let picture = paint(&prediction, Some(&reference), Style::Fill);
        assert_eq!((picture.columns, picture.rows), (16, 4));
        let colours: Vec<[u8; 3]> =
            [4, 8, 12].iter().map(|&x| pixel(&picture, x, 0)[..3].try_into().unwrap()).collect();
        assert_eq!(colours, [Region::Agreed.colour(), Region::Missed.colour(), Region::Extra.colour()]);
        assert_eq!(pixel(&picture, 0, 0), [0, 0, 0, 0]);
    }

    #[test]
    fn missed_and_extra_differ_in_pattern_too() {
        let (full, empty) = (mask(16, &[1; 256]), mask(16, &[0; 256]));
        let alphas = |picture: Picture| -> Vec<u8> { picture.rgba.chunks(4).map(|pixel| pixel[3]).collect() };
        let agreed = alphas(paint(&full, Some(&full), Style::Fill));
        let missed = alphas(paint(&empty, Some(&full), Style::Fill));
        let extra = alphas(paint(&full, Some(&empty), Style::Fill));
        assert!(agreed.iter().all(|&alpha| alpha == 255));
        assert!(missed != extra && missed != agreed && extra != agreed);
        assert!(missed.iter().chain(&extra).all(|&alpha| alpha > 0));
    }

    #[test]
    fn an_outline_leaves_the_inside_clear() {
        let mut pixels = vec![0; 1024 * 8];
        for row in 2..7 {
            pixels[row * 1024 + 10..row * 1024 + 20].fill(1);
        }
        let picture = paint(&mask(1024, &pixels), None, Style::Outline);
        assert_eq!(pixel(&picture, 10, 4)[3], 255);
        assert_eq!(pixel(&picture, 15, 2)[3], 255);
        assert_eq!(pixel(&picture, 15, 4)[3], 0);
        assert_eq!(pixel(&picture, 9, 4)[3], 0);
    }

    #[test]
    fn a_region_that_touches_the_edge_is_outlined_there() {
        let picture = paint(&mask(1024, &[1; 1024 * 3]), None, Style::Outline);
        assert_eq!(pixel(&picture, 500, 0)[3], 255);
        assert_eq!(pixel(&picture, 0, 1)[3], 255);
        assert_eq!(pixel(&picture, 1023, 1)[3], 255);
        assert_eq!(pixel(&picture, 500, 1)[3], 0);
    }
}
