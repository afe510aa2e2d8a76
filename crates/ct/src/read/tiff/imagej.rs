//! What ImageJ and Fiji write into the description of a TIFF (`ij/io/TiffEncoder.java`, `FileSaver.getDescriptionString`).

use super::super::volume::Rescale;

/// The description of a stack, `key=value` line by line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Description {
    /// Number of pictures.
    pub images: u64,
    /// Number of colour channels.
    pub channels: u64,
    /// Number of points in time.
    pub frames: u64,
    /// From one picture to the next, in millimetres.
    pub spacing_mm: Option<f64>,
    /// Millimetres in the unit of length.
    pub unit_mm: Option<f64>,
    /// From stored numbers to calibrated ones, which are HU in CT.
    pub calibration: Option<Rescale>,
}

impl Description {
    /// `None` for text that is not ImageJ's.
    pub fn parse(text: &str) -> Option<Self> {
        const STRAIGHT_LINE: &str = "0";
        if !text.starts_with("ImageJ=") {
            return None;
        }
        let value = |key: &str| {
            text.lines()
                .filter_map(|line| line.split_once('='))
                .find(|(name, _)| *name == key)
                .map(|(_, v)| v.trim())
        };
        let count = |key| value(key).and_then(|value| value.parse().ok()).unwrap_or(1);
        let number = |key| value(key).and_then(|value| value.parse::<f64>().ok()).filter(|v| v.is_finite());
        let unit_mm = value("unit").and_then(unit_mm);
        let spacing = number("spacing").map(f64::abs).filter(|&spacing| spacing > 0.0);
        let line = value("cf") == Some(STRAIGHT_LINE);
        let calibration = number("c0").zip(number("c1")).filter(|_| line);
        Some(Self {
            images: count("images"),
            channels: count("channels"),
            frames: count("frames"),
            spacing_mm: spacing.zip(unit_mm).map(|(spacing, unit_mm)| spacing * unit_mm),
            unit_mm,
            calibration: calibration.map(|(intercept, slope)| Rescale { slope, intercept }),
        })
    }
}

fn unit_mm(unit: &str) -> Option<f64> {
    Some(match unit {
        "mm" | "millimeter" | "millimetre" => 1.0,
        "cm" | "centimeter" | "centimetre" => 10.0,
        "m" | "meter" | "metre" => 1000.0,
        "inch" | "in" => 25.4,
        "um" | "µm" | "μm" | "\\u00B5m" | "micron" | "microns" | "micrometer" => 0.001,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_in_millimetres() {
        let text = "ImageJ=1.54f\nimages=3\nslices=3\nunit=cm\nspacing=0.25\nloop=false\n";
        let description = Description::parse(text).unwrap();
        assert_eq!((description.images, description.channels), (3, 1));
        assert_eq!((description.spacing_mm, description.calibration), (Some(2.5), None));
        let pixels = Description::parse("ImageJ=1.54f\nunit=pixel\nspacing=2\n").unwrap();
        assert_eq!(pixels.spacing_mm, None);
        assert_eq!(Description::parse("images=3"), None);
    }

    #[test]
    fn signed_pixels_have_a_calibration() {
        let text = "ImageJ=1.54f\ncf=0\nc0=-32768.0\nc1=1.0\nvunit=gray value\n";
        let calibration = Description::parse(text).unwrap().calibration;
        assert_eq!(calibration, Some(Rescale { slope: 1.0, intercept: -32768.0 }));
    }
}
