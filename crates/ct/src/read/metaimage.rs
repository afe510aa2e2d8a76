//! MetaImage with its pixels in the same file, `.mha` (<https://itk.org/Wiki/ITK/MetaIO/Documentation>).

use std::collections::BTreeMap;

use super::inflated::{Inflated, Wrapping};
use super::input::{Input, failure};
use super::layout::{Affine, Axes, Layout};
use super::number::{Number, NumberKind};
use super::volume::Volume;
use super::{ReadError, text};
use crate::error::MAX_INFLATED_BYTES;

const FORMAT: &str = "MetaImage";
/// The longest header, in bytes.
const MAX_HEADER: usize = 1 << 16;
/// The field that ends a header.
const LAST_FIELD: &str = "ElementDataFile";

fn damaged() -> ReadError {
    ReadError::Damaged { kind: FORMAT }
}

/// Whether a file's beginning is that of a MetaImage.
pub(super) fn is_header(head: &[u8]) -> bool {
    let first = head.split(|&byte| byte == b'=').next().unwrap_or_default();
    matches!(first.trim_ascii(), b"ObjectType" | b"NDims")
}

/// The voxels of one volume.
///
/// # Errors
///
/// [`ReadError::Detached`] for a header without pixels, [`ReadError::Volumes`], [`ReadError::Colour`],
/// [`ReadError::PixelType`], and what [`Layout::placed`] and a damaged header give.
pub(super) fn read(mut input: Input) -> Result<Volume, ReadError> {
    let head = input.head(MAX_HEADER)?;
    let (header, start) = Header::parse(&head)?;
    if header.field(LAST_FIELD) != Some("LOCAL") {
        return Err(ReadError::Detached { kind: FORMAT, instead: ".mha" });
    }
    if header.number("ElementNumberOfChannels")?.is_some_and(|channels| channels != 1) {
        return Err(ReadError::Colour);
    }
    if header.field("BinaryData").is_some_and(|binary| !is_true(binary)) {
        return Err(ReadError::Encoding { kind: FORMAT, encoding: "as text".to_owned() });
    }
    let layout = header.layout()?.shaped(header.sizes()?, true);
    let msb = header.field("BinaryDataByteOrderMSB").or(header.field("ElementByteOrderMSB"));
    let number =
        Number { kind: number_kind(header.wanted("ElementType")?)?, big_endian: msb.is_some_and(is_true) };
    let volume = |input, start| Volume {
        format: FORMAT,
        input,
        start,
        layout,
        number,
        rescale: None,
        label_names: BTreeMap::new(),
        is_medical: true,
    };
    if !header.field("CompressedData").is_some_and(is_true) {
        return Ok(volume(input, start));
    }
    let left = input.length.unwrap_or(u64::MAX).saturating_sub(start);
    let inflated = Inflated::new(input.into_source()?, Wrapping::Zlib, start, left, MAX_INFLATED_BYTES)
        .map_err(|error| failure(FORMAT, &error))?;
    Ok(volume(Input::of_inflated(Box::new(inflated), None)?, 0))
}

struct Header(BTreeMap<String, String>);

impl Header {
    /// The fields, and the place after the last.
    fn parse(head: &[u8]) -> Result<(Self, u64), ReadError> {
        let mut fields = BTreeMap::new();
        let mut place = 0;
        for line in head.split_inclusive(|&byte| byte == b'\n') {
            place += line.len() as u64;
            let line = String::from_utf8_lossy(line);
            let (field, value) = line.split_once('=').ok_or_else(damaged)?;
            let (field, value) = (field.trim().to_owned(), value.trim().to_owned());
            let is_last = field == LAST_FIELD;
            fields.insert(field, value);
            if is_last {
                return Ok((Self(fields), place));
            }
        }
        Err(damaged())
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn wanted(&self, name: &str) -> Result<&str, ReadError> {
        self.field(name).ok_or_else(damaged)
    }

    fn number(&self, name: &str) -> Result<Option<i64>, ReadError> {
        self.field(name).map(|value| value.parse().map_err(|_| damaged())).transpose()
    }

    fn numbers(&self, names: &[&str]) -> Result<Option<Vec<f64>>, ReadError> {
        let value = names.iter().find_map(|name| self.field(name));
        value.map(|value| text::numbers(value).ok_or_else(damaged)).transpose()
    }

    fn sizes(&self) -> Result<Vec<u64>, ReadError> {
        text::numbers(self.wanted("DimSize")?).ok_or_else(damaged)
    }

    fn layout(&self) -> Result<Layout, ReadError> {
        let sizes = self.sizes()?;
        let dimensions = sizes.len();
        if !(2..=4).contains(&dimensions) || sizes.contains(&0) {
            return Err(damaged());
        }
        if let Some(&volumes) = sizes.get(3).filter(|&&volumes| volumes > 1) {
            return Err(ReadError::Volumes { volumes });
        }
        let spacing = self.numbers(&["ElementSpacing", "ElementSize"])?;
        let matrix = self.numbers(&["TransformMatrix", "Rotation", "Orientation"])?;
        let origin = self.numbers(&["Offset", "Position", "Origin"])?;
        let size = |axis: usize| sizes.get(axis).copied().unwrap_or(1);
        let size = [size(0), size(1), size(2)];
        // Each row of the matrix is the direction of an axis.
        let step = |axis: usize| {
            let spacing = spacing.as_ref().map_or(Some(1.0), |spacing| spacing.get(axis).copied())?.abs();
            let part = |part: usize| match &matrix {
                Some(matrix) => matrix.get(axis * dimensions + part).copied(),
                None => Some(if axis == part { 1.0 } else { 0.0 }),
            };
            Some([part(0)? * spacing, part(1)? * spacing, part(2)? * spacing])
        };
        let steps = step(0).zip(step(1)).zip(step(2)).filter(|_| dimensions > 2);
        let part = |part: usize| origin.as_ref().map_or(Some(0.0), |origin| origin.get(part).copied());
        let origin_mm = part(0).zip(part(1)).zip(part(2)).map(|((x, y), z)| [x, y, z]);
        let affine = steps
            .zip(origin_mm)
            .and_then(|(((x, y), z), origin_mm)| Affine { origin_mm, steps_mm: [x, y, z] }.checked());
        match (affine, spacing.as_deref()) {
            (Some(affine), _) if matrix.is_some() && origin.is_some() => Layout::placed(size, affine),
            (Some(affine), _) => Layout::supposed(size, affine),
            (None, Some(&[x, y])) => Layout::unplaced(size, Axes::IN_ORDER, Some([x, y, 1.0])),
            (None, _) if dimensions == 2 => Layout::unplaced(size, Axes::IN_ORDER, None),
            (None, _) => Err(damaged()),
        }
    }
}

fn is_true(value: &str) -> bool {
    value.starts_with(['T', 't', '1'])
}

fn number_kind(name: &str) -> Result<NumberKind, ReadError> {
    Ok(match name {
        "MET_CHAR" => NumberKind::I8,
        "MET_UCHAR" => NumberKind::U8,
        "MET_SHORT" => NumberKind::I16,
        "MET_USHORT" => NumberKind::U16,
        "MET_INT" => NumberKind::I32,
        "MET_UINT" => NumberKind::U32,
        "MET_LONG_LONG" => NumberKind::I64,
        "MET_ULONG_LONG" => NumberKind::U64,
        "MET_FLOAT" => NumberKind::F32,
        "MET_DOUBLE" => NumberKind::F64,
        _ => return Err(ReadError::PixelType { pixels: "of a rare type" }),
    })
}
