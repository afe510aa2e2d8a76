//! The reader worker: files in, slices, masks and models out. A file that breaks it takes nothing else down.

use std::cell::Cell;

use futures::StreamExt;
use js_sys::Uint8Array;
use rachis_ct::{Mask, ReadError, SizeMismatch, Slice, WriteError, zip};
use rachis_protocol::JobId;
use rachis_protocol::reader::{FromReader, ToReader, Wanted};
use rachis_protocol::wire::{Envelope, Received, WireError};
use rachis_unet::{Dtype, FileError};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use super::export;
use super::scope::{hold_lock, inbox, on_panic, post};
use super::shelf::Shelf;
use crate::{ModelFileError, is_keras, read_model};

/// The largest model file that is read, in bytes: far beyond any U-Net, and small enough to be held twice.
const MAX_MODEL_BYTES: u64 = 1 << 30;

thread_local! {
    /// The job in hand.
    static CURRENT: Cell<Option<JobId>> = const { Cell::new(None) };
}

/// Why a job failed; the message is for the user.
#[derive(Debug, thiserror::Error)]
enum ReaderError {
    #[error("The file can no longer be read: it was moved, changed or deleted. Open it again.")]
    Gone,
    #[error("The file has {megabytes} MB; a model may have {} MB at most. Choose a smaller model.", MAX_MODEL_BYTES >> 20)]
    ModelTooLarge { megabytes: u64 },
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Model(#[from] ModelFileError),
    #[error(transparent)]
    ModelFile(#[from] FileError),
    #[error(transparent)]
    Mask(#[from] SizeMismatch),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Message(#[from] WireError),
}

/// Serves the page until it ends the worker.
pub fn start() {
    on_panic(|| {
        let reason =
            "The file is damaged in a way that stopped the reader. Export it again, or leave it out."
                .to_owned();
        CURRENT.get().map(|job| Envelope::new(&FromReader::Failed { job, reason }))
    });
    spawn_local(async {
        hold_lock().await;
        let mut inbox = inbox();
        let mut shelf = Shelf::default();
        post(Envelope::new(&FromReader::Ready));
        while let Some(mut received) = inbox.next().await {
            let job = job_of(&received.message);
            CURRENT.set(Some(job));
            let answer = answer(&mut received, &mut shelf).await;
            CURRENT.set(None);
            post(
                answer.or_else(|error| Envelope::new(&FromReader::Failed { job, reason: error.to_string() })),
            );
        }
    });
}

fn job_of(message: &ToReader) -> JobId {
    match message {
        ToReader::Open { job, .. }
        | ToReader::Labels { job, .. }
        | ToReader::Read { job, .. }
        | ToReader::Model { job }
        | ToReader::Export { job, .. } => *job,
    }
}

async fn answer(received: &mut Received<ToReader>, shelf: &mut Shelf) -> Result<Envelope, ReaderError> {
    match received.message.clone() {
        ToReader::Open { job, role } => {
            let parts = shelf.open(job, &take_file(received)?, role)?;
            Ok(Envelope::new(&FromReader::Opened { job, parts })?)
        }
        ToReader::Labels { job, file, member } => {
            let labels = shelf.labels(file, &take_file(received)?, member)?;
            Ok(Envelope::new(&FromReader::Labels { job, labels })?)
        }
        ToReader::Read { job, file, place, wanted: Wanted::Slice { meaning, flip } } => {
            slice(job, shelf.slice(file, &take_file(received)?, place, meaning)?.turned(flip))
        }
        ToReader::Read { job, file, place, wanted: Wanted::Mask(choice) } => {
            mask(job, &shelf.mask(file, &take_file(received)?, place, &choice)?)
        }
        ToReader::Model { job } => {
            let file = take_file(received)?;
            check_model_size(&file)?;
            model(job, content(&file).await?, &file.name())
        }
        ToReader::Export { job, format, stacks, algorithm, names_patient } => {
            let masks = export::take_masks(received, &stacks)?;
            let origin = export::Origin { algorithm, names_patient };
            let (mut files, problems) = export::write(format, &stacks, &masks, &origin);
            files.push(export::readme(&origin));
            Ok(Envelope::new(&FromReader::Zip { job, problems })?.with_bytes(&zip(files)?))
        }
    }
}

fn take_file(received: &mut Received<ToReader>) -> Result<File, WireError> {
    received.take_value().dyn_into().map_err(|_| WireError)
}

/// Refuses a model by its size, before it takes up memory.
fn check_model_size(file: &File) -> Result<(), ReaderError> {
    match file.size() as u64 {
        ..=MAX_MODEL_BYTES => Ok(()),
        bytes => Err(ReaderError::ModelTooLarge { megabytes: bytes.div_ceil(1 << 20) }),
    }
}

async fn content(file: &File) -> Result<Vec<u8>, ReaderError> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| ReaderError::Gone)?;
    Ok(Uint8Array::new(&buffer).to_vec())
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

/// A Keras model becomes a model file that loses nothing; a model file is passed on as it is.
fn model(job: JobId, bytes: Vec<u8>, name: &str) -> Result<Envelope, ReaderError> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let model = read_model(&bytes, stem)?;
    let file = if is_keras(&bytes) { model.to_safetensors(Dtype::F32)? } else { bytes };
    Ok(Envelope::new(&FromReader::Model { job, name: model.info.name })?.with_bytes(&file))
}
