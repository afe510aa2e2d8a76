//! Voxels in a row become slices, of which only those asked for and a limited number of others are in memory.

use std::collections::BTreeMap;

use super::ReadError;
use super::inflated::MARK_BYTES;
use super::input::{Input, failure};
use super::labels::Values;
use super::layout::{Layout, of};
use super::meaning::{self, Range};
use super::number::Number;
use super::stack::{SliceReader, Stack};
use crate::{Meaning, Slice, StackInfo};

/// The memory that slices may take which were not asked for but lie between those that were, in bytes.
///
/// Only volumes whose slices are not contiguous in the file need it: a pass over the file fills it, 128 slices of 512 x 512
/// pixels at a time. Of compressed volumes that are read backwards it takes as much as is inflated for one slice anyway.
const BAND_BYTES: usize = 64 << 20;

/// Planes that are looked at to tell what the numbers of a volume mean.
const SAMPLED_PLANES: usize = 5;

/// A file that holds one number for each voxel, in the order of its axes.
pub(super) struct Volume {
    /// Such as `NIfTI`.
    pub format: &'static str,
    pub input: Input,
    /// Where the first voxel begins.
    pub start: u64,
    pub layout: Layout,
    pub number: Number,
    pub rescale: Option<Rescale>,
    /// What labels stand for, where the file says it.
    pub label_names: BTreeMap<i32, String>,
    /// Whether numbers with a sign are Hounsfield units whatever their range.
    pub is_medical: bool,
}

/// From stored numbers to those meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rescale {
    pub slope: f64,
    pub intercept: f64,
}

impl Volume {
    /// Refuses a file that is known to end before its last voxel.
    pub fn check_length(&self) -> Result<(), ReadError> {
        let bytes = self.layout.voxels().checked_mul(self.number.width() as u64);
        self.input.check_end(bytes.and_then(|bytes| bytes.checked_add(self.start)))
    }

    /// The way to its slices as images.
    ///
    /// # Errors
    ///
    /// Where the pixels that tell what the numbers mean cannot be read.
    pub fn into_stack(mut self) -> Result<Stack, ReadError> {
        self.check_length()?;
        let (meanings, warning) = self.meanings()?;
        let info = StackInfo { meanings, warning, ..self.info() };
        Ok(Stack { info, reader: Box::new(Images { planes: Planes::new(self), meaning: None }) })
    }

    /// The way to its slices as masks.
    ///
    /// # Errors
    ///
    /// [`ReadError::Truncated`].
    pub fn into_values(self) -> Result<(StackInfo, Box<dyn Values>), ReadError> {
        self.check_length()?;
        Ok((self.info(), Box::new(Planes::new(self))))
    }

    fn info(&self) -> StackInfo {
        StackInfo {
            series: None,
            description: String::new(),
            slices: self.layout.infos(),
            grid: Some(Box::new(self.layout.grid())),
            meanings: Vec::new(),
            warning: None,
        }
    }

    /// What the numbers may mean, and what is doubtful about it.
    fn meanings(&mut self) -> Result<(Vec<Meaning>, Option<String>), ReadError> {
        if self.is_medical && (self.rescale.is_some() || !self.number.kind.is_unsigned()) {
            // Most integers of scanners are what they say, and need not be looked at.
            let is_doubtful = self.rescale.is_none() && self.number.kind.is_float();
            let doubt =
                if is_doubtful { meaning::doubt(self.number.kind, self.sampled_range()?) } else { None };
            return Ok((vec![Meaning::Hu], doubt.map(str::to_owned)));
        }
        let range = self.sampled_range()?;
        let doubt = meaning::doubt(self.number.kind, range).map(str::to_owned);
        Ok((meaning::guess(self.number.kind, range), doubt))
    }

    /// The range of up to [`SAMPLED_PLANES`] planes of the file, evenly spaced.
    fn sampled_range(&mut self) -> Result<Range, ReadError> {
        let planes = of(2, self.layout.size);
        let sampled = planes.min(SAMPLED_PLANES);
        let mut range = Range::NOTHING;
        for sample in 0..sampled {
            let plane = meaning::evenly(sample, sampled, planes);
            self.visit([0, 0, plane], [of(0, self.layout.size), of(1, self.layout.size), 1], |_, value| {
                range.add(value);
            })?;
        }
        Ok(range)
    }

