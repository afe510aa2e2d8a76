//! What every threshold gives: Dice against threshold, precision against recall.

use std::sync::Arc;

use leptos::prelude::*;
use rachis_ct::Threshold;
use rachis_eval::{ThresholdCurve, ThresholdPoint};

use super::{
    INK, SECOND_INK,
    frame::{ACROSS, Frame, UP},
};
use crate::chart::Scale;

const UNIT: [f64; 2] = [0.0, 1.0];

/// The mean of the slices' Dice, and the Dice of all their pixels together, against the threshold; a line marks the
/// threshold in use.
#[component]
pub fn DiceByThreshold(
    /// What every threshold gives.
    curve: Arc<ThresholdCurve>,
    /// The threshold in use.
    threshold: Memo<Option<Threshold>>,
) -> impl IntoView {
    let (x, y) = (Scale::between(UNIT, ACROSS), Scale::between(UNIT, UP));
    let at = move |point: &ThresholdPoint| x.place(f64::from(point.threshold) / 256.0);
    let mean_dice = path(curve.points.iter().map(|point| (at(point), y.place(point.mean_dice))));
    let pooled = |point: &ThresholdPoint| Some((at(point), y.place(point.pooled.dice()?)));
    let pooled = path(curve.points.iter().filter_map(pooled));
    let cursor = move || threshold.get().map(|threshold| x.place(f64::from(threshold.probability())));
    view! {
        <Frame label="Dice against threshold" x=x y=y x_title="Threshold (probability)" y_title="Dice"
            file_name="rachis-dice-by-threshold.svg">
            <path d=pooled fill="none" stroke=SECOND_INK stroke-width="2" stroke-dasharray="5 3"/>
            <path d=mean_dice fill="none" stroke=INK stroke-width="2"/>
            <line x1=cursor x2=cursor y1=UP[0] y2=UP[1] stroke="currentColor" stroke-dasharray="2 3"/>
            <text x=ACROSS[0] + 8.0 y=UP[0] - 22.0 fill=INK>"— mean over slices"</text>
            <text x=ACROSS[0] + 8.0 y=UP[0] - 8.0 fill=SECOND_INK>"- - all pixels together"</text>
        </Frame>
    }
}

/// Precision against recall of all pixels together; a dot marks the threshold in use.
#[component]
pub fn PrecisionRecall(
    /// What every threshold gives.
    curve: Arc<ThresholdCurve>,
    /// The threshold in use.
    threshold: Memo<Option<Threshold>>,
) -> impl IntoView {
    let (x, y) = (Scale::between(UNIT, ACROSS), Scale::between(UNIT, UP));
    let place = move |point: &ThresholdPoint| {
        Some((x.place(point.pooled.sensitivity()?), y.place(point.pooled.precision()?)))
    };
    let line = path(curve.points.iter().filter_map(place));
    let dot = move || {
        let level = threshold.get()?.level();
        curve.points.iter().find(|point| point.threshold == level).and_then(place)
    };
    view! {
        <Frame label="Precision against recall" x=x y=y x_title="Recall (sensitivity)" y_title="Precision"
            file_name="rachis-precision-recall.svg">
            <path d=line fill="none" stroke=INK stroke-width="2"/>
            {move || dot().map(|(cx, cy)| view! {
                <circle cx=cx cy=cy r="5" fill=SECOND_INK stroke="currentColor"/>
            })}
        </Frame>
    }
}

/// A line through these places.
fn path(places: impl Iterator<Item = (f64, f64)>) -> String {
    let steps: Vec<String> = places.map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    if steps.is_empty() { String::new() } else { format!("M{}", steps.join("L")) }
}
