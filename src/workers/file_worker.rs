//! The workers that parse and write files. They can crash on a bad one without harm: the next file gets a new worker.

use std::pin::pin;

use futures::future::{Either, select};
use rachis_protocol::{
    converter::FromConverter,
    reader::FromReader,
    wire::{Envelope, Received},
};
use serde::de::DeserializeOwned;

use super::link::{Died, Link};
use crate::browser::{assets, sleep};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileWorkerError {
    /// The worker says what is wrong with the file and what to do.
    Refused(String),
    /// The worker crashed over this request.
    Crashed,
    /// The worker could not be loaded or started.
    NotStarted,
    /// The worker did not answer in time.
    TimedOut,
}

impl FileWorkerError {
    /// For the user who opened a model.
    pub fn of_model(&self) -> &str {
        self.words(
            "The model is damaged, or takes more memory than the computer has: save it again, or open a smaller one.",
            "Reading the model took over five minutes and was given up: convert it with the command rachis convert, and \
             open what that writes.",
        )
    }

    /// For the user who wants masks.
    pub fn of_export(&self) -> &str {
        self.words(
            "Writing the masks takes more memory than the computer has: choose another format, or open fewer slices at \
             once.",
            "Writing the masks took over five minutes and was given up: choose another format, or open fewer slices at \
             once.",
        )
    }

    fn words<'a>(&'a self, crashed: &'a str, timed_out: &'a str) -> &'a str {
        match self {
            Self::Refused(reason) => reason,
            Self::Crashed => crashed,
            Self::NotStarted => {
                "A part of this page could not be loaded: check the connection to the site, then try again."
            }
            Self::TimedOut => timed_out,
        }
    }
}

/// For the user who opened images or masks.
impl std::fmt::Display for FileWorkerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.words(
            "The file is damaged, or this takes more memory than the computer has: export it again, or fewer slices.",
            "Reading the file took over a minute and was given up: export it again, or uncompressed.",
        ))
    }
}

impl From<Died> for FileWorkerError {
    fn from(_: Died) -> Self {
        Self::Crashed
    }
}

/// What such a worker says.
pub trait Answer: DeserializeOwned {
    /// The worker's name among the assets.
    const WORKER: &str;
    /// Longer than its largest task takes on a slow computer.
    const TIME_LIMIT_MS: u32;

    /// Why the request failed, if it did.
    fn refusal(&self) -> Option<&str>;
}

impl Answer for FromReader {
    const WORKER: &str = assets::READER;
    const TIME_LIMIT_MS: u32 = 60_000;

    fn refusal(&self) -> Option<&str> {
        if let Self::Failed { reason, .. } = self { Some(reason) } else { None }
    }
}

impl Answer for FromConverter {
    const WORKER: &str = assets::CONVERTER;
    const TIME_LIMIT_MS: u32 = 300_000;

    fn refusal(&self) -> Option<&str> {
        if let Self::Failed { reason, .. } = self { Some(reason) } else { None }
    }
}

/// A worker that says `A`, started when first needed.
pub struct FileWorker<A> {
    link: Option<Link<A>>,
}

/// Reads files of slices and masks.
pub type Reader = FileWorker<FromReader>;

/// Reads models and writes masks.
pub type Converter = FileWorker<FromConverter>;

impl<A> Default for FileWorker<A> {
    fn default() -> Self {
        Self { link: None }
    }
}

impl<A: Answer> FileWorker<A> {
    /// Sends one request and waits for its answer.
    ///
    /// # Errors
    /// The worker's refusal, its crash, or no answer in time.
    pub async fn ask(&mut self, request: &Envelope) -> Result<Received<A>, FileWorkerError> {
        if let Some(link) = self.link.take() {
            // A worker that earlier work broke says so only now: that is not this request's fault.
            match self.ask_worker(link, request).await {
                Err(FileWorkerError::Crashed) => {}
                answer => return answer,
            }
        }
        let link = Self::start().await.map_err(|Died| FileWorkerError::NotStarted)?;
        self.ask_worker(link, request).await
    }

    async fn ask_worker(
        &mut self,
        mut link: Link<A>,
        request: &Envelope,
    ) -> Result<Received<A>, FileWorkerError> {
        link.send(request);
        let answer = match select(pin!(link.hear()), pin!(sleep(A::TIME_LIMIT_MS))).await {
            Either::Left((answer, _)) => answer?,
            Either::Right(_) => return Err(FileWorkerError::TimedOut),
        };
        self.link = Some(link);
        match answer.message.refusal() {
            Some(reason) => Err(FileWorkerError::Refused(reason.to_owned())),
            None => Ok(answer),
        }
    }

    /// A worker that has said that it is ready.
    async fn start() -> Result<Link<A>, Died> {
        let mut link = Link::start(&assets::url(A::WORKER))?;
        link.hear().await?;
        link.watch();
        Ok(link)
    }
}
