//! `rachis evaluate`: predicted masks against references.

use std::path::PathBuf;

use clap::Args;
use rachis_ct::pairing::{Member, image_of_mask};
use rachis_ct::{NOTICE, Spacing};
use rachis_eval::{Case, Evaluation};

use crate::error::{CliError, Problems};
use crate::files::write;
use crate::labels::{Labels, labels};
use crate::names::numbered;
use crate::patients::Patients;
use crate::references::References;
use crate::shelf::{Masks, Shelf};
use crate::slices::{FoundSlice, SliceStack, members};
use crate::{inputs, slices, summary};

/// Compare predicted masks with reference masks.
///
/// Both may be pictures (PNG, TIFF, JPEG), volumes (NIfTI, NRRD, MetaImage, NumPy, TIFF stacks), DICOM segmentations, or
/// ZIP files of them. Pictures are paired by name (x.png or x.mask.png with x.png or x_mask.png); volumes by name, else
/// with the first volume of as many slices at the same place; DICOM segmentations by the images that they were drawn on.
/// Each slice of a volume is a case, named after it and numbered from 1.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Predicted masks: a file, or a folder such as `rachis segment` writes.
    #[arg(long, value_name = "PATH")]
    predictions: PathBuf,
    /// Reference masks: a file or a folder.
    #[arg(long, value_name = "PATH")]
    references: PathBuf,
    /// Where to write the table of cases.
    #[arg(long, value_name = "FILE")]
    csv: PathBuf,
    /// Where to write cases, patients, intervals and agreement of areas.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The labels that are spine where a file has several, such as 26-50 or 1,2,7 [default: of TotalSegmentator's labels
    /// the vertebrae and the sacrum, of others all but 0].
    #[arg(long, value_parser = labels)]
    labels: Option<Labels>,
    /// Distance between rows and between columns in mm, such as 0.7,0.7, of files that do not say it. Without it, nothing
    /// is given in mm of those.
    #[arg(long, value_name = "ROW,COLUMN", value_parser = spacing)]
    spacing: Option<Spacing>,
    /// A CSV table whose first column names the case, or the volume, and whose column `patient` its patient.
    #[arg(long, value_name = "FILE")]
    patients: Option<PathBuf>,
}

fn spacing(text: &str) -> Result<Spacing, String> {
    let number = |text: &str| text.trim().parse().ok().filter(|mm: &f32| mm.is_finite() && *mm > 0.0);
    let spacing = text
        .split_once(',')
        .and_then(|(row, column)| Some(Spacing { row_mm: number(row)?, column_mm: number(column)? }));
    spacing.ok_or_else(|| "say two distances in mm such as 0.7,0.7".to_owned())
}

/// Runs the command. A mask that cannot be used is named, and the rest goes on.
///
/// # Errors
/// If nothing can be done at all, or, after all the rest, if a mask could not be used.
pub fn run(arguments: &Arguments) -> Result<(), CliError> {
    let mut problems = Problems::default();
    let files = inputs::masks(&arguments.predictions)?;
    if files.is_empty() {
        return Err(CliError::NoPredictions { path: arguments.predictions.clone() });
    }
    let mut shelf = Shelf::new();
    let stacks = slices::masks(&files, &mut shelf, &mut problems);
    let predictions = members(&stacks);
    let names: Vec<[String; 2]> = stacks.iter().flat_map(names).collect();
    let images: Vec<Member> = predictions
        .iter()
        .zip(&names)
        .map(|(prediction, [path, file])| Member { path, file, ..*prediction })
        .collect();
    let labels = arguments.labels.clone();
    let mut references = References::find(&arguments.references, &images, labels, &mut problems)?;
    let patients = arguments.patients.as_deref().map(Patients::read).transpose()?.unwrap_or_default();

    let mut cases = Vec::new();
    for (place, (slice, [name, volume])) in stacks.iter().flatten().zip(&names).enumerate() {
        match compare(place, slice, name, &mut shelf, &mut references, arguments) {
            Ok(case) => {
                cases.push(Case { patient: patients.of(name).or_else(|| patients.of(volume)), ..case })
            }
            Err(error) => problems.tell(&error),
        }
    }
    let evaluation = Evaluation::of(cases);
    write(&arguments.csv, evaluation.to_csv(NOTICE)?.as_bytes())?;
    if let Some(json) = &arguments.json {
        write(json, evaluation.to_json(NOTICE)?.as_bytes())?;
    }
    println!("{} masks compared. {NOTICE}.", evaluation.cases.len());
    summary::print(&evaluation);
    problems.outcome()
}

/// For each slice, what it is called and what its volume is: after the image that a mask of that name belongs to.
fn names(stack: &SliceStack) -> Vec<[String; 2]> {
    let name = |slice: &FoundSlice| {
        let volume = image_of_mask(&slice.source.place);
        [numbered(&volume, slice.index, stack.len()), volume]
    };
    stack.iter().map(name).collect()
}

fn compare(
    place: usize,
    slice: &FoundSlice,
    name: &str,
    shelf: &mut Shelf<Masks>,
    references: &mut References,
    arguments: &Arguments,
) -> Result<Case, CliError> {
    let missing = || CliError::NoReference { path: slice.source.shown.clone() };
    if !references.has(place) {
        return Err(missing());
    }
    let mask = shelf.mask(slice, arguments.labels.as_ref())?;
    references.compare(place, slice, &mask, arguments.spacing, name)?.ok_or_else(missing)
}
