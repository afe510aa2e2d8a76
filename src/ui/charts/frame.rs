//! What all charts have: axes with ticks and titles, the notice, a button to keep the chart.

use leptos::{prelude::*, svg::Svg};
use rachis_ct::NOTICE;
use wasm_bindgen::JsCast;
use web_sys::{Element, SvgElement};

use crate::{browser::download, chart::Scale};

/// Width of a chart, in SVG units.
pub const WIDTH: f64 = 400.0;
/// Height of a chart, in SVG units.
pub const HEIGHT: f64 = 270.0;
/// Where the horizontal axis begins and ends.
pub const ACROSS: [f64; 2] = [56.0, 392.0];
/// Where the vertical axis begins (at the bottom) and ends.
pub const UP: [f64; 2] = [218.0, 10.0];

/// Ticks along each axis, about.
const TICKS: u32 = 5;

/// A chart's frame; `children` are drawn inside the axes.
#[component]
pub fn Frame(
    /// What the chart shows, for those who do not see it.
    label: &'static str,
    /// What is along the horizontal axis.
    #[prop(into)]
    x_title: String,
    /// What is along the vertical axis.
    #[prop(into)]
    y_title: String,
    /// The horizontal axis.
    x: Scale,
    /// The vertical axis.
    y: Scale,
    /// The name of the file that the chart becomes.
    file_name: &'static str,
    /// Points and curves.
    children: Children,
) -> impl IntoView {
    let drawing = NodeRef::<Svg>::new();
    let save = move |_| {
        if let Some(file) = drawing.get_untracked().and_then(|drawing| without_names(&drawing)) {
            download::save(file_name, "image/svg+xml", file.as_bytes());
        }
    };
    view! {
        <figure>
            <figcaption class="chart-name">{label}</figcaption>
            <svg class="chart" node_ref=drawing xmlns="http://www.w3.org/2000/svg" role="group" aria-label=label
                viewBox=format!("0 0 {WIDTH} {HEIGHT}") font-family="system-ui, sans-serif" font-size="11"
                fill="currentColor">
                <line x1=ACROSS[0] x2=ACROSS[1] y1=UP[0] y2=UP[0] stroke="currentColor" stroke-opacity="0.5"/>
                <line x1=ACROSS[0] x2=ACROSS[0] y1=UP[0] y2=UP[1] stroke="currentColor" stroke-opacity="0.5"/>
                {x.ticks(TICKS).into_iter().map(|tick| view! {
                    <text x=x.place(tick) y=UP[0] + 15.0 text-anchor="middle">{x.label(tick, TICKS)}</text>
                }).collect_view()}
                {y.ticks(TICKS).into_iter().map(|tick| view! {
                    <line x1=ACROSS[0] x2=ACROSS[1] y1=y.place(tick) y2=y.place(tick)
                        stroke="currentColor" stroke-opacity="0.12"/>
                    <text x=ACROSS[0] - 6.0 y=y.place(tick) + 4.0 text-anchor="end">{y.label(tick, TICKS)}</text>
                }).collect_view()}
                <text x=f64::midpoint(ACROSS[0], ACROSS[1]) y=UP[0] + 32.0 text-anchor="middle">{x_title}</text>
                <text x=-f64::midpoint(UP[0], UP[1]) y="12" transform="rotate(-90)" text-anchor="middle">{y_title}</text>
                <text x=ACROSS[1] y=HEIGHT - 3.0 text-anchor="end" font-size="8" opacity="0.75">{NOTICE}</text>
                {children()}
            </svg>
        </figure>
        <div class="chart-actions">
            <button type="button" class="button quiet" on:click=save>"Download chart (SVG)"</button>
        </div>
    }
}

/// The drawing as a file: without what names the points, for the names of files may be those of patients.
fn without_names(drawing: &SvgElement) -> Option<String> {
    let copy: Element = drawing.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
    let named = copy.query_selector_all("title, [aria-label]").ok()?;
    let elements = (0..named.length()).filter_map(|place| named.item(place)?.dyn_into::<Element>().ok());
    for element in elements {
        if element.local_name() == "title" {
            element.remove();
        }
        for attribute in ["aria-label", "role", "tabindex"] {
            element.remove_attribute(attribute).ok()?;
        }
    }
    Some(copy.outer_html())
}
