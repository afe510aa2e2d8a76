//! A CT file as a stack of slices, each decoded when it is wanted.

use dicom_dictionary_std::tags;

use super::dataset::DataSet;
use super::frame::Frame;
use super::frames::{self, Frames};
use super::header::Header;
use super::{damaged, hu, identity, pixels};
use crate::error::ReadError;
use crate::read::input::Input;
use crate::read::{SliceReader, Stack};
use crate::stack::{Meaning, SliceInfo, StackInfo};
use crate::{DicomIdentity, Quantity, Slice};

/// Reads the headers of a file of CT images; slices are in the order of their places, else in that of the file.
///
/// # Errors
///
/// Why the file is not a CT image whose pixels lie in it.
pub(in crate::read) fn open(file: Input) -> Result<Stack, ReadError> {
    let image = CtImage::parse(file)?;
    let info = image.info()?;
    Ok(Stack { info, reader: Box::new(image) })
}

/// A CT file without its pixels.
struct CtImage {
    data_set: DataSet,
    header: Header,
    frames: Frames,
    /// For each slice the frame that it is, counted from 0.
    order: Vec<usize>,
}

impl CtImage {
    fn parse(file: Input) -> Result<Self, ReadError> {
        let data_set = DataSet::parse(file)?;
        let header = Header::of_ct_image(&data_set)?;
        let count = frames::count(&data_set)?;
        let frames = Frames::locate(&data_set, count)?;
        pixels::check_length(header.format(), &frames, count)?;
        let mut image = Self { data_set, header, frames, order: (0..count).collect() };
        image.sort()?;
        Ok(image)
    }

    fn frame(&self, index: usize) -> Frame<'_> {
        Frame::of(self.data_set.top(), index, self.order.len())
    }

    /// Orders the frames by their places, where each has one.
    fn sort(&mut self) -> Result<(), ReadError> {
        let mut places = Vec::with_capacity(self.order.len());
        for &index in &self.order {
            let Some(placement) = self.frame(index).layout()?.placement else { return Ok(()) };
            places.push((placement.position_mm(), index));
        }
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.order = places.into_iter().map(|(_, index)| index).collect();
        Ok(())
    }

    fn info(&self) -> Result<StackInfo, ReadError> {
        let top = self.data_set.top();
        let identity = identity::identity(top);
        let slices: Vec<SliceInfo> =
            self.order.iter().map(|&index| self.slice_info(index, &identity)).collect::<Result<_, _>>()?;
        let first = self.frame(0);
        let burned_in = top.text(tags::BURNED_IN_ANNOTATION) == Some("YES");
        Ok(StackInfo {
            series: identity::series_key(top, &identity.series_uid, &first.layout()?),
            description: identity::description(top, first.thickness_mm(), &identity.patient),
            slices,
            grid: None,
            meanings: vec![Meaning::Hu],
            warning: burned_in.then(|| {
                "Text is burned into the picture, and it may name the patient: look before you pass it on.".to_owned()
            }),
        })
    }

    fn slice_info(&self, index: usize, identity: &DicomIdentity) -> Result<SliceInfo, ReadError> {
        let frame = self.frame(index);
        let layout = frame.layout()?;
        let [rows, columns] = layout.size;
        Ok(SliceInfo {
            rows,
            columns,
            spacing: layout.spacing,
            thickness_mm: frame.thickness_mm(),
            placement: layout.placement,
            turn: layout.turn,
            dicom: Some(Box::new(DicomIdentity {
                frame: index as u32 + 1,
                acquisition: frame.acquisition(),
                ..identity.clone()
            })),
        })
    }

    /// The frame at `index` as it is shown.
    fn decode(&self, index: usize) -> Result<Slice, ReadError> {
        let frame = self.frame(index);
        let words = pixels::decode(&self.data_set, self.header.format(), &self.frames, index)?;
        let stored = hu::from_stored(&words, &self.header, frame.rescale()?);
        let layout = frame.layout()?;
        let [rows, columns] = layout.size;
        let pixels = layout.turn.apply([self.header.rows, self.header.columns], &stored);
        let slice = Slice::new(rows, columns, pixels, Quantity::Hu).map_err(|_| damaged())?;
        Ok(Slice { spacing: layout.spacing, window: frame.window(), ..slice })
    }
}

impl SliceReader for CtImage {
    fn slice(&mut self, index: usize, _: Meaning) -> Result<Slice, ReadError> {
        let frame = *self.order.get(index).ok_or_else(damaged)?;
        self.decode(frame)
    }
}
