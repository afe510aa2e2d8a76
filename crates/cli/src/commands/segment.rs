//! `rachis segment`: a mask for each image, and scores where there are references.

use std::path::{Path, PathBuf};

use clap::Args;
use futures_lite::future::block_on;
use rachis_ct::{Mask, NOTICE, Turn, check_file_size, mask_png, read_mask, read_slice};
use rachis_engine::Segmenter;
use rachis_eval::{Overlap, Row, mean, results_csv};

use crate::cases::{self, Case};
use crate::engine::EngineName;
use crate::error::CliError;
use crate::files::{read, size, write};
use crate::model;
use crate::references::References;

/// Segment CT images and write a mask for each.
#[derive(Debug, Args)]
pub struct Arguments {
    /// CT images (DICOM, PNG, TIFF or JPEG), or folders of them.
    #[arg(required = true)]
    input: Vec<PathBuf>,
    /// The model (.safetensors, .h5 or .keras).
    #[arg(long)]
    model: PathBuf,
    /// The folder for the masks (NAME.mask.png) and the results (results.csv).
    #[arg(long)]
    out: PathBuf,
    /// A folder of reference masks, paired with the images by file name.
    #[arg(long)]
    references: Option<PathBuf>,
    /// What runs the network.
    #[arg(long, value_enum, default_value_t = EngineName::Cpu)]
    engine: EngineName,
}

/// Runs the command. An input that cannot be used is named, and the rest goes on.
///
/// # Errors
/// If nothing can be done at all, or, after all the rest, if an input failed.
pub fn run(arguments: &Arguments) -> Result<(), CliError> {
    let cases = cases::find(&arguments.input)?;
    let references = match &arguments.references {
        Some(folder) => References::find(folder, &cases)?,
        None => References::default(),
    };
    for mask in &references.unmatched {
        eprintln!("{}: fits no image, so it is left out. Give it the name of its image.", mask.display());
    }
    let model = model::load(&arguments.model)?;
    let segmenter = block_on(Segmenter::load(&model, &arguments.engine.open()?))?;

    let mut rows = Vec::new();
    let mut problems = 0;
    for (position, case) in cases.iter().enumerate() {
        let mask = match segment(case, &segmenter, &arguments.out) {
            Ok(mask) => mask,
            Err(CliError::Segment { source, .. }) if source.ends_engine() => return Err(source.into()),
            Err(error) => {
                eprintln!("{error}");
                problems += 1;
                continue;
            }
        };
        let overlap = references.of(position).map(|reference| score(&mask, reference)).transpose();
        let overlap = overlap.unwrap_or_else(|error| {
            eprintln!("{error}");
            problems += 1;
            None
        });
        rows.push(Row { case: case.name.clone(), spine_pixels: mask.count() as u64, overlap });
    }
    write(&arguments.out.join("results.csv"), results_csv(&rows, NOTICE)?.as_bytes())?;
    print_means(&rows);
    if problems > 0 { Err(CliError::Problems { problems }) } else { Ok(()) }
}

/// Segments one image and writes its mask.
fn segment(case: &Case, segmenter: &Segmenter, out: &Path) -> Result<Mask, CliError> {
    let image = |source| CliError::Image { path: case.path.clone(), source };
    check_file_size(size(&case.path)?).map_err(image)?;
    let slice = read_slice(&case.place, &read(&case.path)?).map_err(image)?;
    let mask = block_on(segmenter.segment(&slice))
        .map_err(|source| CliError::Segment { path: case.path.clone(), source })?;
    let png =
        mask_png(&mask, Turn::NONE).map_err(|source| CliError::Encode { path: case.path.clone(), source })?;
    write(&out.join(format!("{}.mask.png", case.name)), &png)?;
    Ok(mask)
}

/// Compares a mask with its reference.
fn score(mask: &Mask, reference: &Path) -> Result<Overlap, CliError> {
    let unreadable = |source| CliError::Reference { path: reference.to_owned(), source };
    check_file_size(size(reference)?).map_err(unreadable)?;
    let truth = read_mask(&read(reference)?).map_err(unreadable)?;
    let mismatch = || CliError::ReferenceSize {
        path: reference.to_owned(),
        found: (truth.columns, truth.rows),
        wanted: (mask.columns, mask.rows),
    };
    if (truth.rows, truth.columns) != (mask.rows, mask.columns) {
        return Err(mismatch());
    }
    Overlap::of(&mask.pixels, &truth.pixels).map_err(|_| mismatch())
}

/// A measure of agreement; `None` where it is undefined.
type Measure = fn(&Overlap) -> Option<f64>;

/// Prints the mean of each measure over the cases that have it.
fn print_means(rows: &[Row]) {
    println!("{} masks. {NOTICE}.", rows.len());
    let overlaps: Vec<&Overlap> = rows.iter().filter_map(|row| row.overlap.as_ref()).collect();
    let measures: [(&str, Measure); 5] = [
        ("Dice", Overlap::dice),
        ("sensitivity", Overlap::sensitivity),
        ("specificity", Overlap::specificity),
        ("precision", Overlap::precision),
        ("accuracy", Overlap::accuracy),
    ];
    for (name, measure) in measures {
        if let Some(mean) = mean(overlaps.iter().copied().map(measure)) {
            println!("mean {name} of {} slices: {mean:.3}", overlaps.len());
        }
    }
}
