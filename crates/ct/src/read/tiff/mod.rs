//! TIFF, page by page, read with its sample format: signed 16-bit pixels are Hounsfield units.

mod directory;
mod imagej;

use std::collections::BTreeMap;
use std::io::BufReader;

use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::input::Input;
use super::layout::{Axes, Layout};
use super::number::{Number, NumberKind};
use super::pages::{Album, Pages};
use super::raster::{Raster, Samples, grey};
use super::volume::{Rescale, Volume};
use super::{MAX_SIDE, ReadError, Source, check_sides, damage};
use crate::{Meaning, Spacing};
use directory::{Directory, tag};
use imagej::Description;

const FORMAT: &str = "TIFF";
/// Four 16-bit channels of the largest picture.
const MAX_BUFFER: usize = 8 * (MAX_SIDE as usize) * (MAX_SIDE as usize);
/// PlanarConfiguration: one plane for each channel.
const PLANAR: u16 = 2;

/// How a TIFF's pictures are stored.
pub(super) enum Contents {
    /// A directory for each.
    Pages(Album),
    /// One directory for many that follow each other, as ImageJ does where they have over 4 GB.
    Volume(Box<Volume>),
}

/// The pictures of a TIFF. Its directories are read, its pixels are not.
///
/// # Errors
///
/// [`ReadError::MultiPage`] unless all pages have one size.
pub(super) fn open(mut input: Input) -> Result<Contents, ReadError> {
    let pages = Directory::chain(&mut input)?;
    let (_, first) = pages.first().ok_or(ReadError::Damaged { kind: FORMAT })?;
    let imagej = first.description(&mut input).and_then(|text| Description::parse(&text));
    let spacing = spacing(first, imagej.as_ref(), &mut input);
    let thickness_mm = imagej.as_ref().and_then(|imagej| imagej.spacing_mm).map(|spacing| spacing as f32);
    if let Some(imagej) = &imagej {
        if imagej.channels > 1 {
            return Err(ReadError::PixelType { pixels: "of several channels" });
        }
        if imagej.frames > 1 {
            return Err(ReadError::Volumes { volumes: imagej.frames });
        }
        if imagej.images > 1 && pages.len() == 1 {
            let volume = contiguous(first, imagej, spacing.zip(thickness_mm), input)?;
            return Ok(Contents::Volume(Box::new(volume)));
        }
    }
    let sizes = pages.iter().map(|(_, page)| (page.inline(tag::IMAGE_WIDTH), page.inline(tag::IMAGE_LENGTH)));
    let is_even = sizes.clone().zip(sizes.skip(1)).all(|(one, next)| one == next);
    let places: Vec<usize> = pages.iter().map(|(place, _)| *place).collect();
    let calibration = imagej.and_then(|imagej| imagej.calibration);
    let mut pages = Tiff { decoder: decoder(input.into_source()?)?, places, calibration };
    let (columns, rows) = pages.decoder.dimensions().map_err(|error| refusal(&error))?;
    check_sides(rows, columns)?;
    if !is_even {
        return Err(ReadError::MultiPage);
    }
    let count = pages.places.len();
    Ok(Contents::Pages(Album { pages: Box::new(pages), count, rows, columns, spacing, thickness_mm }))
}

