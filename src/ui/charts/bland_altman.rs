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
    #[prop(into)]
    analysis: Signal<BlandAltman>,
    /// The unit of the areas.
    #[prop(into)]
    unit: Signal<&'static str>,
    /// Says which slice a point is.
    name: impl Fn(&AgreementPoint) -> String + Copy + Send + Sync + 'static,
    /// The point under the pointer or with the focus.
    pointed: WriteSignal<Option<AgreementPoint>>,
    /// Called with the point that was chosen.
    choose: impl Fn(&AgreementPoint) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let x = Memo::new(move |_| {
        analysis.with(|analysis| Scale::around(analysis.points.iter().map(|point| point.mean), ACROSS))
    });
    let y = Memo::new(move |_| {
        analysis.with(|analysis| {
            let ends = [analysis.lower_limit_interval.low, analysis.upper_limit_interval.high];
            Scale::around(analysis.points.iter().map(|point| point.difference).chain(ends), UP)
        })
    });
    let line = move |value: f64, interval: Interval, dash: &'static str| {
        let scale = y.get();
        let (top, bottom) = (scale.place(interval.high), scale.place(interval.low));
        view! {
            <rect x=ACROSS[0] width=ACROSS[1] - ACROSS[0] y=top height=(bottom - top).max(0.0) fill=INK fill-opacity="0.14"/>
            <line x1=ACROSS[0] x2=ACROSS[1] y1=scale.place(value) y2=scale.place(value) stroke=INK
                stroke-width="1.5" stroke-dasharray=dash/>
        }
    };
    let lines = move || {
        analysis.with(|analysis| {
            [
                line(analysis.mean_difference, analysis.mean_difference_interval, ""),
                line(analysis.lower_limit, analysis.lower_limit_interval, "6 4"),
                line(analysis.upper_limit, analysis.upper_limit_interval, "6 4"),
            ]
        })
    };
    let points = move || {
        let mut points = analysis.with(|analysis| analysis.points.clone());
        points.sort_by(|a, b| a.mean.total_cmp(&b.mean));
        points
            .into_iter()
            .enumerate()
            .map(|(place, point)| {
                let (cx, cy) = (x.get().place(point.mean), y.get().place(point.difference));
                let label = name(&point);
                let fill = if point.is_outlier { ALARM } else { INK };
                view! {
                    <path class="chart-point" d=marker(cx, cy, point.is_outlier) fill=fill fill-opacity="0.8"
                        role="button" tabindex=if place == 0 { "0" } else { "-1" } aria-label=label.clone()
                        on:pointerenter=move |_| pointed.set(Some(point))
                        on:pointerleave=move |_| pointed.set(None)
                        on:focus=move |_| pointed.set(Some(point))
                        on:blur=move |_| pointed.set(None)
                        on:click=move |_| choose(&point)
                        on:keydown=move |event| key(&event, || choose(&point))>
                        <title>{label}</title>
                    </path>
                }
            })
            .collect_view()
    };
    view! {
        <Frame label="Bland-Altman plot: predicted minus reference area against their mean" x=x y=y
            x_title=move || format!("Mean of predicted and reference area ({})", unit.get())
            y_title=move || format!("Predicted − reference ({})", unit.get())
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
