//! Masks become files in the format that the user wants.

use js_sys::Date;
use rachis_ct::{DicomExport, Grid, Mask, MaskFormat, SizeMismatch, SliceMask, Timestamp, write_masks};
use rachis_protocol::converter::{StackEntry, ToConverter};
use rachis_protocol::wire::{Received, WireError};

/// How the masks came to be.
pub(super) struct Origin {
    /// The name of the model.
    pub algorithm: String,
    /// Whether DICOM objects may name the patient.
    pub names_patient: bool,
}

/// Names and contents of files.
type Files = Vec<(String, Vec<u8>)>;
/// Names, and what could not be written and why.
type Problems = Vec<(String, String)>;

/// The masks that came with a request, stack by stack.
///
/// # Errors
/// If one is missing.
pub(super) fn take_masks(
    received: &mut Received<ToConverter>,
    stacks: &[StackEntry],
) -> Result<Vec<Vec<Mask>>, WireError> {
    let mut masks = Vec::with_capacity(stacks.len());
    for stack in stacks {
        let mut of_stack = Vec::with_capacity(stack.slices.len());
        for (_, info) in &stack.slices {
            let mask = Mask::of_bits(info.rows, info.columns, received.take_bytes()?);
            of_stack.push(mask.map_err(|SizeMismatch { .. }| WireError)?);
        }
        masks.push(of_stack);
    }
    Ok(masks)
}

/// Writes everything that can be written; a stack or slice that cannot be is named with the reason.
pub(super) fn write(
    format: MaskFormat,
    stacks: &[StackEntry],
    masks: &[Vec<Mask>],
    origin: &Origin,
) -> (Files, Problems) {
    let export = DicomExport {
        algorithm: &origin.algorithm,
        algorithm_version: env!("CARGO_PKG_VERSION"),
        written: now(),
        names_patient: origin.names_patient,
    };
    let (mut files, mut problems) = (Files::new(), Problems::new());
    let mut keep = |name: &str, grid: Option<&Grid>, masks: &[SliceMask<'_>]| match write_masks(
        format,
        grid,
        masks,
        &export,
        &mut random,
    ) {
        Ok(content) => files.push((name.to_owned(), content)),
        Err(error) => problems.push((name.to_owned(), error.to_string())),
    };
    for (stack, masks) in stacks.iter().zip(masks) {
        let slices = stack.slices.iter().zip(masks).map(|((_, slice), mask)| SliceMask { slice, mask });
        if format.is_of_slices() {
            for ((name, _), slice) in stack.slices.iter().zip(slices) {
                keep(name, None, &[slice]);
            }
        } else {
            keep(&stack.name, stack.grid.as_ref(), &slices.collect::<Vec<_>>());
        }
    }
    (files, problems)
}

/// What the files are and which model drew the masks.
pub(super) fn readme(origin: &Origin) -> (String, Vec<u8>) {
    let text = format!("{}\nThe model '{}' drew them.\n", rachis_ct::readme(), origin.algorithm);
    ("README.txt".to_owned(), text.into_bytes())
}

/// The time of day where the user is.
fn now() -> Timestamp {
    let now = Date::new_0();
    Timestamp {
        year: now.get_full_year() as u16,
        month: now.get_month() as u8 + 1,
        day: now.get_date() as u8,
        hour: now.get_hours() as u8,
        minute: now.get_minutes() as u8,
        second: now.get_seconds() as u8,
    }
}

/// 128 bits for a new UID; `Math.random` serves where the browser has no better.
fn random() -> u128 {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        bytes = std::array::from_fn(|_| (js_sys::Math::random() * 256.0) as u8);
    }
    u128::from_le_bytes(bytes)
}
