//! What the user takes home.

use std::sync::Arc;

use leptos::prelude::*;
use rachis_ct::{Mask, MaskFormat, NOTICE};
use rachis_eval::{EvalError, results_csv};
use rachis_protocol::{
    JobId,
    converter::{FromConverter, StackEntry, ToConverter},
    wire::Envelope,
};
use wasm_bindgen_futures::spawn_local;

use super::report;
use crate::{
    browser::download,
    names::export_names,
    scores::Scores,
    session::{Case, Session},
    workers::{Converter, FileWorkerError},
};

/// What masks can be kept as.
const FORMATS: [(MaskFormat, &str); 7] = [
    (MaskFormat::Png, "PNG (0 and 255)"),
    (MaskFormat::Jpeg, "JPEG"),
    (MaskFormat::Npy, "NumPy array"),
    (MaskFormat::Nifti, "NIfTI volume"),
    (MaskFormat::Nrrd, "NRRD (3D Slicer)"),
    (MaskFormat::DicomSeg, "DICOM SEG"),
    (MaskFormat::RtStruct, "DICOM RTSTRUCT"),
];

/// Buttons for the masks and the results.
#[component]
pub fn Exports() -> impl IntoView {
    let session = Session::expect();
    let has_masks = Memo::new(move |_| session.has_predictions());
    let (packing, set_packing) = signal(false);
    let (failure, set_failure) = signal(None);
    let format = RwSignal::new(MaskFormat::Png);
    let names_patient = RwSignal::new(false);
    let download_masks = move |_| {
        set_packing.set(true);
        set_failure.set(None);
        let (format, names_patient) = (format.get_untracked(), names_patient.get_untracked());
        spawn_local(async move {
            let outcome = zip_masks(session, format, names_patient).await;
            set_packing.try_set(false);
            match outcome {
                Ok((zip, problems)) => {
                    download::save("rachis-masks.zip", "application/zip", &zip);
                    for (name, reason) in problems {
                        session.report(&name, reason);
                    }
                }
                Err(error) => {
                    set_failure.try_set(Some(error.of_export().to_owned()));
                }
            }
        });
    };
    let scores = Scores::expect();
    let save = move |name: &str, mime: &str, text: Result<String, EvalError>| match text {
        Ok(text) => download::save(name, mime, text.as_bytes()),
        Err(error) => {
            set_failure.try_set(Some(error.to_string()));
        }
    };
    let download_results = move |_| {
        spawn_local(async move {
            let rows = scores.rows(session).await;
            save("rachis-results.csv", "text/csv", results_csv(&rows, NOTICE));
        });
    };
    let download_evaluation = move |_| {
        spawn_local(async move {
            let evaluation = scores.finished().await;
            save("rachis-evaluation.json", "application/json", evaluation.to_json(NOTICE));
        });
    };
    let has_scores = Memo::new(move |_| !scores.cases.with(Vec::is_empty));
    view! {
        <section class="card exports">
            <h2>"Export"</h2>
            <label class="format">
                "Masks as "
                <select on:change=move |event| {
                    let place = event_target_value(&event).parse().ok();
                    if let Some((chosen, _)) = place.and_then(|place: usize| FORMATS.get(place)) {
                        format.set(*chosen);
                    }
                }>
                    {FORMATS.iter().enumerate().map(|(place, (_, label))| view! {
                        <option value=place.to_string()>{*label}</option>
                    }).collect_view()}
                </select>
            </label>
            <Show when=move || format.get().is_dicom()>
                <label class="check">
                    <input type="checkbox" prop:checked=names_patient
                        on:change=move |event| names_patient.set(event_target_checked(&event))/>
                    "Name the patient in the DICOM file"
                </label>
                <p class="hint">
                    "Even unnamed, the file keeps the hospital’s own numbers (UIDs) of study, series and images: whoever "
                    "has access to the archive can find the patient by them."
                </p>
            </Show>
            <div class="export-buttons">
                <button type="button" class="button" disabled=move || !has_masks.get() || packing.get()
                    title="A ZIP of masks in the images’ own size, place and orientation" on:click=download_masks>
                    {move || if packing.get() { "Packing masks…" } else { "Download masks" }}
                </button>
                <button type="button" class="button" disabled=move || !has_masks.get()
                    title="A CSV table" on:click=download_results>"Download results"</button>
                <button type="button" class="button" disabled=move || !has_scores.get()
                    title="All measures with 95 % intervals and the agreement of areas, as JSON"
                    on:click=download_evaluation>"Download evaluation"</button>
                <button type="button" class="button" disabled=move || !has_masks.get()
                    title="Pictures, tables and plots on paper or as PDF" on:click=move |_| report::print()>"Print report"</button>
            </div>
            <p class="hint" role="status">{failure}</p>
        </section>
    }
}

/// Asks a converter of its own, so that a model that is still being read is not in the way. Gives the ZIP, and what
/// could not be written and why.
async fn zip_masks(
    session: Session,
    format: MaskFormat,
    names_patient: bool,
) -> Result<(Vec<u8>, Vec<(String, String)>), FileWorkerError> {
    let cases = untrack(|| session.shown_cases());
    let finished: Vec<(&Case, Arc<Mask>)> =
        cases.iter().filter_map(|case| Some((case, untrack(|| case.prediction())?))).collect();
    let message = ToConverter::Export {
        job: JobId(0),
        format,
        stacks: stacks(session, &finished, format),
        algorithm: untrack(|| session.algorithm()).unwrap_or_default(),
        names_patient,
    };
    let mut request = Envelope::new(&message).map_err(|_| FileWorkerError::Crashed)?;
    for (_, mask) in &finished {
        request = request.with_bytes(mask.bits());
    }
    let mut answer = Converter::default().ask(&request).await?;
    let zip = answer.take_bytes().map_err(|_| FileWorkerError::Crashed)?;
    match answer.message {
        FromConverter::Zip { problems, .. } => Ok((zip, problems)),
        _ => Err(FileWorkerError::Crashed),
    }
}

/// The finished slices stack by stack; slices of one stack follow each other.
fn stacks(session: Session, finished: &[(&Case, Arc<Mask>)], format: MaskFormat) -> Vec<StackEntry> {
    let slice_names = export_names(finished.iter().map(|(case, _)| &*case.path), format.extension());
    let named: Vec<(&Case, String)> = finished.iter().map(|(case, _)| *case).zip(slice_names).collect();
    let groups: Vec<&[(&Case, String)]> =
        named.chunk_by(|(a, _), (b, _)| a.in_stack.stack == b.in_stack.stack).collect();
    let stack_path = |group: &&[(&Case, String)]| {
        let (case, _) = group.first()?;
        let is_one_file = group.iter().all(|(other, _)| other.origin.source.id == case.origin.source.id);
        let is_volume = is_one_file && case.in_stack.count > 1 && case.origin.place.member.is_none();
        Some(if is_volume { case.origin.source.path.to_string() } else { case.path.to_string() })
    };
    let paths: Vec<String> = groups.iter().map(|group| stack_path(group).unwrap_or_default()).collect();
    let names = export_names(paths.iter().map(String::as_str), format.extension());
    let slices = |group: &[(&Case, String)]| {
        group.iter().map(|(case, name)| (name.clone(), (*case.info).clone())).collect()
    };
    let grid = |group: &[(&Case, String)]| session.grid(group.first()?.0.in_stack.stack);
    let entry = |(name, group)| StackEntry { name, grid: grid(group), slices: slices(group) };
    names.into_iter().zip(groups).map(entry).collect()
}