    /// Hands each number of a block of voxels to `each`, with its place along the axes of the file.
    fn visit(
        &mut self,
        first: [usize; 3],
        count: [usize; 3],
        mut each: impl FnMut([usize; 3], f64),
    ) -> Result<(), ReadError> {
        let ([i, j, k], [width, height, depth], [columns, rows, _]) = (first, count, self.layout.size);
        let bytes = self.number.width();
        let mut run = vec![0; width * bytes];
        for k in k..k + depth {
            for j in j..j + height {
                let voxel = (k as u64 * rows as u64 + j as u64) * columns as u64 + i as u64;
                let place = self.start + voxel * bytes as u64;
                self.input.read_at(place, &mut run).map_err(|error| failure(self.format, &error))?;
                let mut i = i;
                self.number.for_each(&run, |stored| {
                    let value = match self.rescale {
                        Some(Rescale { slope, intercept }) => stored * slope + intercept,
                        None => stored,
                    };
                    each([i, j, k], value);
                    i += 1;
                });
            }
        }
        Ok(())
    }
}

/// Slices of one kind of pixel, as stored.
struct Planes<T> {
    volume: Volume,
    /// The first slice in memory.
    first: usize,
    band: Vec<T>,
}

impl<T: Copy + Default> Planes<T> {
    fn new(volume: Volume) -> Self {
        Self { volume, first: 0, band: Vec::new() }
    }

    fn forget(&mut self) {
        self.band = Vec::new();
    }

    /// The pixels of the slice shown at `index`, as shown.
    fn plane(&mut self, index: usize, pixel: impl Fn(f64) -> T) -> Result<Vec<T>, ReadError> {
        let no_such = ReadError::NoSuchSlice;
        let layout = &self.volume.layout;
        let stored = layout.stored_index(index).ok_or(no_such.clone())?;
        let (turn, size) = (layout.turn, layout.stored_size());
        let length = size.iter().map(|&side| side as usize).product::<usize>();
        if self.kept(stored, length).is_none() {
            self.fill(stored, length, pixel)?;
        }
        let plane = self.kept(stored, length).ok_or(no_such)?;
        let plane = turn.apply(size, plane);
        if self.band.len() == length {
            self.forget();
        }
        Ok(plane)
    }

    fn kept(&self, stored: usize, length: usize) -> Option<&[T]> {
        let start = stored.checked_sub(self.first)?.checked_mul(length)?;
        self.band.get(start..start + length)
    }

    /// Reads the slice and, where the others about it would be passed over anyway, those too.
    fn fill(&mut self, stored: usize, length: usize, pixel: impl Fn(f64) -> T) -> Result<(), ReadError> {
        self.forget();
        let Layout { axes, size, .. } = self.volume.layout;
        let bytes = if axes.slice == 2 { MARK_BYTES as usize } else { BAND_BYTES };
        let room = (bytes / (length * size_of::<T>())).max(1);
        let begin = stored / room * room;
        let (first, count) = if axes.slice != 2 {
            (begin, room.min(self.volume.layout.slices() - begin))
        } else if self.goes_back(stored) {
            (begin, stored + 1 - begin)
        } else {
            (stored, 1)
        };
        let columns = of(axes.column, size);
        let stride = |axis| match axis {
            axis if axis == axes.column => 1,
            axis if axis == axes.row => columns,
            _ => length,
        };
        let from = [0, 1, 2].map(|axis| if axis == axes.slice { first } else { 0 });
        let many = [0, 1, 2].map(|axis| if axis == axes.slice { count } else { of(axis, size) });
        let mut band = vec![T::default(); count * length];
        let [a, b, c] = [0, 1, 2].map(stride);
        let before = first * length;
        self.volume.visit(from, many, |[i, j, k], value| {
            if let Some(place) = band.get_mut(i * a + j * b + k * c - before) {
                *place = pixel(value);
            }
        })?;
        (self.first, self.band) = (first, band);
        Ok(())
    }

    /// Whether the slice lies in what was inflated already.
    fn goes_back(&self, stored: usize) -> bool {
        let Volume { input, layout, start, number, .. } = &self.volume;
        let plane = of(0, layout.size) * of(1, layout.size) * number.width();
        input.is_inflated && start + stored as u64 * (plane as u64) < input.position()
    }
}

struct Images {
    planes: Planes<i16>,
    /// What the pixels in memory were made with.
    meaning: Option<Meaning>,
}

impl SliceReader for Images {
    fn slice(&mut self, index: usize, meaning: Meaning) -> Result<Slice, ReadError> {
        if self.meaning != Some(meaning) {
            self.planes.forget();
            self.meaning = Some(meaning);
        }
        let pixels = self.planes.plane(index, |value| meaning::pixel(meaning, value))?;
        let layout = &self.planes.volume.layout;
        let [rows, columns] = layout.turn.size(layout.stored_size());
        let slice = Slice::new(rows, columns, pixels, meaning::quantity(meaning))
            .map_err(|_| ReadError::Damaged { kind: self.planes.volume.format })?;
        Ok(Slice { spacing: layout.spacing(), ..slice })
    }
}

impl Values for Planes<f32> {
    fn values(&mut self, index: usize) -> Result<Vec<f32>, ReadError> {
        self.plane(index, |value| value as f32)
    }
}
