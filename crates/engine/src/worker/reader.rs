//! The reader worker: files in, slices and masks out. A file that breaks it takes nothing else down.

use rachis_ct::{Mask, ReadError, SizeMismatch, Slice};
use rachis_protocol::JobId;
use rachis_protocol::reader::{FromReader, ToReader, Wanted};
use rachis_protocol::wire::{Envelope, Received, WireError};

use super::serve::{Words, serve, take_file};
use super::shelf::Shelf;

/// Why a job failed; the message is for the user.
#[derive(Debug, thiserror::Error)]
enum ReaderError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Mask(#[from] SizeMismatch),
    #[error(transparent)]
    Message(#[from] WireError),
}

/// Serves the page until it ends the worker.
pub fn start() {
    let words = Words {
        ready: FromReader::Ready,
        failed: |job, reason| FromReader::Failed { job, reason },
        last: "The file is damaged in a way that stopped the reader. Export it again, or leave it out.",
    };
    let mut shelf = Shelf::default();
    serve(words, job_of, async move |received| answer(received, &mut shelf));
}

fn job_of(message: &ToReader) -> JobId {
    match message {
        ToReader::Open { job, .. } | ToReader::Labels { job, .. } | ToReader::Read { job, .. } => *job,
    }
}

fn answer(received: &mut Received<ToReader>, shelf: &mut Shelf) -> Result<Envelope, ReaderError> {
    let file = take_file(received)?;
    match received.message.clone() {
        ToReader::Open { job, role } => {
            let parts = shelf.open(job, &file, role)?;
            Ok(Envelope::new(&FromReader::Opened { job, parts })?)
        }
        ToReader::Labels { job, file: opened, member } => {
            let labels = shelf.labels(opened, &file, member)?;
            Ok(Envelope::new(&FromReader::Labels { job, labels })?)
        }
        ToReader::Read { job, file: opened, place, wanted: Wanted::Slice { meaning, flip } } => {
            slice(job, shelf.slice(opened, &file, place, meaning)?.turned(flip))
        }
        ToReader::Read { job, file: opened, place, wanted: Wanted::Mask(choice) } => {
            mask(job, &shelf.mask(opened, &file, place, &choice)?)
        }
    }
}

fn slice(job: JobId, slice: Slice) -> Result<Envelope, ReaderError> {
    let message = FromReader::Slice {
        job,
        rows: slice.rows,
        columns: slice.columns,
        quantity: slice.quantity,
        spacing: slice.spacing,
        window: slice.window,
    };
    Ok(Envelope::new(&message)?.with_pixels(&slice.pixels))
}

fn mask(job: JobId, mask: &Mask) -> Result<Envelope, ReaderError> {
    let message = FromReader::Mask { job, rows: mask.rows, columns: mask.columns };
    Ok(Envelope::new(&message)?.with_bytes(mask.bits()))
}
