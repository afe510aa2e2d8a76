//! Slices of many files become series: grouped, put in order, and judged for gaps.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::placement::dot;
use crate::{SeriesKey, SliceInfo, Vector, natural_order};

/// One slice of an opened file.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// Which file it is in; the caller's number.
    pub file: usize,
    /// The file's name, by which slices without any other order are sorted.
    pub name: &'a str,
    /// Its place in [`StackInfo::slices`](crate::StackInfo::slices).
    pub slice: usize,
    /// [`StackInfo::series`](crate::StackInfo::series) of the file.
    pub series: Option<SeriesKey>,
    /// What is known of it.
    pub info: &'a SliceInfo,
}

/// A slice, as its [`Entry`] names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SliceId {
    /// [`Entry::file`].
    pub file: usize,
    /// [`Entry::slice`].
    pub slice: usize,
}

/// Slices that follow each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The key that the slices have in common.
    pub key: Option<SeriesKey>,
    /// In the order of their places: axial ones from the feet to the head.
    pub slices: Vec<SliceId>,
    /// Slices at places that another slice takes, left out of `slices`.
    pub duplicates: Vec<SliceId>,
    /// Distance between the planes of neighbouring slices, in millimetres: the median. `None` without places.
    pub distance_mm: Option<f64>,
    /// What the user should know of the order.
    pub notes: Vec<Note>,
}

/// What is unusual about a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Note {
    /// Slices that lie where another one lies were left out.
    Duplicates {
        /// How many.
        count: usize,
    },
    /// The series has one slice for each place at several times, and this is one of these times.
    OneOfSeveral {
        /// From 1.
        which: usize,
        /// Number of times.
        of: usize,
    },
    /// Slices are missing between others.
    Missing {
        /// How many.
        count: usize,
    },
    /// Slices are not evenly spaced, and not because some are missing.
    Uneven {
        /// The least distance between neighbours, in millimetres.
        least_mm: f64,
        /// The largest.
        most_mm: f64,
    },
    /// The slices are not stacked at a right angle, as with a tilted gantry.
    Tilted {
        /// Between the slices' normal and the way from the first to the last.
        degrees: f64,
    },
    /// The files do not say where the slices lie.
    Unplaced,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicates { count: 1 } => {
                f.write_str("1 slice lies where another one lies and is left out of the series; it can be opened on its own.")
            }
            Self::Duplicates { count } => {
                write!(f, "{count} slices lie where others lie and are left out of the series; they can be opened on their own.")
            }
            Self::OneOfSeveral { which, of } => {
                write!(f, "The series has {of} images of each place; this is number {which} of them.")
            }
            Self::Missing { count } => write!(f, "{count} slices are missing in between: the volume bridges the gaps, side views leave them blank."),
            Self::Uneven { least_mm, most_mm } => {
                write!(f, "The slices are unevenly spaced, from {least_mm:.1} to {most_mm:.1} mm.")
            }
            Self::Tilted { degrees } => {
                write!(f, "The slices are tilted by {degrees:.0} degrees (gantry tilt); side views are skewed.")
            }
            Self::Unplaced => f.write_str(
                "The files do not say where the slices lie: they are sorted by number or name, check the order.",
            ),
        }
    }
}

/// Slices nearer than this lie at one place, in millimetres; the thinnest CT slices are 0.2 mm apart.
pub(crate) const SAME_PLACE_MM: f64 = 0.02;
/// How far distances may be from their median, as a part of it: positions are rounded, and tables do not move evenly.
const UNEVEN: f64 = 0.1;
/// Tilts below this many degrees are none.
const MIN_TILT_DEGREES: f64 = 0.5;

