//! A number in a table, or why there is none.

use leptos::prelude::*;

/// What stands where a number is not defined.
const UNDEFINED: &str = "–";

/// What stands where a number is still being made.
const COMING: &str = "…";

/// A cell with a number, or with a sign that there is none.
#[component]
pub fn Number(
    /// The number; `None` where it is not defined.
    text: Option<String>,
    /// Whether it is still being made.
    #[prop(optional)]
    is_coming: bool,
    /// More about it, in small print.
    #[prop(default = None)]
    note: Option<String>,
) -> impl IntoView {
    let (text, title) = match text {
        _ if is_coming => (COMING.to_owned(), Some("Being computed")),
        Some(text) => (text, None),
        None => (
            UNDEFINED.to_owned(),
            Some("Not defined here: a mask is empty, or the file does not say how large a pixel is"),
        ),
    };
    view! { <td title=title>{text} {note.map(|note| view! { <small>{note}</small> })}</td> }
}

/// A measure's value as the tables show it.
pub fn three_decimals(value: f64) -> String {
    format!("{value:.3}")
}
