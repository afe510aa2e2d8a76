//! The slices that files hold, in their stacks.

use std::rc::Rc;

use rachis_ct::pairing::Member;
use rachis_ct::series::{Entry, SliceId, arrange};
use rachis_ct::{Grid, Meaning, SeriesKey, SliceInfo, StackInfo};

use crate::error::{CliError, Problems};
use crate::inputs::InputFile;
use crate::names::{numbered, without_extension};
use crate::shelf::{Content, Shelf, Source};

/// A slice of a file.
#[derive(Debug, Clone)]
pub struct FoundSlice {
    /// The file.
    pub source: Rc<Source>,
    /// Its place in the file.
    pub index: usize,
    /// The file's place, with the slice's number where the file has several: what it is paired and named by.
    pub place: String,
    /// What is known of it.
    pub info: SliceInfo,
    /// What its numbers mean.
    pub meaning: Meaning,
    /// The voxels of the file, where it holds a volume.
    pub grid: Option<Rc<Grid>>,
}

/// Slices that follow each other: of one file, or of the files of a series.
pub type SliceStack = Vec<FoundSlice>;

/// The stacks of images in files: volumes and pictures as they are, series sorted by place. What is unusual is told.
pub fn images<C: Content>(
    files: &[InputFile],
    shelf: &mut Shelf<C>,
    problems: &mut Problems,
) -> Vec<SliceStack> {
    let mut stacks = Vec::new();
    let mut of_series: Vec<(SeriesKey, FoundSlice)> = Vec::new();
    for (series, stack) in found(files, shelf, problems) {
        match series {
            Some(key) => of_series.extend(stack.into_iter().map(|slice| (key, slice))),
            None => stacks.push(stack),
        }
    }
    stacks.extend(series(of_series));
    let place_of = |stack: &SliceStack| {
        let first = stack.iter().map(|slice| &slice.source.path).min();
        files.iter().position(|file| Some(&file.path) == first)
    };
    stacks.sort_by_cached_key(place_of);
    stacks
}

/// The stacks of masks in files, as the files have them.
pub fn masks<C: Content>(
    files: &[InputFile],
    shelf: &mut Shelf<C>,
    problems: &mut Problems,
) -> Vec<SliceStack> {
    found(files, shelf, problems).into_iter().map(|(_, stack)| stack).collect()
}

/// What pairing asks of slices.
pub fn members(stacks: &[SliceStack]) -> Vec<Member<'_>> {
    let mut members = Vec::new();
    for (stack, slices) in (0..).zip(stacks) {
        members.extend(slices.iter().map(|slice| Member {
            path: &slice.place,
            file: &slice.source.place,
            stack,
            count: slices.len(),
            info: &slice.info,
        }));
    }
    members
}

fn found<C: Content>(
    files: &[InputFile],
    shelf: &mut Shelf<C>,
    problems: &mut Problems,
) -> Vec<(Option<SeriesKey>, SliceStack)> {
    let mut stacks = Vec::new();
    for file in files {
        let parts = match shelf.parts(file) {
            Ok(parts) => parts,
            Err(error) => {
                problems.tell(&error);
                continue;
            }
        };
        for (source, info) in parts {
            match info {
                Ok(info) => {
                    if let Some(warning) = &info.warning {
                        eprintln!("{}: {warning}", source.place);
                    }
                    stacks.push((info.series, of_file(&source, info)));
                }
                Err(error) => problems.tell(&CliError::Image { path: source.shown.clone(), source: error }),
            }
        }
    }
    stacks
}

fn of_file(source: &Rc<Source>, info: StackInfo) -> SliceStack {
    let meaning = info.meanings.first().copied().unwrap_or(Meaning::Hu);
    let grid: Option<Rc<Grid>> = info.grid.map(Rc::from);
    let count = info.slices.len();
    let place = |index| {
        if count == 1 {
            source.place.clone()
        } else {
            numbered(without_extension(&source.place), index, count)
        }
    };
    let slices = info.slices.into_iter().enumerate();
    slices
        .map(|(index, info)| FoundSlice {
            source: Rc::clone(source),
            index,
            place: place(index),
            info,
            meaning,
            grid: grid.clone(),
        })
        .collect()
}

/// Series in the order of their places. Slices at a taken place make stacks of their own, so that none is lost.
fn series(slices: Vec<(SeriesKey, FoundSlice)>) -> Vec<SliceStack> {
    fn entry((file, (key, slice)): (usize, &(SeriesKey, FoundSlice))) -> Entry<'_> {
        Entry { file, name: &slice.place, slice: 0, series: Some(*key), info: &slice.info }
    }
    let all = arrange(&slices.iter().enumerate().map(entry).collect::<Vec<_>>());
    let mut slices: Vec<Option<FoundSlice>> = slices.into_iter().map(|(_, slice)| Some(slice)).collect();
    let mut take = |id: &SliceId| slices.get_mut(id.file).and_then(Option::take);
    let mut stacks = Vec::new();
    for series in all {
        let stack: SliceStack = series.slices.iter().filter_map(&mut take).collect();
        for note in series.notes.iter().filter(|_| stack.len() > 1) {
            eprintln!("{} and its series: {note}", stack.first().map_or("", |slice| &slice.source.place));
        }
        stacks.push(stack);
        stacks.extend(series.duplicates.iter().filter_map(&mut take).map(|slice| vec![slice]));
    }
    stacks.retain(|stack| !stack.is_empty());
    stacks
}
