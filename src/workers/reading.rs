//! Reads one file after the other.

use std::sync::Arc;

use futures::{Stream, StreamExt};
use leptos::prelude::*;
use rachis_ct::{LabelChoice, Mask, Slice};
use rachis_protocol::{
    JobId,
    converter::ToConverter,
    reader::{FromReader, Part, ToReader, Wanted},
    wire::{Envelope, Received},
};
use serde::Serialize;
use web_sys::File;

use super::file_worker::{Answer, Converter, FileWorker, FileWorkerError, Reader};
use crate::{
    browser::fetch,
    session::{Case, Model, ModelSource, Origin, Reading, Reference, Session, SourceFile, Unread},
};

/// Reads whatever the session has unread, for as long as the page lives. `wake` ticks when there may be more; it must
/// not end.
pub async fn read_files(session: Session, mut wake: impl Stream<Item = ()> + Unpin) {
    let (mut reader, mut converter) = (Reader::default(), Converter::default());
    loop {
        match untrack(|| session.next_unread()) {
            Some(Unread::Model(model)) => {
                model.content.set(Reading::Running);
                let content = read_model(&mut converter, &model).await;
                model.content.set(content);
                session.changed();
            }
            Some(Unread::File(source)) => {
                source.opening.set(Reading::Running);
                let opened = open(&mut reader, &source).await;
                // The user may have removed it meanwhile.
                if session.has_file(source.id) {
                    match opened {
                        Ok(parts) => session.take_in(&source, parts),
                        Err(error) => source.opening.set(Reading::Failed(error.to_string())),
                    }
                }
                session.settle();
                session.changed();
            }
            Some(Unread::Reference(reference)) => {
                reference.mask.set(Reading::Running);
                let mask = read_mask(&mut reader, &reference).await;
                // The user may have chosen other labels meanwhile.
                if reference.mask.with_untracked(|mask| matches!(mask, Reading::Running)) {
                    reference.mask.set(outcome(mask));
                }
                session.changed();
            }
            Some(Unread::Case(case)) => {
                case.slice.set(Reading::Running);
                let slice = read_slice(&mut reader, &case).await;
                // The user may have given the values another meaning meanwhile, or removed the file.
                let is_wanted = case.slice.with_untracked(|slice| matches!(slice, Reading::Running));
                if is_wanted && session.has_file(case.origin.source.id) {
                    match slice {
                        Ok(slice) => session.keep(&case, slice),
                        Err(error) => case.slice.set(Reading::Failed(error.to_string())),
                    }
                }
                session.changed();
            }
            None => {
                wake.next().await;
            }
        }
    }
}

fn outcome<T>(result: Result<T, FileWorkerError>) -> Reading<Arc<T>> {
    match result {
        Ok(content) => Reading::Done(Arc::new(content)),
        Err(error) => Reading::Failed(error.to_string()),
    }
}

async fn open(reader: &mut Reader, source: &SourceFile) -> Result<Vec<Part>, FileWorkerError> {
    let request = ToReader::Open { job: source.id, role: source.role };
    let answer = ask(reader, &request, &source.file).await?;
    let FromReader::Opened { parts, .. } = answer.message else { return Err(FileWorkerError::Crashed) };
    Ok(parts)
}

async fn read_slice(reader: &mut Reader, case: &Case) -> Result<Slice, FileWorkerError> {
    let wanted = Wanted::Slice { meaning: case.meaning.get_untracked(), flip: case.flip };
    let mut answer = read(reader, case.id, &case.origin, wanted).await?;
    let FromReader::Slice { rows, columns, quantity, spacing, window, .. } = answer.message else {
        return Err(FileWorkerError::Crashed);
    };
    let pixels = answer.take_pixels().map_err(|_| FileWorkerError::Crashed)?;
    let slice = Slice::new(rows, columns, pixels, quantity).map_err(|_| FileWorkerError::Crashed)?;
    Ok(Slice { spacing, window, ..slice })
}

async fn read_mask(reader: &mut Reader, reference: &Reference) -> Result<Mask, FileWorkerError> {
    let choice = match untrack(|| reference.labels.choice()) {
        Some(choice) => choice,
        None => read_labels(reader, reference).await?,
    };
    let mut answer = read(reader, reference.id, &reference.origin, Wanted::Mask(choice)).await?;
    let FromReader::Mask { rows, columns, .. } = answer.message else {
        return Err(FileWorkerError::Crashed);
    };
    let bits = answer.take_bytes().map_err(|_| FileWorkerError::Crashed)?;
    Mask::of_bits(rows, columns, bits).map_err(|_| FileWorkerError::Crashed)
}

/// The proposed choice of labels; all of them are kept for the user to choose.
async fn read_labels(reader: &mut Reader, reference: &Reference) -> Result<LabelChoice, FileWorkerError> {
    let Origin { source, place } = &reference.origin;
    let request = ToReader::Labels { job: reference.id, file: source.id, member: place.member };
    let answer = ask(reader, &request, &source.file).await?;
    let FromReader::Labels { labels, .. } = answer.message else { return Err(FileWorkerError::Crashed) };
    let choice = labels.choice.clone();
    reference.labels.found.set(Some(labels));
    Ok(choice)
}

async fn read_model(converter: &mut Converter, model: &Model) -> Reading<Arc<Vec<u8>>> {
    match &model.source {
        ModelSource::Shipped { url, .. } => match fetch::bytes(url).await {
            Ok(bytes) => Reading::Done(Arc::new(bytes)),
            Err(error) => Reading::Failed(error.to_string()),
        },
        ModelSource::File(file) => {
            let answer = ask(converter, &ToConverter::Model { job: model.id }, file).await;
            match answer.and_then(|mut answer| answer.take_bytes().map_err(|_| FileWorkerError::Crashed)) {
                Ok(bytes) => Reading::Done(Arc::new(bytes)),
                Err(error) => Reading::Failed(error.of_model().to_owned()),
            }
        }
    }
}

async fn read(
    reader: &mut Reader,
    job: JobId,
    Origin { source, place }: &Origin,
    wanted: Wanted,
) -> Result<Received<FromReader>, FileWorkerError> {
    let request = ToReader::Read { job, file: source.id, place: *place, wanted };
    ask(reader, &request, &source.file).await
}

async fn ask<A: Answer>(
    worker: &mut FileWorker<A>,
    request: &impl Serialize,
    file: &File,
) -> Result<Received<A>, FileWorkerError> {
    let request = Envelope::new(request).map_err(|_| FileWorkerError::Crashed)?;
    worker.ask(&request.with_value(file)).await
}
