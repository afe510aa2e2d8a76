//! NRRD with its pixels in the same file (<https://teem.sourceforge.net/nrrd/format.html>).

use std::collections::BTreeMap;

use super::inflated::{Inflated, Wrapping};
use super::input::{Input, failure};
use super::layout::{Affine, Axes, Layout};
use super::number::{Number, NumberKind};
use super::volume::Volume;
use super::{ReadError, text};
use crate::Vector;
use crate::error::MAX_INFLATED_BYTES;

const FORMAT: &str = "NRRD";
pub(super) const MAGIC: &[u8] = b"NRRD000";
/// The longest header, in bytes: segmentations of many parts describe each.
const MAX_HEADER: usize = 1 << 20;

fn damaged() -> ReadError {
    ReadError::Damaged { kind: FORMAT }
}

/// The voxels of one volume.
///
/// # Errors
///
/// [`ReadError::Detached`] for a header without pixels, [`ReadError::Volumes`], [`ReadError::Encoding`],
/// [`ReadError::PixelType`], and what [`Layout::placed`] and a damaged header give.
pub(super) fn read(mut input: Input) -> Result<Volume, ReadError> {
    let head = input.head(MAX_HEADER)?;
    let (header, start) = Header::parse(&head)?;
    if header.field("data file").or(header.field("datafile")).is_some() {
        return Err(ReadError::Detached { kind: FORMAT, instead: ".nrrd" });
    }
    let encoding = header.wanted("encoding")?.to_ascii_lowercase();
    if !matches!(encoding.as_str(), "raw" | "gzip" | "gz") {
        return Err(ReadError::Encoding {
            kind: FORMAT,
            encoding: format!("as {}", text::printable(&encoding)),
        });
    }
    let layout = header.layout()?.shaped(header.sizes()?, true);
    let kind = number_kind(header.wanted("type")?)?;
    let big_endian = match header.field("endian") {
        Some(endian) => endian.eq_ignore_ascii_case("big"),
        None if kind.width() == 1 => false,
        None => return Err(damaged()),
    };
    let number = Number { kind, big_endian };
    let label_names = header.label_names();
    let volume = |input, start| Volume {
        format: FORMAT,
        input,
        start,
        layout,
        number,
        rescale: None,
        label_names: label_names.clone(),
        is_medical: true,
    };
    if header.skip("line skip")? != 0 {
        return Err(ReadError::Encoding { kind: FORMAT, encoding: "after lines to skip".to_owned() });
    }
    let skip = header.skip("byte skip")?;
    match (encoding.as_str(), u64::try_from(skip)) {
        ("raw", Ok(skip)) => Ok(volume(input, start.saturating_add(skip))),
        // Skipping -1 means that the pixels end with the file.
        ("raw", Err(_)) => {
            let length = input.length.ok_or_else(damaged)?;
            let volume = volume(input, 0);
            let bytes = volume.layout.voxels().saturating_mul(number.width() as u64);
            let start =
                length.checked_sub(bytes).filter(|&from| from >= start).ok_or(ReadError::Truncated)?;
            Ok(Volume { start, ..volume })
        }
        (_, Ok(skip)) => {
            let length = input.length.unwrap_or(u64::MAX).saturating_sub(start);
            let inflated =
                Inflated::new(input.into_source()?, Wrapping::Gzip, start, length, MAX_INFLATED_BYTES)
                    .map_err(|error| failure(FORMAT, &error))?;
            Ok(volume(Input::of_inflated(Box::new(inflated), None)?, skip))
        }
        (_, Err(_)) => Err(damaged()),
    }
}

/// The fields of a header, by their names in lower case, and the remarks `key:=value` by theirs.
struct Header {
    fields: BTreeMap<String, String>,
    remarks: BTreeMap<String, String>,
}

