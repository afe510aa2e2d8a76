//! `rachis segment`: a mask for each image, and scores where there are references.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::Args;
use futures_lite::future::block_on;
use rachis_ct::{Mask, Meaning, NOTICE, Opened, ReadError, Stack, Turn, mask_png, open};
use rachis_engine::Segmenter;
use rachis_eval::{Overlap, Row, mean, results_csv};

use crate::cases::{self, Case};
use crate::engine::EngineName;
use crate::error::CliError;
use crate::files::write;
use crate::model;
use crate::references::{References, read_sized};

/// Segment CT images and write a mask for each.
#[derive(Debug, Args)]
pub struct Arguments {
    /// CT images (DICOM, NIfTI, NRRD, MetaImage, NumPy, PNG, TIFF or JPEG), or folders of them.
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
        Some(folder) => {
            let places: Vec<String> = cases.iter().map(|case| case.place.clone()).collect();
            References::find(folder, &places)?
        }
        None => References::default(),
    };
    for mask in &references.unmatched {
        eprintln!("{}: fits no image, so it is left out. Give it the name of its image.", mask.display());
    }
    let model = model::load(&arguments.model)?;
    let segmenter = block_on(Segmenter::load(&model, &arguments.engine.open()?))?;

    let mut rows = Vec::new();
    let mut problems = 0;
    let mut complain = |error: CliError| {
        eprintln!("{error}");
        problems += 1;
    };
    for (position, case) in cases.iter().enumerate() {
        let mut stack = match open_stack(case) {
            Ok(stack) => stack,
            Err(error) => {
                complain(error);
                continue;
            }
        };
        let count = stack.info.slices.len();
        for index in 0..count {
            let name = slice_name(&case.name, index, count);
            let mask = match segment(case, &mut stack, index, &segmenter) {
                Ok(mask) => mask,
                Err(CliError::Segment { source, .. }) if source.ends_engine() => return Err(source.into()),
                Err(error) => {
                    complain(error);
                    continue;
                }
            };
            write_mask(&mask, case, &arguments.out.join(format!("{name}.mask.png")))?;
            // A picture is the reference of a single slice.
            let reference = references.of(position).filter(|_| count == 1);
            let overlap = reference.map(|reference| score(&mask, reference)).transpose();
            let overlap = overlap.unwrap_or_else(|error| {
                complain(error);
                None
            });
            rows.push(Row { case: name, spine_pixels: mask.count() as u64, overlap });
        }
    }
    write(&arguments.out.join("results.csv"), results_csv(&rows, NOTICE)?.as_bytes())?;
    print_means(&rows);
    if problems > 0 { Err(CliError::Problems { problems }) } else { Ok(()) }
}

/// What an image file holds.
fn open_stack(case: &Case) -> Result<Stack, CliError> {
    let image = |source| CliError::Image { path: case.path.clone(), source };
    let unreadable = |source| CliError::Read { path: case.path.clone(), source };
    let file = BufReader::new(File::open(&case.path).map_err(unreadable)?);
    match open(&case.place, file).map_err(image)? {
        Opened::Stack(stack) => Ok(stack),
        Opened::Archive(_) => Err(image(ReadError::Archive)),
    }
}

/// The name of one of several slices: `volume-012` for the twelfth.
fn slice_name(name: &str, index: usize, count: usize) -> String {
    if count == 1 {
        return name.to_owned();
    }
    let digits = count.to_string().len();
    format!("{name}-{:0digits$}", index + 1)
}

/// Segments one slice; the mask lies as the file stores the image.
fn segment(case: &Case, stack: &mut Stack, index: usize, segmenter: &Segmenter) -> Result<Mask, CliError> {
    let image = |source| CliError::Image { path: case.path.clone(), source };
    let turn = stack.info.slices.get(index).map(|info| info.turn).unwrap_or_default();
    let meaning = stack.info.meanings.first().copied().unwrap_or(Meaning::Hu);
    let slice = stack.reader.slice(index, meaning).map_err(image)?;
    let probabilities = block_on(segmenter.segment(&slice))
        .map_err(|source| CliError::Segment { path: case.path.clone(), source })?;
    Ok(probabilities.mask(segmenter.threshold()).as_stored(turn))
}

fn write_mask(mask: &Mask, case: &Case, path: &Path) -> Result<(), CliError> {
    let encode = |source| CliError::Encode { path: case.path.clone(), source };
    write(path, &mask_png(mask, Turn::NONE).map_err(encode)?)
}

/// Compares a mask with its reference.
fn score(mask: &Mask, reference: &Path) -> Result<Overlap, CliError> {
    let truth = read_sized(reference, mask.rows, mask.columns)?;
    Ok(Overlap::of(&mask.pixels(), &truth.pixels())?)
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
