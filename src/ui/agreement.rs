//! Whether predicted and reference areas agree: the Bland-Altman plot and its numbers.

use leptos::prelude::*;
use rachis_eval::{AgreementPoint, AreaAgreement, BlandAltman, Interval};

use super::charts::BlandAltmanChart;
use crate::{names::file_name, scores::Scores, session::Session};

/// In what areas are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Pixels,
    SquareMillimetres,
}

impl Unit {
    fn symbol(self) -> &'static str {
        match self {
            Self::Pixels => "pixels",
            Self::SquareMillimetres => "mm²",
        }
    }

    /// The analysis of areas in this unit.
    fn analysis(self, areas: &AreaAgreement) -> Option<BlandAltman> {
        match self {
            Self::Pixels => areas.px.clone(),
            Self::SquareMillimetres => areas.mm2.clone(),
        }
    }
}

/// The plot, its numbers and the outliers, once two slices have a reference.
#[component]
pub fn Agreement() -> impl IntoView {
    let scores = Scores::expect();
    let unit = RwSignal::new(Unit::Pixels);
    let analysis =
        Memo::new(move |_| scores.counted.with(|evaluation| unit.get().analysis(&evaluation.areas)));
    let has_spacing = Memo::new(move |_| scores.counted.with(|evaluation| evaluation.areas.mm2.is_some()));
    let is_shown = Memo::new(move |_| analysis.with(Option::is_some));
    let plot = move || Some(view! { <Plot analysis=analysis.get()? unit=unit.get().symbol()/> });
    let unit_button = move |choice: Unit| {
        view! {
            <button type="button" aria-pressed=move || (unit.get() == choice).to_string()
                disabled=move || choice == Unit::SquareMillimetres && !has_spacing.get()
                title=move || if choice == Unit::SquareMillimetres && !has_spacing.get() {
                    "The files do not say how large a pixel is"
                } else {
                    ""
                }
                on:click=move |_| unit.set(choice)>{choice.symbol()}</button>
        }
    };
    view! {
        <Show when=move || is_shown.get()>
            <section class="card agreement">
                <div class="card-head">
                    <h2>"Agreement of areas"</h2>
                    <div class="segmented" role="group" aria-label="Unit of areas">
                        {unit_button(Unit::Pixels)} {unit_button(Unit::SquareMillimetres)}
                    </div>
                </div>
                {plot}
            </section>
        </Show>
    }
}

#[component]
fn Plot(analysis: BlandAltman, unit: &'static str) -> impl IntoView {
    let session = Session::expect();
    let scores = Scores::expect();
    let (pointed, set_pointed) = signal(None::<String>);
    let case_of =
        move |point: &AgreementPoint| scores.cases.with_untracked(|cases| cases.get(point.case).cloned());
    let name = move |point: &AgreementPoint| {
        let name = case_of(point).map(|case| file_name(&case.path).to_owned()).unwrap_or_default();
        format!("{name}: mean {:.0}, difference {}", point.mean, signed(point.difference))
    };
    let choose = move |point: &AgreementPoint| session.selected.set(case_of(point).map(|case| case.id));
    let with_interval = |value: f64, interval: Interval| {
        format!("{} ({} to {})", signed(value), signed(interval.low), signed(interval.high))
    };
    let outliers: Vec<String> = analysis.outliers().map(name).collect();
    let outliers_title = match outliers.len() {
        0 => "No slice lies outside the limits.",
        1 => "1 slice lies outside the limits:",
        _ => "These slices lie outside the limits:",
    };
    let numbers = [
        ("Mean difference", analysis.mean_difference, analysis.mean_difference_interval),
        ("Lower limit", analysis.lower_limit, analysis.lower_limit_interval),
        ("Upper limit", analysis.upper_limit, analysis.upper_limit_interval),
    ];
    view! {
        <BlandAltmanChart analysis unit name pointed=set_pointed choose/>
        <p class="pointed" aria-hidden="true">{pointed}</p>
        <dl class="numbers">
            {numbers.map(|(label, value, interval)| view! {
                <dt>{label}</dt><dd>{with_interval(value, interval)}</dd>
            }).collect_view()}
        </dl>
        <p class="hint">
            {format!("Predicted minus reference in {unit}; the limits of agreement are 1.96 standard deviations away. \
                In brackets 95 % confidence intervals.")}
        </p>
        <p class="hint">{outliers_title}</p>
        <ul class="outliers">{outliers.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}</ul>
    }
}

/// A difference with its sign.
fn signed(value: f64) -> String {
    format!("{value:+.0}").replace('-', "\u{2212}")
}
