//! Keys, gestures, and what this is.

use leptos::{html::Dialog, prelude::*};
use rachis_ct::NOTICE;

use super::{display::Display, shortcuts::KEYS};

/// What the pointer does on the slices, for the help.
const GESTURES: [(&str, &str); 7] = [
    ("Wheel, pinch", "Zoom about the pointer"),
    ("Shift or Alt, wheel", "Through the slices; on a reformat, through its planes"),
    ("Click", "Cross-hair there, in a stack; the other views follow"),
    ("Drag", "Move the cross-hair; when zoomed, move the picture"),
    ("Right button or Shift, drag", "Window: left and right for the width, up and down for the level"),
    ("Double click", "Whole slice"),
    ("Drop files anywhere", "Open images, masks, models or folders"),
];

/// The help, a dialog.
#[component]
pub fn Help() -> impl IntoView {
    let Display { help, character_keys, .. } = Display::expect();
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let (true, Some(dialog)) = (help.get(), dialog.get()) {
            // It fails only for a dialog that is open already.
            let _ = dialog.show_modal();
        }
    });
    let rows = |rows: &[(&'static str, &'static str)]| {
        rows.iter()
            .map(|&(keys, meaning)| view! { <div><dt>{keys}</dt><dd>{meaning}</dd></div> })
            .collect_view()
    };
    view! {
        <dialog class="help" node_ref=dialog aria-labelledby="help-title" on:close=move |_| help.set(false)>
            <form method="dialog">
                <h2 id="help-title">"Help"</h2>
                <button class="button quiet">"Close"</button>
            </form>
            <h3>"Keys"</h3>
            <dl>{rows(&KEYS)}</dl>
            <label>
                <input type="checkbox" prop:checked=character_keys
                    on:change=move |event| character_keys.set(event_target_checked(&event))/>
                "Letters, digits and signs act too (turn this off for speech input)"
            </label>
            <h3>"Pointer"</h3>
            <dl>{rows(&GESTURES)}</dl>
            <h3>"Reference masks"</h3>
            <p>
                "A mask belongs to the image of the same name: " <code>"x_mask.png"</code> ", " <code>"x.mask.png"</code>
                " or " <code>"masks/x.png"</code> " to " <code>"x.dcm"</code> " or " <code>"x.png"</code>
                ". Under ‘Open reference masks’ the name may be just the same. Over half of the brightest value is spine."
            </p>
            <h3>"Privacy"</h3>
            <p>
                "Images are read and segmented by this browser. The page’s security policy lets it talk to nothing but \
                 its own site, from which it only loads its own files. It stores nothing about you or your images; only \
                 which way of computing is the fastest on a graphics card of that name."
            </p>
            <h3>"About"</h3>
            <p>
                {NOTICE} ". The sample slices are from LIDC-IDRI-0001, The Cancer Imaging Archive (Armato et al. 2015, "
                "doi 10.7937/K9/TCIA.2015.LO9QL9SX), CC BY 3.0; their masks are automatic labels of TotalSegmentator."
            </p>
        </dialog>
    }
}
