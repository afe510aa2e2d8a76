//! A slider through the planes of a stack.

use leptos::prelude::*;

use super::planes::Planes;
use crate::{reformat::Axis, session::Session};

/// Goes from slice to slice of the current stack, or moves a reformat through it. Nothing for a single slice.
#[component]
pub fn PlaneSlider(
    /// The axis to go along.
    through: Axis,
) -> impl IntoView {
    let session = Session::expect();
    let planes = Planes::expect();
    let name = match through {
        Axis::Slice => "Slice",
        Axis::Column => "Column",
        Axis::Row => "Row",
    };
    let count = Memo::new(move |_| match through {
        Axis::Slice => planes.cases.with(Vec::len),
        _ => planes.known_geometry().map_or(0, |geometry| geometry.count(through) as usize),
    });
    let place = Memo::new(move |_| match through {
        Axis::Slice => {
            let current = session.current.get().map(|case| case.id);
            planes.cases.with(|cases| cases.iter().position(|case| Some(case.id) == current)).unwrap_or(0)
        }
        _ => planes.voxel.get().map_or(0, |voxel| voxel.along(through) as usize),
    });
    let go = move |place: usize| match through {
        Axis::Slice => {
            let id = planes.cases.with_untracked(|cases| cases.get(place).map(|case| case.id));
            session.selected.set(id);
        }
        _ => {
            if let Some(voxel) = planes.voxel.get_untracked() {
                planes.put(voxel.with(through, place as u32));
            }
        }
    };
    let text = move || format!("{} of {}", place.get() + 1, count.get());
    // Made anew for another count: a slider cannot take a value beyond its old end.
    move || {
        let last = count.get().checked_sub(1).filter(|&last| last > 0)?;
        Some(view! {
            <label class="plane-slider">
                <span>{name} " " {text}</span>
                <input type="range" min="0" max=last.to_string() step="1" aria-label=name aria-valuetext=text
                    prop:value=move || place.get().to_string()
                    on:input=move |event| {
                        if let Ok(place) = event_target_value(&event).parse() {
                            go(place);
                        }
                    }/>
            </label>
        })
    }
}