impl Header {
    /// The fields, and the place after the empty line that ends them.
    fn parse(head: &[u8]) -> Result<(Self, u64), ReadError> {
        let (mut fields, mut remarks) = (BTreeMap::new(), BTreeMap::new());
        let mut place = 0;
        for line in head.split_inclusive(|&byte| byte == b'\n') {
            let is_whole = line.ends_with(b"\n");
            if !is_whole {
                break;
            }
            let is_first = place == 0;
            place += line.len() as u64;
            let line = String::from_utf8_lossy(line);
            let line = line.trim_end();
            if line.is_empty() {
                return Ok((Self { fields, remarks }, place));
            }
            if is_first || line.starts_with('#') {
                continue;
            }
            let field = line.split_once(": ").filter(|(field, _)| !field.contains(":="));
            if let Some((field, value)) = field {
                fields.insert(field.trim().to_ascii_lowercase(), value.trim().to_owned());
            } else if let Some((key, value)) = line.split_once(":=") {
                remarks.insert(key.to_owned(), value.to_owned());
            }
        }
        // A detached header may end with its file.
        let is_detached = fields.contains_key("data file") || fields.contains_key("datafile");
        match head.len() {
            _ if is_detached => Ok((Self { fields, remarks }, place)),
            MAX_HEADER.. => Err(damaged()),
            _ => Err(ReadError::Truncated),
        }
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// The names of a segmentation's labels, as 3D Slicer writes them: `Segment0_LabelValue` and `Segment0_Name`.
    fn label_names(&self) -> BTreeMap<i32, String> {
        let name = |(key, value): (&String, &String)| {
            let segment = key.strip_suffix("_LabelValue").filter(|segment| segment.starts_with("Segment"))?;
            let name = self.remarks.get(&format!("{segment}_Name"))?;
            Some((value.trim().parse().ok()?, name.clone()))
        };
        self.remarks.iter().filter_map(name).collect()
    }

    fn wanted(&self, name: &str) -> Result<&str, ReadError> {
        self.field(name).ok_or_else(damaged)
    }

    fn skip(&self, name: &str) -> Result<i64, ReadError> {
        let joined: String = name.split(' ').collect();
        let value = self.field(name).or_else(|| self.field(&joined));
        value.map_or(Ok(0), |value| value.parse().map_err(|_| damaged()))
    }

    fn sizes(&self) -> Result<Vec<u64>, ReadError> {
        text::numbers(self.wanted("sizes")?).ok_or_else(damaged)
    }

    fn layout(&self) -> Result<Layout, ReadError> {
        let sizes = self.sizes()?;
        let directions = self.field("space directions").map(vectors).unwrap_or_default();
        let spacings: Vec<f64> = self.field("spacings").and_then(text::numbers).unwrap_or_default();
        if sizes.is_empty() || sizes.len() > 16 || sizes.contains(&0) {
            return Err(damaged());
        }
        // Axes of one value, such as that of a vector of one part, are no axes of space.
        let mut axes: Vec<usize> = (0..sizes.len()).collect();
        while axes.len() > 3 {
            let single = axes.iter().position(|&axis| sizes.get(axis) == Some(&1));
            let Some(single) = single else {
                return Err(ReadError::Volumes { volumes: volumes(&sizes, &directions) });
            };
            axes.remove(single);
        }
        let size = |place: usize| axes.get(place).and_then(|&axis| sizes.get(axis)).copied().unwrap_or(1);
        let size = [size(0), size(1), size(2)];
        let direction = |place: usize| axes.get(place).and_then(|&axis| *directions.get(axis)?);
        let steps = [direction(0), direction(1), direction(2)];
        let spacing = |place: usize| axes.get(place).and_then(|&axis| spacings.get(axis)).copied();
        match (self.to_lps(), steps) {
            (Some(signs), [Some(x), Some(y), Some(z)]) => {
                let signed = |vector: Vector| {
                    let ([a, b, c], [x, y, z]) = (signs, vector);
                    [a * x, b * y, c * z]
                };
                let origin =
                    self.field("space origin").and_then(|origin| vectors(origin).first().copied()?);
                let affine =
                    Affine { origin_mm: signed(origin.unwrap_or([0.0; 3])), steps_mm: [x, y, z].map(signed) };
                match affine.checked() {
                    Some(affine) if origin.is_some() => Layout::placed(size, affine),
                    Some(affine) => Layout::supposed(size, affine),
                    None => Err(damaged()),
                }
            }
            _ => {
                let steps_mm = spacing(0).zip(spacing(1)).zip(spacing(2)).map(|((x, y), z)| [x, y, z]);
                Layout::unplaced(size, Axes::IN_ORDER, steps_mm)
            }
        }
    }

    /// The signs by which the axes of the file's space become DICOM's.
    fn to_lps(&self) -> Option<Vector> {
        let space = self.field("space")?.to_ascii_lowercase();
        Some(match space.as_str() {
            "left-posterior-superior" | "lps" => [1.0, 1.0, 1.0],
            "right-anterior-superior" | "ras" => [-1.0, -1.0, 1.0],
            "left-anterior-superior" | "las" => [1.0, -1.0, 1.0],
            _ => return None,
        })
    }
}

/// The number of volumes: the size of the axes that lead nowhere in space, or of those beyond the third.
fn volumes(sizes: &[u64], directions: &[Option<Vector>]) -> u64 {
    let beside_space = sizes.iter().zip(directions).filter(|(_, direction)| direction.is_none());
    let beside_space = beside_space.fold(1_u64, |product, (&size, _)| product.saturating_mul(size));
    let beyond = sizes.iter().skip(3).fold(1_u64, |product, &size| product.saturating_mul(size));
    if beside_space > 1 { beside_space } else { beyond }
}

/// Vectors like `(1,0,0)`; `None` for each `none`.
fn vectors(text: &str) -> Vec<Option<Vector>> {
    let mut vectors = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("none") {
            vectors.push(None);
            rest = after.trim_start();
        } else if let Some((vector, after)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            let parts: Option<Vec<f64>> = vector.split(',').map(|part| part.trim().parse().ok()).collect();
            vectors.push(parts.and_then(|parts| parts.try_into().ok()));
            rest = after.trim_start();
        } else {
            break;
        }
    }
    vectors
}

fn number_kind(name: &str) -> Result<NumberKind, ReadError> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "signed char" | "int8" | "int8_t" => NumberKind::I8,
        "uchar" | "unsigned char" | "uint8" | "uint8_t" => NumberKind::U8,
        "short" | "short int" | "signed short" | "signed short int" | "int16" | "int16_t" => NumberKind::I16,
        "ushort" | "unsigned short" | "unsigned short int" | "uint16" | "uint16_t" => NumberKind::U16,
        "int" | "signed int" | "int32" | "int32_t" => NumberKind::I32,
        "uint" | "unsigned int" | "uint32" | "uint32_t" => NumberKind::U32,
        "longlong"
        | "long long"
        | "long long int"
        | "signed long long"
        | "signed long long int"
        | "int64"
        | "int64_t" => NumberKind::I64,
        "ulonglong" | "unsigned long long" | "unsigned long long int" | "uint64" | "uint64_t" => {
            NumberKind::U64
        }
        "float" => NumberKind::F32,
        "double" => NumberKind::F64,
        "block" => return Err(ReadError::PixelType { pixels: "blocks of bytes" }),
        _ => return Err(damaged()),
    })
}
