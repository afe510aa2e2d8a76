//! The converter worker: models of other programs in, files of masks out. Few visits need it, so it is no part of the
//! reader.

use js_sys::Uint8Array;
use rachis_ct::{WriteError, zip};
use rachis_protocol::JobId;
use rachis_protocol::converter::{FromConverter, ToConverter};
use rachis_protocol::wire::{Envelope, Received, WireError};
use rachis_unet::{Dtype, FileError};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::export;
use super::serve::{Words, serve, take_file};
use crate::{ModelFileError, is_keras, read_model};

/// The largest model file that is read, in bytes: far beyond any U-Net, and small enough to be held twice.
const MAX_MODEL_BYTES: u64 = 1 << 30;

/// Why a job failed; the message is for the user.
#[derive(Debug, thiserror::Error)]
enum ConverterError {
    #[error("The file can no longer be read: it was moved, changed or deleted. Open it again.")]
    Gone,
    #[error("The file has {megabytes} MB; a model may have {} MB at most. Choose a smaller model.", MAX_MODEL_BYTES >> 20)]
    ModelTooLarge { megabytes: u64 },
    #[error(transparent)]
    Model(#[from] ModelFileError),
    #[error(transparent)]
    ModelFile(#[from] FileError),
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Message(#[from] WireError),
}

/// Serves the page until it ends the worker.
pub fn start() {
    let words = Words {
        ready: FromConverter::Ready,
        failed: |job, reason| FromConverter::Failed { job, reason },
        last: "This stopped half-way: the model is damaged, or the masks are too many for this computer’s memory. \
               Save the model again, or export fewer slices at once.",
    };
    serve(words, job_of, async |received| answer(received).await);
}

fn job_of(message: &ToConverter) -> JobId {
    match message {
        ToConverter::Model { job } | ToConverter::Export { job, .. } => *job,
    }
}

async fn answer(received: &mut Received<ToConverter>) -> Result<Envelope, ConverterError> {
    match received.message.clone() {
        ToConverter::Model { job } => {
            let file = take_file(received)?;
            check_model_size(&file)?;
            model(job, content(&file).await?, &file.name())
        }
        ToConverter::Export { job, format, stacks, algorithm, names_patient } => {
            let masks = export::take_masks(received, &stacks)?;
            let origin = export::Origin { algorithm, names_patient };
            let (mut files, problems) = export::write(format, &stacks, &masks, &origin);
            files.push(export::readme(&origin));
            Ok(Envelope::new(&FromConverter::Zip { job, problems })?.with_bytes(&zip(files)?))
        }
    }
}

/// Refuses a model by its size, before it takes up memory.
fn check_model_size(file: &File) -> Result<(), ConverterError> {
    match file.size() as u64 {
        ..=MAX_MODEL_BYTES => Ok(()),
        bytes => Err(ConverterError::ModelTooLarge { megabytes: bytes.div_ceil(1 << 20) }),
    }
}

async fn content(file: &File) -> Result<Vec<u8>, ConverterError> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| ConverterError::Gone)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// A Keras model becomes a model file that loses nothing; a model file is passed on as it is.
fn model(job: JobId, bytes: Vec<u8>, name: &str) -> Result<Envelope, ConverterError> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let model = read_model(&bytes, stem)?;
    let file = if is_keras(&bytes) { model.to_safetensors(Dtype::F32)? } else { bytes };
    Ok(Envelope::new(&FromConverter::Model { job, name: model.info.name })?.with_bytes(&file))
}
