//! `rachis segment`: a mask for each image, and scores where there are references.

use std::path::PathBuf;

use clap::Args;
use futures_lite::future::block_on;
use rachis_ct::{DicomExport, Mask, MaskFormat, NOTICE, Slice, SliceMask, Spacing, Stack, write_masks};
use rachis_engine::{EngineError, Segmenter};
use rachis_eval::{Evaluation, Row, results_csv};
use rachis_protocol::engine::algorithm;
use rayon::prelude::*;

use crate::engine::EngineName;
use crate::error::{CliError, Problems};
use crate::files::write;
use crate::labels::{Labels, labels};
use crate::names::{Names, file_name, numbered, without_extension};
use crate::references::References;
use crate::shelf::Shelf;
use crate::slices::{FoundSlice, SliceStack, members};
use crate::{formats, inputs, model, slices, summary};

/// Segment CT images and write a mask for each.
///
/// Masks lie as the files store their images. NIfTI, NRRD, NumPy arrays and DICOM objects hold a whole volume or series,
/// named after its first file; pictures hold one slice, and those of a volume are numbered from 1.
#[derive(Debug, Args)]
pub struct Arguments {
    /// CT images (DICOM, NIfTI, NRRD, MetaImage, NumPy, PNG, TIFF or JPEG), ZIP files or folders of them.
    #[arg(required = true)]
    input: Vec<PathBuf>,
    /// The model (.safetensors, .h5 or .keras).
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// The folder for the masks and the results (results.csv).
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// What to write the masks as.
    #[arg(long, value_parser = formats::parser(), default_value = "png")]
    format: MaskFormat,
    /// Reference masks, a file or a folder: pictures, volumes of masks or labels, DICOM segmentations, ZIP files. Paired
    /// as `rachis evaluate` does.
    #[arg(long, value_name = "PATH")]
    references: Option<PathBuf>,
    /// The labels that are spine where a reference has several, such as 26-50 or 1,2,7 [default: of TotalSegmentator's
    /// labels the vertebrae and the sacrum, of others all but 0].
    #[arg(long, value_parser = labels, requires = "references")]
    labels: Option<Labels>,
    /// What runs the network.
    #[arg(long, value_enum, default_value_t = EngineName::Cpu)]
    engine: EngineName,
    /// Take the mean with the mirror image: twice the time, and a little better.
    #[arg(long)]
    mirror: bool,
    /// Name the patient in DICOM files. Without this they keep the hospital's own numbers (UIDs) of study, series and
    /// images all the same: whoever has access to the archive can find the patient by them.
    #[arg(long)]
    name_patient: bool,
}

/// Runs the command. An input that cannot be used is named, and the rest goes on.
///
/// # Errors
/// If nothing can be done at all, or, after all the rest, if an input failed.
pub fn run(arguments: &Arguments) -> Result<(), CliError> {
    let mut problems = Problems::default();
    let mut shelf = Shelf::new();
    let stacks = slices::images(&inputs::images(&arguments.input)?, &mut shelf, &mut problems);
    let references = match &arguments.references {
        Some(path) => {
            let labels = arguments.labels.clone();
            References::find(path, &members(&stacks), labels, &mut problems)?
        }
        None => References::none(),
    };
    let model = model::load(&arguments.model)?;
    let segmenter = block_on(Segmenter::load(&model, &arguments.engine.open()?))?;
    let all: Vec<&FoundSlice> = stacks.iter().flatten().collect();
    let mut masks = masks(&all, shelf, &segmenter, arguments);
    let mut job = Job {
        arguments,
        algorithm: algorithm(&model.info.name, arguments.mirror),
        references,
        problems,
        names: Names::default(),
        rows: Vec::new(),
    };
    let mut first = 0;
    for stack in &stacks {
        job.take_stack(stack, first, &mut masks)?;
        first += stack.len();
    }
    job.finish()
}

