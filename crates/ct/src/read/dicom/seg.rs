//! DICOM segmentations (PS3.3 A.51): frames of one segment each, or of all segments' numbers.

use std::collections::BTreeMap;

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::attributes::Elements;
use super::dataset::DataSet;
use super::frame::Frame;
use super::frames::{self, Frames};
use super::geometry::Layout;
use super::pixels::{self, Format, Size};
use super::{damaged, header, identity, objects};
use crate::error::ReadError;
use crate::read::input::Input;
use crate::stack::{SliceInfo, StackInfo};
use crate::{DicomIdentity, Mask, Placement};

/// A segmentation: for each place in the patient the segments that were drawn there.
pub struct Segmentation {
    /// What the file holds: one slice for each place, in the order of the places. Each slice's `dicom` names the image
    /// that it was drawn on, where the file says it, and `series` is the key of that image's series.
    pub info: StackInfo,
    /// The segments, as the file lists them.
    pub segments: Vec<Segment>,
    data_set: DataSet,
    format: Format,
    frames: Frames,
    kind: Kind,
    /// For each slice its frames, counted from 0, and whose they are.
    drawn: Vec<Vec<(usize, Owner)>>,
}

/// What was segmented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// SegmentNumber, from 1.
    pub number: u16,
    /// SegmentLabel, which whoever drew it chose.
    pub label: String,
    /// The meaning of SegmentedPropertyCategoryCodeSequence, such as `Anatomical Structure`.
    pub category: String,
    /// The meaning of SegmentedPropertyTypeCodeSequence, such as `Vertebra`.
    pub property: String,
}

/// What a pixel's value says.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// All but 0 is inside.
    Binary,
    /// Over half of this is inside.
    Fractional { full: u16 },
    /// It is the number of a segment.
    LabelMap,
}

/// Whose a frame is.
#[derive(Debug, Clone, Copy)]
enum Owner {
    One(u16),
    All,
}

/// Reads the headers of a segmentation.
///
/// # Errors
///
/// [`ReadError::MaskKind`] for other objects; why a segmentation cannot be read.
pub(in crate::read) fn open(file: Input) -> Result<Segmentation, ReadError> {
    let data_set = DataSet::parse(file)?;
    let top = data_set.top();
    if !objects::is_segmentation(top) {
        return Err(ReadError::MaskKind);
    }
    let kind = Kind::of(top)?;
    let format = Format { size: Size::new(header::size(top)?), bits_allocated: kind.bits_allocated(top)? };
    let count = frames::count(&data_set)?;
    let frames = Frames::locate(&data_set, count)?;
    pixels::check_length(format, &frames, count)?;
    let segments = segments(top);
    let Drawn { slices, frames: drawn } = Drawn::sorted(top, count, kind, &segments)?;
    let patient = identity::identity(top).patient;
    let series_uid = slices.first().and_then(|slice| Some(slice.dicom.as_ref()?.series_uid.as_str()));
    let layout = Frame::of(top, 0, count).layout()?;
    let info = StackInfo {
        series: series_uid
            .filter(|uid| !uid.is_empty())
            .and_then(|uid| identity::series_key(top, uid, &layout)),
        description: identity::description(top, None, &patient),
        slices,
        grid: None,
        meanings: Vec::new(),
        warning: None,
    };
    Ok(Segmentation { info, segments, format, frames, kind, drawn, data_set })
}

impl Segmentation {
    /// What a segment is called: its label, and what it is of where the label does not say that.
    pub(in crate::read) fn name(&self, number: i32) -> Option<String> {
        let segment = self.segments.iter().find(|segment| i32::from(segment.number) == number)?;
        let Segment { label, property, .. } = segment;
        let is_told = label.to_lowercase().contains(&property.to_lowercase());
        let name = match (label.as_str(), property.as_str()) {
            ("", property) => property.to_owned(),
            (label, _) if is_told => label.to_owned(),
            (label, property) => format!("{label} ({property})"),
        };
        Some(name).filter(|name| !name.is_empty())
    }