/// ImageJ's pictures that follow each other from the first one's place on.
fn contiguous(
    page: &Directory,
    imagej: &Description,
    spacing: Option<(Spacing, f32)>,
    mut input: Input,
) -> Result<Volume, ReadError> {
    const UNCOMPRESSED: u32 = 1;
    let mut value = |tag, absent| page.first(tag, &mut input).unwrap_or(absent);
    let kind = match (value(tag::BITS_PER_SAMPLE, 1), value(tag::SAMPLE_FORMAT, 1)) {
        (8, 1) => NumberKind::U8,
        (16, 1) => NumberKind::U16,
        (16, 2) => NumberKind::I16,
        (32, 3) => NumberKind::F32,
        _ => return Err(ReadError::PixelType { pixels: "of a rare type" }),
    };
    let is_plain =
        value(tag::COMPRESSION, UNCOMPRESSED) == UNCOMPRESSED && value(tag::SAMPLES_PER_PIXEL, 1) == 1;
    if !is_plain {
        return Err(ReadError::PixelType { pixels: "stored in a rare way" });
    }
    let size = [value(tag::IMAGE_WIDTH, 0).into(), value(tag::IMAGE_LENGTH, 0).into(), imagej.images];
    let start = value(tag::STRIP_OFFSETS, 0).into();
    let steps_mm =
        spacing.map(|(Spacing { row_mm, column_mm }, slice_mm)| [column_mm, row_mm, slice_mm].map(f64::from));
    Ok(Volume {
        format: FORMAT,
        input,
        start,
        layout: Layout::unplaced(size, Axes::IN_ORDER, steps_mm)?.shaped(size.into_iter().rev(), false),
        number: Number { kind, big_endian: page.big_endian },
        rescale: imagej.calibration,
        label_names: BTreeMap::new(),
        is_medical: kind == NumberKind::I16,
    })
}

/// The distance between pixels, where the file names its unit. Resolutions that programs write for screen and print,
/// whole numbers of dots per inch like 72 and 300, say nothing of the patient.
fn spacing(page: &Directory, imagej: Option<&Description>, input: &mut Input) -> Option<Spacing> {
    const FOR_PRINT: [f64; 6] = [72.0, 96.0, 150.0, 200.0, 300.0, 600.0];
    const INCH: u32 = 2;
    const CENTIMETRE: u32 = 3;
    let [x, y] = [tag::X_RESOLUTION, tag::Y_RESOLUTION].map(|tag| page.rational(tag, input));
    let (x, y) = (x.filter(|&x| x > 0.0)?, y.filter(|&y| y > 0.0)?);
    let unit_mm = match (imagej, page.inline(tag::RESOLUTION_UNIT)) {
        (Some(imagej), _) => imagej.unit_mm?,
        (None, Some(INCH) | None) if FOR_PRINT.contains(&x) => return None,
        (None, Some(INCH)) => 25.4,
        (None, Some(CENTIMETRE)) => 10.0,
        _ => return None,
    };
    Some(Spacing { row_mm: (unit_mm / y) as f32, column_mm: (unit_mm / x) as f32 })
}

struct Tiff {
    decoder: TiffDecoder,
    /// The place of each page in the chain of directories.
    places: Vec<usize>,
    calibration: Option<Rescale>,
}

type TiffDecoder = Decoder<BufReader<Box<dyn Source>>>;

fn decoder(source: Box<dyn Source>) -> Result<TiffDecoder, ReadError> {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = MAX_BUFFER;
    limits.intermediate_buffer_size = MAX_BUFFER;
    Ok(Decoder::new(BufReader::new(source)).map_err(|error| refusal(&error))?.with_limits(limits))
}

impl Pages for Tiff {
    fn page(&mut self, index: usize) -> Result<Raster, ReadError> {
        let place = *self.places.get(index).ok_or(ReadError::NoSuchSlice)?;
        self.decoder.seek_to_image(place).map_err(|error| refusal(&error))?;
        let mut raster = decode(&mut self.decoder)?;
        if let Some(Rescale { slope, intercept }) = self.calibration {
            let calibrated = |value: f32| (f64::from(value) * slope + intercept) as f32;
            let values = raster.samples.into_values().into_iter().map(calibrated).collect();
            raster.samples = Samples::Wide(values, NumberKind::I32);
        }
        Ok(raster)
    }

