//! The sample slices that come with the site.

use gloo::file::File;
use leptos::prelude::Set;

use crate::{
    browser::{assets, fetch},
    manifest::{Samples, name_without_hash},
    session::{Incoming, Intake, Session},
};

/// Fetches the sample slices with their reference, and opens them as if the user had.
pub async fn open(session: Session) {
    match fetch_all().await {
        Ok((samples, files)) => {
            session.samples.set(Some(samples));
            session.add(files, Intake::Any);
        }
        Err(error) => session.report("Sample slices", error.to_string()),
    }
}

async fn fetch_all() -> Result<(Samples, Vec<Incoming>), fetch::FetchError> {
    let list = assets::url(assets::SAMPLES);
    let samples: Samples = fetch::json(&list).await?;
    let mut files = Vec::new();
    for name in [&samples.image, &samples.mask] {
        let content = fetch::bytes(&assets::beside(&list, name)).await?;
        let path = name_without_hash(name);
        let file = File::new(&path, content.as_slice());
        files.push(Incoming { path, file: web_sys::File::clone(file.as_ref()) });
    }
    Ok((samples, files))
}