    /// The pixels of each segment at the place `slice`, those under another segment too.
    ///
    /// # Errors
    ///
    /// Why these pixels cannot be read.
    pub(in crate::read) fn count(&self, slice: usize) -> Result<BTreeMap<i32, u64>, ReadError> {
        let mut counts = BTreeMap::new();
        for &(frame, owner) in self.drawn.get(slice).ok_or_else(damaged)? {
            for word in pixels::decode(&self.data_set, self.format, &self.frames, frame)? {
                if self.kind.is_inside(word) {
                    let segment = match owner {
                        Owner::One(segment) => segment,
                        Owner::All => word,
                    };
                    *counts.entry(segment.into()).or_default() += 1;
                }
            }
        }
        Ok(counts)
    }

    /// What is drawn at the place `slice` of the segments whose numbers are `wanted`, together; as shown.
    ///
    /// # Errors
    ///
    /// Why these pixels cannot be read.
    pub fn mask(&self, slice: usize, wanted: impl Fn(u16) -> bool) -> Result<Mask, ReadError> {
        let numbers = self.numbers_of(slice, wanted)?;
        let info = self.info.slices.get(slice).ok_or_else(damaged)?;
        let pixels = numbers.into_iter().map(|number| u8::from(number != 0)).collect();
        Mask::new(info.rows, info.columns, pixels).map_err(|_| damaged())
    }

    /// For each pixel at the place `slice` the number of its segment, 0 outside of all; as shown. Where segments
    /// overlap, it is the one whose frame comes first.
    ///
    /// # Errors
    ///
    /// Why these pixels cannot be read.
    pub fn numbers(&self, slice: usize) -> Result<Vec<u16>, ReadError> {
        self.numbers_of(slice, |_| true)
    }

    fn numbers_of(&self, slice: usize, wanted: impl Fn(u16) -> bool) -> Result<Vec<u16>, ReadError> {
        let info = self.info.slices.get(slice).ok_or_else(damaged)?;
        let mut numbers = vec![0; self.format.size.pixels()];
        for &(frame, owner) in self.drawn.get(slice).ok_or_else(damaged)? {
            if matches!(owner, Owner::One(segment) if !wanted(segment)) {
                continue;
            }
            let words = pixels::decode(&self.data_set, self.format, &self.frames, frame)?;
            for (number, word) in numbers.iter_mut().zip(words) {
                if *number == 0 && self.kind.is_inside(word) {
                    *number = match owner {
                        Owner::One(segment) => segment,
                        Owner::All if wanted(word) => word,
                        Owner::All => 0,
                    };
                }
            }
        }
        let stored = info.turn.inverse().size([info.rows, info.columns]);
        Ok(info.turn.apply(stored, &numbers))
    }
}

impl Kind {
    fn of(top: Elements) -> Result<Self, ReadError> {
        match top.text(tags::SEGMENTATION_TYPE) {
            Some("BINARY") => Ok(Self::Binary),
            Some("FRACTIONAL") => Ok(Self::Fractional {
                full: top.word(tags::MAXIMUM_FRACTIONAL_VALUE).unwrap_or(u8::MAX.into()),
            }),
            Some("LABELMAP") => Ok(Self::LabelMap),
            _ => Err(damaged()),
        }
    }

    fn is_inside(self, word: u16) -> bool {
        match self {
            Self::Binary | Self::LabelMap => word != 0,
            Self::Fractional { full } => 2 * u32::from(word) > u32::from(full),
        }
    }

    fn bits_allocated(self, top: Elements) -> Result<u16, ReadError> {
        match (self, top.word(tags::BITS_ALLOCATED)) {
            (Self::Binary, Some(bits @ (1 | 8))) | (Self::Fractional { .. }, Some(bits @ 8)) => Ok(bits),
            (Self::LabelMap, Some(bits @ (8 | 16))) => Ok(bits),
            _ => Err(damaged()),
        }
    }
}

/// All but number 0, which label maps may have for what is in no segment.
fn segments(top: Elements) -> Vec<Segment> {
    let charset = top.text(tags::SPECIFIC_CHARACTER_SET);
    let meaning = |segment: Elements, sequence: Tag| {
        let code = segment.item(sequence, 0);
        code.map(|code| code.prose(tags::CODE_MEANING, charset)).unwrap_or_default()
    };
    let segment = |item: Elements| {
        Some(Segment {
            number: item.word(tags::SEGMENT_NUMBER).filter(|&number| number != 0)?,
            label: item.prose(tags::SEGMENT_LABEL, charset),
            category: meaning(item, tags::SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE),
            property: meaning(item, tags::SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE),
        })
    };
    top.items(tags::SEGMENT_SEQUENCE).filter_map(segment).collect()
}

