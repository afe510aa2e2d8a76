//! A reformat: the stack cut along one of its other directions, with the masks in it.

use std::sync::Arc;

use leptos::{html::Canvas, prelude::*};

use super::{
    display::Display,
    pane::{Pane, plane_name},
    plane_slider::PlaneSlider,
    planes::Planes,
};
use crate::{
    browser::canvas,
    overlay, picture,
    reformat::{Axis, Section},
    session::Session,
};

/// The reformat along columns or along rows, at the cross-hair, and its slider.
#[component]
pub fn Reformat(
    /// The axis that it looks along.
    through: Axis,
) -> impl IntoView {
    let session = Session::expect();
    let display = Display::expect();
    let planes = Planes::expect();
    let section =
        Memo::new(move |_| Some(Arc::new(Section::new(planes.view(through)?, &*planes.known_geometry()?)?)));
    let at = Memo::new(move |_| Some(planes.voxel.get()?.along(through)));
    // The window changes more often than the slice, and costs less.
    let slice = Memo::new_with_compare(
        move |_| Some(Arc::new(section.get()?.slice(at.get()?, &planes.slices.read())?)),
        |_, _| true,
    );
    let image = NodeRef::<Canvas>::new();
    canvas::keep_painted(image, move || {
        let window = display.current_window(session)?;
        Some(picture::slice(&*slice.get()?, window))
    });
    let overlay = NodeRef::<Canvas>::new();
    canvas::keep_painted(overlay, move || {
        let regions = section.get()?.regions(at.get()?, &planes.masks.read());
        Some(overlay::paint(&regions, display.style.get()))
    });
    let aspect = Signal::derive(move || {
        let geometry = planes.known_geometry();
        geometry.and_then(|geometry| Some(planes.view(through)?.aspect(&geometry))).unwrap_or(1.0)
    });
    let label = Signal::derive(move || {
        let plane = planes.view(through).and_then(|view| view.plane).map(plane_name);
        let unnamed = if through == Axis::Column { "Along the columns" } else { "Along the rows" };
        plane.unwrap_or(unnamed).to_owned()
    });
    let missing = move || planes.slices.read().iter().filter(|slice| slice.is_none()).count();
    let message = move || {
        let (missing, all) = (missing(), planes.slices.read().len());
        (missing > 0).then(|| {
            view! {
                <p class="pane-message">{format!("{} of {all} slices read", all - missing)}</p>
            }
        })
    };
    view! {
        <div class="view">
            <Pane through label aspect is_empty=Signal::derive(move || slice.with(Option::is_none))
                notes=message.into_any()>
                <canvas node_ref=image width="1" height="1" role="img"
                    aria-label=move || format!("{} reformat", label.get())></canvas>
                <canvas class="reformat-overlay" node_ref=overlay width="1" height="1" aria-hidden="true"
                    class:is-hidden=move || !display.overlay.get()
                    style=("opacity", move || display.css_opacity())></canvas>
            </Pane>
            <PlaneSlider through/>
        </div>
    }
}