/// The mask of each slice, in their order, as shown. On the CPU each core has a slice.
fn masks<'a>(
    slices: &'a [&'a FoundSlice],
    mut shelf: Shelf<Stack>,
    segmenter: &'a Segmenter,
    arguments: &'a Arguments,
) -> impl Iterator<Item = Result<Mask, CliError>> + 'a {
    let at_once = match arguments.engine {
        EngineName::Cpu => rayon::current_num_threads(),
        EngineName::Webgpu => 1,
    };
    slices.chunks(at_once.max(1)).flat_map(move |slices| {
        let images: Vec<Result<Slice, CliError>> = slices.iter().map(|slice| shelf.slice(slice)).collect();
        let segment = |image: Slice| {
            let probabilities = block_on(segmenter.segment(&image, arguments.mirror))?;
            Ok(probabilities.mask(segmenter.threshold()))
        };
        let found: Vec<Result<Result<Mask, EngineError>, CliError>> =
            images.into_par_iter().map(|image| image.map(segment)).collect();
        found.into_iter().zip(slices).map(|(found, slice)| {
            found?.map_err(|source| CliError::Segment { path: slice.source.shown.clone(), source })
        })
    })
}

/// What goes on while slices are segmented.
struct Job<'a> {
    arguments: &'a Arguments,
    algorithm: String,
    references: References,
    problems: Problems,
    names: Names,
    rows: Vec<Row>,
}

impl Job<'_> {
    /// Takes the masks of a stack, whose first slice has the place `first` among all, compares and writes them.
    fn take_stack(
        &mut self,
        stack: &SliceStack,
        first: usize,
        found: &mut impl Iterator<Item = Result<Mask, CliError>>,
    ) -> Result<(), CliError> {
        let Some(head) = stack.first() else { return Ok(()) };
        let is_of_slices = self.arguments.format.is_of_slices();
        let name = self.names.unused(file_name(without_extension(&head.source.place)));
        let is_one_file = stack.iter().all(|slice| slice.source == head.source);
        let mut masks: Vec<(&FoundSlice, Mask)> = Vec::new();
        for (index, (slice, found)) in stack.iter().zip(found).enumerate() {
            let name = if is_one_file {
                numbered(&name, index, stack.len())
            } else if index == 0 {
                name.clone()
            } else {
                self.names.unused(file_name(without_extension(&slice.place)))
            };
            let mask = match found {
                Ok(mask) => mask,
                Err(CliError::Segment { source, .. }) if source.ends_engine() => return Err(source.into()),
                Err(error) => {
                    self.problems.tell(&error);
                    continue;
                }
            };
            let case = self.references.compare(first + index, slice, &mask, None, &name);
            let case = case.unwrap_or_else(|error| {
                self.problems.tell(&error);
                None
            });
            self.rows.push(case.map_or_else(|| alone(name.clone(), slice, &mask), Row::Compared));
            masks.push((slice, mask));
            if is_of_slices {
                self.write(&name, &masks)?;
                masks.clear();
            }
        }
        if is_of_slices || masks.is_empty() { Ok(()) } else { self.write(&name, &masks) }
    }

    fn write(&mut self, name: &str, masks: &[(&FoundSlice, Mask)]) -> Result<(), CliError> {
        let Some((head, _)) = masks.first() else { return Ok(()) };
        let Arguments { format, out, .. } = self.arguments;
        let export = DicomExport {
            algorithm: &self.algorithm,
            algorithm_version: env!("CARGO_PKG_VERSION"),
            written: formats::now(),
            names_patient: self.arguments.name_patient,
        };
        let masks: Vec<SliceMask> =
            masks.iter().map(|(slice, mask)| SliceMask { slice: &slice.info, mask }).collect();
        match write_masks(*format, head.grid.as_deref(), &masks, &export, &mut formats::random) {
            Ok(content) => write(&out.join(format!("{name}.{}", format.extension())), &content)?,
            Err(source) => {
                self.problems.tell(&CliError::Encode { path: head.source.shown.clone(), source });
            }
        }
        Ok(())
    }

    /// Writes the results.
    fn finish(self) -> Result<(), CliError> {
        write(&self.arguments.out.join("results.csv"), results_csv(&self.rows, NOTICE)?.as_bytes())?;
        println!("{} masks. {NOTICE}.", self.rows.len());
        summary::print(&Evaluation::of(self.rows.into_iter().filter_map(Row::compared).collect()));
        self.problems.outcome()
    }
}

/// A slice without a reference.
fn alone(name: String, slice: &FoundSlice, mask: &Mask) -> Row {
    Row::Alone {
        name,
        patient: None,
        spine_pixels: mask.count() as u64,
        pixel_area_mm2: slice.info.spacing.map(Spacing::pixel_mm2),
    }
}
