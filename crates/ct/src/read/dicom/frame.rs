//! The attributes of one frame: in its functional group, in the one shared by all frames, or at the top level
//! (DICOM PS3.3 C.7.6.16).

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::attributes::Elements;
use super::geometry::Layout;
use super::hu::Rescale;
use super::{damaged, header};
use crate::error::ReadError;
use crate::{Spacing, Window};

/// Where the attributes of one frame are looked up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'a> {
    top: Elements<'a>,
    shared: Option<Elements<'a>>,
    own: Option<Elements<'a>>,
    /// Whether the top level says where it lies, as in files of one frame.
    is_placed_at_top: bool,
}

impl<'a> Frame<'a> {
    /// The frame at `index` of `count`.
    pub fn of(top: Elements<'a>, index: usize, count: usize) -> Self {
        let shared = top.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE, 0);
        let own = top.item(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, index);
        Self { top, shared, own, is_placed_at_top: count == 1 }
    }

    /// The first item of a functional group, the frame's or else the shared one.
    pub fn group(self, sequence: Tag) -> Option<Elements<'a>> {
        [self.own, self.shared].into_iter().flatten().find_map(|groups| groups.item(sequence, 0))
    }

    /// Where `attribute` of the functional group `sequence` is found.
    fn place_of(self, sequence: Tag, attribute: Tag) -> Elements<'a> {
        let groups = [self.own, self.shared].into_iter().flatten();
        groups
            .filter_map(|group| group.item(sequence, 0))
            .find(|item| item.has(attribute))
            .unwrap_or(self.top)
    }

    fn numbers(self, sequence: Tag, attribute: Tag) -> Vec<f64> {
        self.place_of(sequence, attribute).numbers(attribute)
    }

    /// RescaleSlope and RescaleIntercept, 1 and 0 where the file has none.
    pub fn rescale(self) -> Result<Rescale, ReadError> {
        let first = |tag| self.numbers(tags::PIXEL_VALUE_TRANSFORMATION_SEQUENCE, tag).first().copied();
        let slope = first(tags::RESCALE_SLOPE).unwrap_or(1.0);
        let intercept = first(tags::RESCALE_INTERCEPT).unwrap_or(0.0);
        if slope == 0.0 { Err(damaged()) } else { Ok(Rescale { slope, intercept }) }
    }

    /// The first of the windows that the file suggests.
    pub fn window(self) -> Option<Window> {
        let first = |tag| self.numbers(tags::FRAME_VOILUT_SEQUENCE, tag).first().copied();
        let (center, width) = (first(tags::WINDOW_CENTER)?, first(tags::WINDOW_WIDTH)?);
        (width >= 1.0).then(|| Window::new(center as f32, width as f32))
    }

    /// As stored.
    pub fn spacing(self) -> Option<Spacing> {
        match self.numbers(tags::PIXEL_MEASURES_SEQUENCE, tags::PIXEL_SPACING).as_slice() {
            &[row, column, ..] if row > 0.0 && column > 0.0 => {
                Some(Spacing { row_mm: row as f32, column_mm: column as f32 })
            }
            _ => None,
        }
    }

    pub fn thickness_mm(self) -> Option<f32> {
        let thickness = self.numbers(tags::PIXEL_MEASURES_SEQUENCE, tags::SLICE_THICKNESS);
        thickness.first().filter(|&&thickness| thickness > 0.0).map(|&thickness| thickness as f32)
    }

    /// How the frame lies, as stored and as shown.
    pub fn layout(self) -> Result<Layout, ReadError> {
        let group = self.group(tags::PLANE_POSITION_SEQUENCE);
        let position = group.or(self.is_placed_at_top.then_some(self.top));
        let position = position.map(|place| place.numbers(tags::IMAGE_POSITION_PATIENT)).unwrap_or_default();
        let orientation = self.numbers(tags::PLANE_ORIENTATION_SEQUENCE, tags::IMAGE_ORIENTATION_PATIENT);
        let sides = self.top.text(tags::PATIENT_ORIENTATION);
        Ok(Layout::new(header::size(self.top)?, self.spacing(), &position, &orientation, sides))
    }

    /// What tells apart images of one place: TemporalPositionIndex, else the number of the acquisition.
    pub fn acquisition(self) -> Option<i32> {
        let content = self.group(tags::FRAME_CONTENT_SEQUENCE);
        let temporal = content.and_then(|content| content.long(tags::TEMPORAL_POSITION_INDEX));
        let acquired = content.and_then(|content| content.word(tags::FRAME_ACQUISITION_NUMBER));
        (temporal.and_then(|index| index.try_into().ok()))
            .or(acquired.map(i32::from))
            .or_else(|| self.top.integer(tags::TEMPORAL_POSITION_IDENTIFIER))
            .or_else(|| self.top.integer(tags::ACQUISITION_NUMBER))
    }
}