/// The places and what is drawn at each.
struct Drawn {
    slices: Vec<SliceInfo>,
    frames: Vec<Vec<(usize, Owner)>>,
}

/// What frames of one place have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Thousandths of a millimetre and of a unit vector.
    Patient([i64; 9]),
    Image(String, u32),
    Alone(usize),
}

impl Drawn {
    /// Gathers the frames by place and sorts the places.
    fn sorted(top: Elements, count: usize, kind: Kind, segments: &[Segment]) -> Result<Self, ReadError> {
        let identity = identity::identity(top);
        let mut places: BTreeMap<Place, (SliceInfo, Vec<(usize, Owner)>)> = BTreeMap::new();
        for index in 0..count {
            let frame = Frame::of(top, index, count);
            let owner = owner(frame, kind, segments)?;
            let layout = frame.layout()?;
            let image = image_of(top, frame, &identity);
            let place = match layout.placement {
                Some(placement) => Place::of(placement),
                None if image.sop_instance_uid.is_empty() => Place::Alone(index),
                None => Place::Image(image.sop_instance_uid.clone(), image.frame),
            };
            let (_, frames) =
                places.entry(place).or_insert_with(|| (slice_info(frame, layout, image), Vec::new()));
            frames.push((index, owner));
        }
        let mut places: Vec<_> = places.into_values().collect();
        let position = |slice: &SliceInfo| slice.placement.map(|placement| placement.position_mm());
        places.sort_by(|(a, _), (b, _)| match (position(a), position(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        });
        let (slices, frames) = places.into_iter().unzip();
        Ok(Self { slices, frames })
    }
}

impl Place {
    fn of(Placement { origin_mm, right, down }: Placement) -> Self {
        let mut thousandths = [0; 9];
        let numbers = origin_mm.into_iter().chain(right).chain(down);
        for (whole, number) in thousandths.iter_mut().zip(numbers) {
            *whole = (number * 1000.0).round() as i64;
        }
        Self::Patient(thousandths)
    }
}

fn owner(frame: Frame, kind: Kind, segments: &[Segment]) -> Result<Owner, ReadError> {
    if let Kind::LabelMap = kind {
        return Ok(Owner::All);
    }
    let group = frame.group(tags::SEGMENT_IDENTIFICATION_SEQUENCE);
    match (group.and_then(|group| group.word(tags::REFERENCED_SEGMENT_NUMBER)), segments) {
        (Some(number), _) => Ok(Owner::One(number)),
        (None, [only]) => Ok(Owner::One(only.number)),
        _ => Err(damaged()),
    }
}

/// The image that a frame was drawn on, as far as the file says it.
fn image_of(top: Elements, frame: Frame, segmentation: &DicomIdentity) -> DicomIdentity {
    let derivation = frame.group(tags::DERIVATION_IMAGE_SEQUENCE);
    let source = derivation.and_then(|derivation| derivation.item(tags::SOURCE_IMAGE_SEQUENCE, 0));
    let series = top.item(tags::REFERENCED_SERIES_SEQUENCE, 0);
    let uid = |item: Option<Elements>, tag| item.map(|item| identity::uid(item, tag)).unwrap_or_default();
    let number = source.and_then(|source| source.integer(tags::REFERENCED_FRAME_NUMBER));
    DicomIdentity {
        series_uid: uid(series, tags::SERIES_INSTANCE_UID),
        sop_class_uid: uid(source, tags::REFERENCED_SOP_CLASS_UID),
        sop_instance_uid: uid(source, tags::REFERENCED_SOP_INSTANCE_UID),
        frame: number.and_then(|number| number.try_into().ok()).unwrap_or(1),
        instance_number: None,
        acquisition: None,
        ..segmentation.clone()
    }
}

fn slice_info(frame: Frame, layout: Layout, image: DicomIdentity) -> SliceInfo {
    let [rows, columns] = layout.size;
    SliceInfo {
        rows,
        columns,
        spacing: layout.spacing,
        thickness_mm: frame.thickness_mm(),
        placement: layout.placement,
        turn: layout.turn,
        dicom: Some(Box::new(image)),
    }
}
