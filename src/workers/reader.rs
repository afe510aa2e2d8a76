//! The worker that parses files. It can crash on a bad one without harm: the next file gets a new worker.

use std::pin::pin;

use futures::future::{Either, select};
use rachis_protocol::{
    reader::FromReader,
    wire::{Envelope, Received},
};

use super::link::{Died, Link};
use crate::browser::{assets, sleep};

/// Longer than the largest file takes on a slow computer.
const TIME_LIMIT_MS: u32 = 60_000;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReaderError {
    /// The reader says what is wrong with the file and what to do.
    Refused(String),
    /// The reader crashed over this request.
    Crashed,
    /// The reader did not answer in time.
    TimedOut,
}

impl std::fmt::Display for ReaderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Refused(reason) => reason,
            Self::Crashed => {
                "The file could not be read, it is damaged or too large for this computer’s memory: export it again."
            }
            Self::TimedOut => "Reading the file took over a minute and was given up: export it again, or uncompressed.",
        })
    }
}

impl From<Died> for ReaderError {
    fn from(_: Died) -> Self {
        Self::Crashed
    }
}

/// The reader, started when first needed.
#[derive(Default)]
pub struct Reader {
    link: Option<Link<FromReader>>,
}

impl Reader {
    /// Sends one request and waits for its answer.
    ///
    /// # Errors
    /// The reader's refusal, its crash, or no answer in time.
    pub async fn ask(&mut self, request: &Envelope) -> Result<Received<FromReader>, ReaderError> {
        if let Some(link) = self.link.take() {
            // A worker that earlier work broke says so only now: that is not this request's fault.
            match self.ask_worker(link, request).await {
                Err(ReaderError::Crashed) => {}
                answer => return answer,
            }
        }
        let link = Self::start().await?;
        self.ask_worker(link, request).await
    }

    async fn ask_worker(
        &mut self,
        mut link: Link<FromReader>,
        request: &Envelope,
    ) -> Result<Received<FromReader>, ReaderError> {
        link.send(request);
        let answer = match select(pin!(link.hear()), pin!(sleep(TIME_LIMIT_MS))).await {
            Either::Left((answer, _)) => answer?,
            Either::Right(_) => return Err(ReaderError::TimedOut),
        };
        self.link = Some(link);
        match answer.message {
            FromReader::Failed { reason, .. } => Err(ReaderError::Refused(reason)),
            _ => Ok(answer),
        }
    }

    /// A worker that has said that it is ready.
    async fn start() -> Result<Link<FromReader>, Died> {
        let mut link = Link::start(&assets::url(assets::READER))?;
        link.hear().await?;
        link.watch();
        Ok(link)
    }
}
