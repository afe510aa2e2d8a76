//! `rachis evaluate`: predicted masks against references.

use std::path::{Path, PathBuf};

use clap::Args;
use rachis_ct::NOTICE;
use rachis_ct::pairing::image_of_mask;
use rachis_eval::{Case, Evaluation, Grid, Interval, Measure};

use crate::cases::place;
use crate::error::CliError;
use crate::files::write;
use crate::patients::Patients;
use crate::references::{References, masks, read_mask_file, read_sized};

/// Compare predicted masks with reference masks of the same names.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder of predicted masks (PNG, TIFF or JPEG), such as `rachis segment` writes.
    #[arg(long)]
    predictions: PathBuf,
    /// The folder of reference masks, paired with the predictions by file name.
    #[arg(long)]
    references: PathBuf,
    /// Where to write the table of cases.
    #[arg(long)]
    csv: PathBuf,
    /// Where to write cases, patients, intervals and agreement of areas.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Distance between rows and between columns in mm, such as 0.7,0.7: without it nothing is given in mm.
    #[arg(long, value_parser = spacing)]
    spacing: Option<[f64; 2]>,
    /// A CSV table whose first column names the case and whose column `patient` its patient.
    #[arg(long)]
    patients: Option<PathBuf>,
}

fn spacing(text: &str) -> Result<[f64; 2], String> {
    let number = |text: &str| text.trim().parse().ok().filter(|mm: &f64| mm.is_finite() && *mm > 0.0);
    let pair = text.split_once(',').and_then(|(row, column)| Some([number(row)?, number(column)?]));
    pair.ok_or_else(|| "say two distances in mm such as 0.7,0.7".to_owned())
}

/// Runs the command. A mask that cannot be used is named, and the rest goes on.
///
/// # Errors
/// If nothing can be done at all, or, after all the rest, if a mask could not be used.
pub fn run(arguments: &Arguments) -> Result<(), CliError> {
    let predictions = masks(&arguments.predictions)?;
    if predictions.is_empty() {
        return Err(CliError::NoPredictions { path: arguments.predictions.clone() });
    }
    let names: Vec<String> =
        predictions.iter().map(|path| image_of_mask(&place(path, &arguments.predictions))).collect();
    let references = References::find(&arguments.references, &names)?;
    for mask in &references.unmatched {
        eprintln!("{}: fits no prediction, so it is left out.", mask.display());
    }
    let patients = arguments.patients.as_deref().map(Patients::read).transpose()?.unwrap_or_default();

    let mut cases = Vec::new();
    let mut problems = 0;
    for (position, (path, name)) in predictions.iter().zip(names).enumerate() {
        let patient = patients.of(&name);
        match compare(path, references.of(position), name, patient, arguments.spacing) {
            Ok(case) => cases.push(case),
            Err(error) => {
                eprintln!("{error}");
                problems += 1;
            }
        }
    }
    let evaluation = Evaluation::of(cases);
    write(&arguments.csv, evaluation.to_csv(NOTICE)?.as_bytes())?;
    if let Some(json) = &arguments.json {
        write(json, evaluation.to_json(NOTICE)?.as_bytes())?;
    }
    print_summary(&evaluation);
    if problems > 0 { Err(CliError::Problems { problems }) } else { Ok(()) }
}

fn compare(
    prediction: &Path,
    reference: Option<&Path>,
    name: String,
    patient: Option<String>,
    spacing: Option<[f64; 2]>,
) -> Result<Case, CliError> {
    let reference = reference.ok_or_else(|| CliError::NoReference { path: prediction.to_owned() })?;
    let mask = read_mask_file(prediction)?;
    let truth = read_sized(reference, mask.rows, mask.columns)?;
    let grid =
        spacing.map(|spacing_mm| Grid { shape: [mask.rows as usize, mask.columns as usize], spacing_mm });
    Ok(Case::of(name, patient, &mask.pixels(), &truth.pixels(), grid.as_ref())?)
}

/// Prints each measure's mean over slices with its interval, and the figures that the paper gives.
fn print_summary(evaluation: &Evaluation) {
    println!("{} masks compared. {NOTICE}.", evaluation.cases.len());
    for measure in Measure::ALL {
        let slices = evaluation.overall.measures.get(measure).over_slices;
        let Some(mean) = slices.mean else { continue };
        let (interval, drawn) = match slices.interval_by_patient {
            Some(interval) => (Some(interval), "patients"),
            None => (slices.interval_by_slice, "slices"),
        };
        let interval = interval.map_or_else(String::new, |Interval { low, high }| {
            format!(", 95 % interval {low:.3} to {high:.3} over {drawn}")
        });
        println!("mean {} of {} slices: {mean:.3}{interval}", measure.label(), slices.defined);
    }
    if let Some(f1) = evaluation.overall.paper.paper_f1 {
        println!("F1 of the mean precision and the mean sensitivity (the paper's F1): {f1:.3}");
    }
}