    fn known_meaning(&mut self) -> Result<Option<Meaning>, ReadError> {
        const SIGNED: u16 = 2;
        let color = self.decoder.colortype().map_err(|error| refusal(&error))?;
        let format = self.decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat);
        let is_signed =
            format.map_err(|error| refusal(&error))?.is_some_and(|format| format.contains(&SIGNED));
        Ok(match color.bit_depth() {
            _ if self.calibration.is_some() => None,
            ..=8 => Some(Meaning::ZeroTo255),
            16 if is_signed => Some(Meaning::Hu),
            _ => None,
        })
    }
}

/// The picture that the decoder stands at.
fn decode(decoder: &mut TiffDecoder) -> Result<Raster, ReadError> {
    let (columns, rows) = decoder.dimensions().map_err(|error| refusal(&error))?;
    check_sides(rows, columns)?;
    let channels = channels(decoder)?;
    let bilevel = matches!(decoder.colortype(), Ok(ColorType::Gray(1)));
    let samples = match decoder.read_image().map_err(|error| refusal(&error))? {
        DecodingResult::U8(packed) if bilevel => Samples::U8(unpack_bits(&packed, columns)),
        DecodingResult::U8(pixels) => Samples::U8(grey(pixels, channels, u8::MAX)?),
        DecodingResult::U16(pixels) => Samples::U16(grey(pixels, channels, u16::MAX)?),
        DecodingResult::I16(pixels) => Samples::I16(grey(pixels, channels, i16::MAX)?),
        _ if channels > 1 => return Err(ReadError::Colour),
        DecodingResult::F16(pixels) => wide(pixels, NumberKind::F16, f32::from),
        DecodingResult::F32(pixels) => Samples::Wide(pixels, NumberKind::F32),
        DecodingResult::F64(pixels) => wide(pixels, NumberKind::F64, |value| value as f32),
        DecodingResult::U32(pixels) => wide(pixels, NumberKind::U32, |value| value as f32),
        DecodingResult::I32(pixels) => wide(pixels, NumberKind::I32, |value| value as f32),
        _ => return Err(ReadError::PixelType { pixels: "integers of a rare size" }),
    };
    Ok(Raster { rows, columns, samples })
}

fn wide<T>(pixels: Vec<T>, kind: NumberKind, number: impl Fn(T) -> f32) -> Samples {
    Samples::Wide(pixels.into_iter().map(number).collect(), kind)
}

/// The number of samples for each pixel, where they can be read as grey.
fn channels(decoder: &mut TiffDecoder) -> Result<usize, ReadError> {
    let color = decoder.colortype().map_err(|error| refusal(&error))?;
    match color {
        ColorType::Gray(1 | 8..) => return Ok(1),
        ColorType::Gray(_) => return Err(ReadError::PixelType { pixels: "of 2 or 4 bits" }),
        _ => {}
    }
    let planar =
        decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration).map_err(|error| refusal(&error))?;
    if planar == Some(PLANAR) {
        return Err(ReadError::PixelType { pixels: "stored plane by plane" });
    }
    match color {
        ColorType::GrayA(8 | 16) | ColorType::Multiband { bit_depth: 8 | 16, num_samples: 2 } => Ok(2),
        ColorType::RGB(8 | 16) => Ok(3),
        ColorType::RGBA(8 | 16) => Ok(4),
        ColorType::Palette(_) => Err(ReadError::PixelType { pixels: "indices into a colour palette" }),
        _ => Err(ReadError::Colour),
    }
}

/// One value, 0 or 1, for each bit; each row starts with a new byte, the highest bit first.
fn unpack_bits(packed: &[u8], columns: u32) -> Vec<u8> {
    let columns = columns as usize;
    packed
        .chunks(columns.div_ceil(8))
        .flat_map(|row| {
            row.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).take(columns)
        })
        .collect()
}

fn refusal(error: &TiffError) -> ReadError {
    match error {
        TiffError::UnsupportedError(_) => ReadError::PixelType { pixels: "stored in a rare way" },
        error => damage("TIFF", error),
    }
}