/// Makes series of slices. The order of the entries does not matter.
///
/// Slices of one key, size and orientation make a series; files without a key make one each. A series that has as many
/// images at every place is split into as many: by acquisition where that tells them apart, else by instance number.
/// Other images at a taken place are duplicates; the one with the lowest instance number stays.
pub fn arrange(entries: &[Entry]) -> Vec<Series> {
    let mut groups: BTreeMap<Group, Vec<Entry>> = BTreeMap::new();
    for entry in in_file_order(entries) {
        groups.entry(Group::of(&entry)).or_default().push(entry);
    }
    let mut series: Vec<_> = groups.into_values().flat_map(|group| of_group(&group)).collect();
    let rank: BTreeMap<SliceId, usize> =
        in_file_order(entries).iter().enumerate().map(|(rank, entry)| (id(entry), rank)).collect();
    series.sort_by_key(|series| series.slices.iter().filter_map(|id| rank.get(id)).min().copied());
    series
}

/// Sorted by what does not depend on the order in which files were opened.
fn in_file_order<'a>(entries: &[Entry<'a>]) -> Vec<Entry<'a>> {
    let mut sorted = entries.to_vec();
    let uid = |entry: &Entry<'a>| entry.info.dicom.as_ref().map(|dicom| dicom.sop_instance_uid.as_str());
    sorted.sort_by(|a, b| {
        (instance(a).is_none(), instance(a))
            .cmp(&(instance(b).is_none(), instance(b)))
            .then_with(|| natural_order(a.name, b.name))
            .then_with(|| uid(a).cmp(&uid(b)))
            .then(a.slice.cmp(&b.slice))
            .then(a.file.cmp(&b.file))
    });
    sorted
}

fn id(entry: &Entry) -> SliceId {
    SliceId { file: entry.file, slice: entry.slice }
}

fn instance(entry: &Entry) -> Option<i32> {
    entry.info.dicom.as_ref().and_then(|dicom| dicom.instance_number)
}

fn acquisition(entry: &Entry) -> Option<i32> {
    entry.info.dicom.as_ref().and_then(|dicom| dicom.acquisition)
}

/// What the slices of a series have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    key: Option<SeriesKey>,
    /// Of files without a key.
    file: Option<usize>,
    size: [u32; 2],
    /// In hundredths.
    orientation: Option<[i64; 6]>,
}

impl Group {
    fn of(entry: &Entry) -> Self {
        let orientation = entry.info.placement.map(|placement| {
            let ([a, b, c], [x, y, z]) = (placement.right, placement.down);
            [a, b, c, x, y, z].map(|part| (part * 100.0).round() as i64)
        });
        Self {
            key: entry.series,
            file: entry.series.is_none().then_some(entry.file),
            size: [entry.info.rows, entry.info.columns],
            orientation,
        }
    }
}

/// The slices at one place.
struct Place<'a> {
    position_mm: f64,
    slices: Vec<Entry<'a>>,
}

fn of_group(group: &[Entry]) -> Vec<Series> {
    let places = places(group);
    let key = group.first().and_then(|entry| entry.series);
    if places.is_empty() {
        let notes = if key.is_some() && group.len() > 1 { vec![Note::Unplaced] } else { Vec::new() };
        let slices = group.iter().map(id).collect();
        return vec![Series { key, slices, duplicates: Vec::new(), distance_mm: None, notes }];
    }
    let most = places.iter().map(|place| place.slices.len()).max().unwrap_or(0);
    let acquisitions: BTreeSet<Option<i32>> = group.iter().map(acquisition).collect();
    let of_acquisition = |wanted: Option<i32>| -> Vec<Place> {
        let slices = group.iter().filter(|entry| acquisition(entry) == wanted).copied();
        self::places(&slices.collect::<Vec<_>>())
    };
    let is_apart = || {
        acquisitions.len() == most
            && acquisitions.iter().all(|&one| of_acquisition(one).iter().all(|place| place.slices.len() == 1))
    };
    let stacks: Vec<Vec<Place>> = if most == 1 {
        vec![places]
    } else if is_apart() {
        acquisitions.iter().map(|&one| of_acquisition(one)).collect()
    } else if places.iter().all(|place| place.slices.len() == most) && places.len() > 1 {
        (0..most).map(|which| places.iter().filter_map(|place| place.only(which)).collect()).collect()
    } else {
        vec![places]
    };
    let of = stacks.len();
    let stacks = stacks.into_iter().enumerate();
    stacks
        .map(|(index, places)| {
            let mut series = of_places(key, &places);
            if of > 1 {
                series.notes.push(Note::OneOfSeveral { which: index + 1, of });
            }
            series
        })
        .collect()
}

