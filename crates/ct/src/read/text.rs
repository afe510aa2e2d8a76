//! Headers that are text.

use std::str::FromStr;

/// Numbers with spaces between them; `None` where something else is among them.
pub(super) fn numbers<T: FromStr>(text: &str) -> Option<Vec<T>> {
    text.split_whitespace().map(|number| number.parse().ok()).collect()
}

/// At most 64 letters, digits and signs of a text that is to be shown.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(64).collect()
}
