//! Differences of areas against their means, with the limits of agreement.

use leptos::{ev::KeyboardEvent, prelude::*};
use rachis_eval::{AgreementPoint, BlandAltman, Interval};
use wasm_bindgen::JsCast;
use web_sys::SvgElement;

use super::{
    ALARM, INK,
    frame::{ACROSS, Frame, UP},
};
use crate::chart::Scale;

/// A Bland-Altman plot. The points are in one tab stop; arrow keys go from one to the next.
#[component]
pub fn BlandAltmanChart(
    /// The analysis.
    analysis: BlandAltman,
    /// The unit of the areas.
    unit: &'static str,
    /// Says which slice a point is.
    name: impl Fn(&AgreementPoint) -> String,
    /// The name of the point under the pointer or with the focus.
    pointed: WriteSignal<Option<String>>,
    /// Called with the point that was chosen.
    choose: impl Fn(&AgreementPoint) + Copy + 'static,
) -> impl IntoView {
    let x = Scale::around(analysis.points.iter().map(|point| point.mean), ACROSS);
    let ends = [analysis.lower_limit_interval.low, analysis.upper_limit_interval.high];
    let y = Scale::around(analysis.points.iter().map(|point| point.difference).chain(ends), UP);
    let line = |value: f64, interval: Interval, dash: &'static str| {
        let (top, bottom) = (y.place(interval.high), y.place(interval.low));
        view! {
            <rect x=ACROSS[0] width=ACROSS[1] - ACROSS[0] y=top height=(bottom - top).max(0.0) fill=INK fill-opacity="0.14"/>
            <line x1=ACROSS[0] x2=ACROSS[1] y1=y.place(value) y2=y.place(value) stroke=INK
                stroke-width="1.5" stroke-dasharray=dash/>
        }
    };
    let lines = [
        line(analysis.mean_difference, analysis.mean_difference_interval, ""),
        line(analysis.lower_limit, analysis.lower_limit_interval, "6 4"),
        line(analysis.upper_limit, analysis.upper_limit_interval, "6 4"),
    ];
    let mut points = analysis.points;
    points.sort_by(|a, b| a.mean.total_cmp(&b.mean));
    let point = |(place, point): (usize, AgreementPoint)| {
        let label = name(&point);
        let point_out = {
            let label = label.clone();
            move || pointed.set(Some(label.clone()))
        };
        view! {
            <path class="chart-point" d=marker(x.place(point.mean), y.place(point.difference), point.is_outlier)
                fill=if point.is_outlier { ALARM } else { INK } fill-opacity="0.8"
                role="button" tabindex=if place == 0 { "0" } else { "-1" } aria-label=label.clone()
                on:pointerenter={let point_out = point_out.clone(); move |_| point_out()}
                on:pointerleave=move |_| pointed.set(None)
                on:focus=move |_| point_out()
                on:blur=move |_| pointed.set(None)
                on:click=move |_| choose(&point)
                on:keydown=move |event| key(&event, || choose(&point))>
                <title>{label.clone()}</title>
            </path>
        }
    };
    let points = points.into_iter().enumerate().map(point).collect_view();
    view! {
        <Frame label="Bland-Altman plot: predicted minus reference area against their mean" x y
            x_title=format!("Mean of predicted and reference area ({unit})")
            y_title=format!("Predicted − reference ({unit})")
            file_name="rachis-bland-altman.svg">
            <g>{lines}</g>
            <g>{points}</g>
        </Frame>
    }
}

/// A disc, or for outliers a diamond.
fn marker(x: f64, y: f64, is_outlier: bool) -> String {
    if is_outlier {
        format!("M{x:.1} {:.1}l6 6l-6 6l-6 -6z", y - 6.0)
    } else {
        format!("M{:.1} {y:.1}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", x - 4.0)
    }
}

/// Arrows move the focus to the neighbouring points, Enter and Space choose.
fn key(event: &KeyboardEvent, choose: impl FnOnce()) {
    let element = event.target().and_then(|target| target.dyn_into::<SvgElement>().ok());
    let neighbour = match event.key().as_str() {
        "ArrowRight" | "ArrowUp" => element.and_then(|element| element.next_element_sibling()),
        "ArrowLeft" | "ArrowDown" => element.and_then(|element| element.previous_element_sibling()),
        "Enter" | " " => {
            choose();
            None
        }
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    if let Some(neighbour) = neighbour.and_then(|element| element.dyn_into::<SvgElement>().ok()) {
        // It fails for no point.
        let _ = neighbour.focus();
    }
}