impl<'a> Place<'a> {
    /// The place with one of its slices alone.
    fn only(&self, which: usize) -> Option<Self> {
        let slice = *self.slices.get(which)?;
        Some(Self { position_mm: self.position_mm, slices: vec![slice] })
    }
}

/// Slices by place, none where they have no places. All have one orientation.
fn places<'a>(group: &[Entry<'a>]) -> Vec<Place<'a>> {
    let Some(normal) = group.first().and_then(|entry| entry.info.placement).map(|first| first.normal())
    else {
        return Vec::new();
    };
    let position =
        |entry: &Entry<'a>| entry.info.placement.map_or(0.0, |placement| dot(placement.origin_mm, normal));
    let mut slices: Vec<(f64, Entry)> = group.iter().map(|entry| (position(entry), *entry)).collect();
    slices.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let mut places: Vec<Place> = Vec::new();
    for (position_mm, slice) in slices {
        match places.last_mut() {
            Some(last) if position_mm - last.position_mm < SAME_PLACE_MM => last.slices.push(slice),
            _ => places.push(Place { position_mm, slices: vec![slice] }),
        }
    }
    for place in &mut places {
        place.slices = in_file_order(&place.slices);
    }
    places
}

fn of_places(key: Option<SeriesKey>, places: &[Place]) -> Series {
    let kept: Vec<Entry> = places.iter().filter_map(|place| place.slices.first()).copied().collect();
    let duplicates: Vec<SliceId> =
        places.iter().flat_map(|place| place.slices.iter().skip(1)).map(id).collect();
    let distances: Vec<f64> = places
        .windows(2)
        .filter_map(|pair| Some(pair.last()?.position_mm - pair.first()?.position_mm))
        .collect();
    let distance_mm = usual_distance_mm(&distances);
    let mut notes = Vec::new();
    if !duplicates.is_empty() {
        notes.push(Note::Duplicates { count: duplicates.len() });
    }
    notes.extend(distance_mm.and_then(|distance_mm| gaps(&distances, distance_mm)));
    notes.extend(tilt(&kept));
    Series { key, slices: kept.iter().map(id).collect(), duplicates, distance_mm, notes }
}

/// The distance of most slices: the median, of two in the middle the lower, for the other may hide a gap.
pub fn usual_distance_mm(distances: &[f64]) -> Option<f64> {
    let mut sorted = distances.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) / 2).copied()
}

/// Distances that are multiples of the median are gaps where slices are missing.
fn gaps(distances: &[f64], median_mm: f64) -> Option<Note> {
    let is_even = |distance: &f64| {
        let times = (distance / median_mm).round().max(1.0);
        (distance / times - median_mm).abs() <= UNEVEN * median_mm + SAME_PLACE_MM
    };
    if !distances.iter().all(is_even) {
        let (least_mm, most_mm) =
            distances.iter().fold((f64::MAX, 0.0), |(least, most), &d| (d.min(least), d.max(most)));
        return Some(Note::Uneven { least_mm, most_mm });
    }
    let missing = distances.iter().map(|distance| (distance / median_mm).round().max(1.0) - 1.0).sum::<f64>();
    (missing > 0.0).then_some(Note::Missing { count: missing as usize })
}

fn tilt(slices: &[Entry]) -> Option<Note> {
    let (first, last) = (slices.first()?.info.placement?, slices.last()?.info.placement?);
    let ([a, b, c], [x, y, z]) = (first.origin_mm, last.origin_mm);
    let way: Vector = [x - a, y - b, z - c];
    let (along, length) = (dot(way, first.normal()), dot(way, way).sqrt());
    let degrees = (along / length).clamp(-1.0, 1.0).acos().to_degrees();
    (slices.len() > 2 && degrees > MIN_TILT_DEGREES).then_some(Note::Tilted { degrees })
}
