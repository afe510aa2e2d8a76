//! NumPy arrays, `.npy` (NEP 1, <https://numpy.org/neps/nep-0001-npy-format.html>).

use std::collections::BTreeMap;

use super::input::Input;
use super::layout::{Axes, Layout};
use super::number::{Number, NumberKind};
use super::volume::Volume;
use super::{ReadError, bytes, text};

const FORMAT: &str = "NumPy";
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";
/// The longest header, in bytes.
const MAX_HEADER: usize = 1 << 16;

fn damaged() -> ReadError {
    ReadError::Damaged { kind: FORMAT }
}

/// The pictures of an array of the shape (h, w), (h, w, 1), (n, h, w) or (n, h, w, 1), in C or Fortran order.
///
/// # Errors
///
/// [`ReadError::Shape`] for other shapes, [`ReadError::PixelType`] for what are no real numbers.
pub(super) fn read(mut input: Input) -> Result<Volume, ReadError> {
    let head = input.head(MAX_HEADER)?;
    let numbers = bytes::Header { bytes: &head, big_endian: false };
    let (length, begin) = match head.get(MAGIC.len()) {
        Some(1) => (usize::from(numbers.u16(8)), 10),
        Some(2 | 3) => (numbers.u32(8) as usize, 12),
        _ => return Err(damaged()),
    };
    let end = begin + length.min(MAX_HEADER);
    let dictionary = head.get(begin..end).ok_or(ReadError::Truncated)?;
    let dictionary = std::str::from_utf8(dictionary).map_err(|_| damaged())?;
    let number = number(value_of(dictionary, "descr")?)?;
    let is_fortran = value_of(dictionary, "fortran_order")?.starts_with("True");
    let shape = shape(value_of(dictionary, "shape")?)?;
    let (size, axes) = grid(&shape, is_fortran)?;
    let layout = Layout::unplaced(size, axes, None)?.shaped(shape, is_fortran);
    Ok(Volume {
        format: FORMAT,
        input,
        start: end as u64,
        layout,
        number,
        rescale: None,
        label_names: BTreeMap::new(),
        is_medical: false,
    })
}

/// What follows a key of a Python dictionary.
fn value_of<'a>(dictionary: &'a str, key: &str) -> Result<&'a str, ReadError> {
    let quoted = [format!("'{key}'"), format!("\"{key}\"")];
    let (_, rest) = quoted.iter().find_map(|key| dictionary.split_once(key.as_str())).ok_or_else(damaged)?;
    Ok(rest.trim_start().strip_prefix(':').ok_or_else(damaged)?.trim_start())
}

fn shape(text: &str) -> Result<Vec<u64>, ReadError> {
    let (shape, _) = text.strip_prefix('(').and_then(|text| text.split_once(')')).ok_or_else(damaged)?;
    let axes = shape.split(',').map(str::trim).filter(|axis| !axis.is_empty());
    // Python 2 wrote `512L`.
    axes.map(|axis| axis.trim_end_matches('L').parse().map_err(|_| damaged())).collect()
}

/// The size along the axes of the file, the fastest first, and which of them are columns, rows and slices.
fn grid(shape: &[u64], is_fortran: bool) -> Result<([u64; 3], Axes), ReadError> {
    /// Channels of colour rather than the width of a picture.
    const COLOURS: std::ops::RangeInclusive<u64> = 2..=4;
    let [slices, rows, columns] = match *shape {
        [rows, columns] => [1, rows, columns],
        [rows, columns, 1] => [1, rows, columns],
        [slices, rows, columns, 1] => [slices, rows, columns],
        [slices, rows, columns] if !COLOURS.contains(&columns) || rows <= 4 => [slices, rows, columns],
        _ => {
            let axes: Vec<String> = shape.iter().map(ToString::to_string).collect();
            return Err(ReadError::Shape { shape: text::printable(&axes.join(" x ")) });
        }
    };
    Ok(if is_fortran {
        ([slices, rows, columns], Axes { column: 2, row: 1, slice: 0 })
    } else {
        ([columns, rows, slices], Axes::IN_ORDER)
    })
}

/// The type in quotes, such as `'<f4'`.
fn number(text: &str) -> Result<Number, ReadError> {
    let rare = |pixels| Err(ReadError::PixelType { pixels });
    let quote = text.chars().next().filter(|quote| matches!(quote, '\'' | '"'));
    let Some(quote) = quote else { return rare("records of several values") };
    let descr = text.split(quote).nth(1).ok_or_else(damaged)?;
    let (big_endian, name) = match descr.split_at_checked(1) {
        Some((">", name)) => (true, name),
        Some(("<" | "|" | "=", name)) => (false, name),
        _ => (false, descr),
    };
    let kind = match name {
        "b1" => NumberKind::Bool,
        "u1" => NumberKind::U8,
        "i1" => NumberKind::I8,
        "u2" => NumberKind::U16,
        "i2" => NumberKind::I16,
        "u4" => NumberKind::U32,
        "i4" => NumberKind::I32,
        "u8" => NumberKind::U64,
        "i8" => NumberKind::I64,
        "f2" => NumberKind::F16,
        "f4" => NumberKind::F32,
        "f8" => NumberKind::F64,
        name if name.starts_with('c') => return rare("complex numbers"),
        name if name.starts_with(['S', 'U', 'a']) => return rare("text"),
        name if name.starts_with('O') => return rare("Python objects"),
        _ => return rare("of a rare type"),
    };
    Ok(Number { kind, big_endian })
}
