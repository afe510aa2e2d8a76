//! NumPy's `.npy` arrays.
//!
//! The format: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.

use half::f16;

const MAGIC: &[u8] = b"\x93NUMPY";

/// Why a `.npy` file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NpyError {
    /// Another kind of file.
    #[error("This is not a NumPy array (.npy). Save it with numpy.save.")]
    NotNpy,
    /// The header is damaged.
    #[error("The NumPy array's header cannot be read. Save it again with numpy.save.")]
    Header,
    /// An element type that is not a plain number.
    #[error("The NumPy array holds '{0}', not numbers that can be read. Convert it with .astype('float32').")]
    ElementType(String),
    /// The file ends too early, or too late.
    #[error("The NumPy array should have {expected} bytes of numbers, but has {found}. Save it again.")]
    Length {
        /// Bytes that the header announces.
        expected: usize,
        /// Bytes that follow it.
        found: usize,
    },
}

/// Reads an array of numbers: its shape, and its values in C order.
///
/// Floating-point numbers of 16, 32 and 64 bits, integers and booleans of either byte order become `f32`.
///
/// # Errors
/// If it is not such an array or not complete.
pub fn read(bytes: &[u8]) -> Result<(Vec<usize>, Vec<f32>), NpyError> {
    let (header, body) = split_header(bytes)?;
    let element = Element::parse(quoted(value_of(header, "descr")?).ok_or(NpyError::Header)?)?;
    let fortran = match value_of(header, "fortran_order")? {
        rest if rest.starts_with("True") => true,
        rest if rest.starts_with("False") => false,
        _ => return Err(NpyError::Header),
    };
    let shape = tuple(value_of(header, "shape")?)?;
    let expected = shape
        .iter()
        .try_fold(element.size, |product, &side| product.checked_mul(side))
        .ok_or(NpyError::Header)?;
    if body.len() != expected {
        return Err(NpyError::Length { expected, found: body.len() });
    }
    let values: Vec<f32> = body.chunks_exact(element.size).map(|chunk| element.value(chunk)).collect();
    let values = if fortran { to_c_order(&shape, &values) } else { values };
    Ok((shape, values))
}

/// Writes an array of `f32` in C order; `shape`'s product must be the number of values.
#[must_use]
pub fn write(shape: &[usize], values: &[f32]) -> Vec<u8> {
    debug_assert_eq!(shape.iter().product::<usize>(), values.len());
    let sides: String = shape.iter().map(|side| format!("{side}, ")).collect();
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({sides}), }}");
    // Magic, version and length take 10 bytes; the numbers begin at a multiple of 64.
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    header = format!("{header:<width$}\n", width = length - 1);
    let mut bytes = Vec::with_capacity(10 + length + 4 * values.len());
    bytes.extend(MAGIC);
    bytes.extend([1, 0]);
    bytes.extend(u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
    bytes.extend(header.as_bytes());
    values.iter().for_each(|value| bytes.extend(value.to_le_bytes()));
    bytes
}

/// The header's text, and what follows it.
fn split_header(bytes: &[u8]) -> Result<(&str, &[u8]), NpyError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(NpyError::NotNpy)?;
    let (length, rest) = match rest {
        [1, _, a, b, rest @ ..] => (u32::from_le_bytes([*a, *b, 0, 0]), rest),
        [2 | 3, _, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]), rest),
        _ => return Err(NpyError::Header),
    };
    let (header, body) = rest.split_at_checked(length as usize).ok_or(NpyError::Header)?;
    Ok((std::str::from_utf8(header).map_err(|_| NpyError::Header)?, body))
}

/// What follows `'key':` in the header, which is a Python dictionary literal.
fn value_of<'a>(header: &'a str, key: &str) -> Result<&'a str, NpyError> {
    let (_, rest) = header.split_once(&format!("'{key}':")).ok_or(NpyError::Header)?;
    Ok(rest.trim_start())
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.split_once('\'').map(|(inner, _)| inner)
}

fn tuple(text: &str) -> Result<Vec<usize>, NpyError> {
    let inner = text.strip_prefix('(').and_then(|rest| rest.split_once(')')).ok_or(NpyError::Header)?.0;
    inner
        .split(',')
        .map(str::trim)
        .filter(|side| !side.is_empty())
        .map(|side| side.parse().map_err(|_| NpyError::Header))
        .collect()
}

/// An element's type, from NumPy's three-part code such as `<f4`.
struct Element {
    big_endian: bool,
    kind: u8,
    size: usize,
}

impl Element {
    fn parse(code: &str) -> Result<Self, NpyError> {
        let unknown = || NpyError::ElementType(code.to_owned());
        let [order, kind, size] = *code.as_bytes() else { return Err(unknown()) };
        let size = usize::from(size.wrapping_sub(b'0'));
        match (order, kind, size) {
            (b'<' | b'>' | b'|' | b'=', b'f', 2 | 4 | 8)
            | (b'<' | b'>' | b'|' | b'=', b'i' | b'u', 1 | 2 | 4 | 8)
            | (_, b'b', 1) => Ok(Self { big_endian: order == b'>', kind, size }),
            _ => Err(unknown()),
        }
    }

    fn value(&self, chunk: &[u8]) -> f32 {
        let mut bytes = [0; 8];
        for (position, byte) in bytes.iter_mut().zip(chunk) {
            *position = *byte;
        }
        if self.big_endian {
            // The number's bytes come first, in reverse.
            bytes.rotate_right(8 - self.size);
            bytes.reverse();
        }
        let bits = u64::from_le_bytes(bytes);
        let unused = 64 - 8 * self.size as u32;
        match (self.kind, self.size) {
            (b'f', 2) => f16::from_bits(bits as u16).to_f32(),
            (b'f', 4) => f32::from_bits(bits as u32),
            (b'f', _) => f64::from_bits(bits) as f32,
            (b'i', _) => ((bits << unused) as i64 >> unused) as f32,
            _ => bits as f32,
        }
    }
}

fn to_c_order(shape: &[usize], values: &[f32]) -> Vec<f32> {
    let mut strides = Vec::with_capacity(shape.len());
    let mut stride = 1;
    for side in shape {
        strides.push(stride);
        stride *= side;
    }
    (0..values.len())
        .map(|mut position| {
            let mut source = 0;
            for (side, stride) in shape.iter().zip(&strides).rev() {
                source += position % side * stride;
                position /= side;
            }
            values.get(source).copied().unwrap_or_default()
        })
        .collect()
}
