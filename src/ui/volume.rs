//! How large what is segmented is, in cubic centimetres.

use leptos::prelude::*;

use super::planes::Planes;
use crate::session::Case;

/// A slice with the number of spine pixels in its masks.
#[derive(Debug, Clone)]
struct Counted {
    case: Case,
    predicted: ArcMemo<Option<usize>>,
    reference: ArcMemo<Option<usize>>,
}

impl PartialEq for Counted {
    fn eq(&self, other: &Self) -> bool {
        self.case == other.case
    }
}

impl Counted {
    fn new(case: Case) -> Self {
        let (predicted, reference) = (case.prediction.clone(), case.reference.clone());
        Self {
            case,
            predicted: ArcMemo::new(move |_| Some(predicted.get()?.count())),
            reference: ArcMemo::new(move |_| Some(reference.get()?.count())),
        }
    }

    /// The reference's, where there is a prediction to compare with.
    fn compared(&self) -> Option<usize> {
        self.predicted.get().and_then(|_| self.reference.get())
    }
}

/// The volumes of prediction and reference over the segmented slices of the stack; nothing for a single slice.
#[component]
pub fn Volume() -> impl IntoView {
    let planes = Planes::expect();
    let counted = Memo::new(move |_| planes.cases.get().into_iter().map(Counted::new).collect::<Vec<_>>());
    let text = move || {
        let geometry = planes.known_geometry()?;
        let counted = counted.read();
        let predicted: Vec<Option<usize>> = counted.iter().map(|slice| slice.predicted.get()).collect();
        let compared: Vec<Option<usize>> = counted.iter().map(Counted::compared).collect();
        let [done, with_reference] = [&predicted, &compared].map(|counts| counts.iter().flatten().count());
        if done == 0 {
            return None;
        }
        let all = counted.first().map_or(0, |slice| slice.case.in_stack.count);
        let mut parts = vec![format!("Spine {} predicted", centimetres(geometry.volume_cm3(predicted)))];
        if with_reference > 0 {
            let volume = centimetres(geometry.volume_cm3(compared));
            parts.push(if with_reference == done {
                format!("{volume} reference")
            } else {
                format!("{volume} reference in {with_reference} slices")
            });
        }
        parts.push(format!("{done} of {all} slices"));
        let gaps: Vec<f64> = geometry.gaps_mm().collect();
        if let Some(widest) = gaps.iter().copied().max_by(f64::total_cmp) {
            let many = if gaps.len() == 1 { "1 gap".to_owned() } else { format!("{} gaps", gaps.len()) };
            parts.push(format!("{many} of up to {widest:.1} mm bridged"));
        }
        Some(parts.join(" · "))
    };
    move || {
        text().map(|text| view! {
            <p class="volume" title="Each slice counts half of the way to each of its neighbours">{text}</p>
        })
    }
}

fn centimetres(volume_cm3: f64) -> String {
    let digits = if volume_cm3 < 10.0 { 2 } else { 1 };
    format!("{volume_cm3:.digits$} cm³")
}
