//! Where a layer stands: in the graph's names and in the file.

use std::collections::BTreeMap;

use super::config::{Layer, Network};
use super::store::Place;

/// A layer about to be lowered.
pub(super) struct Site<'a> {
    pub layer: &'a Layer,
    /// Its name, after the names of the models around it.
    pub path: String,
    pub place: Place,
}

impl<'a> Site<'a> {
    /// The name of one of the layer's weights.
    pub(super) fn weight(&self, array: &str) -> String {
        format!("{}/{array}", self.path)
    }

    pub(super) fn new(layer: &'a Layer, group: &str, outer: Option<&Site>) -> Self {
        let name = layer.name.clone();
        match outer {
            None => Self {
                path: name.clone(),
                place: Place { outermost: name, nested: Vec::new(), group: format!("layers/{group}") },
                layer,
            },
            Some(outer) => Self {
                path: format!("{}/{name}", outer.path),
                place: Place {
                    outermost: outer.place.outermost.clone(),
                    nested: outer.place.nested.iter().cloned().chain([name]).collect(),
                    group: format!("{}/layers/{group}", outer.place.group),
                },
                layer,
            },
        }
    }
}

/// The name of each layer's group in an archive: its class, and its count among the layers of that class.
pub(super) fn archive_groups(network: &Network) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut groups = Vec::with_capacity(network.layers.len());
    for layer in &network.layers {
        let class = snake_case(&layer.class);
        let count = counts.entry(class.clone()).or_default();
        groups.push(if *count == 0 { class } else { format!("{class}_{count}") });
        *count += 1;
    }
    groups
}

/// `Conv2DTranspose` to `conv2d_transpose`, as Keras does it.
fn snake_case(class: &str) -> String {
    let letters: Vec<char> = class.chars().collect();
    let mut snake = String::with_capacity(class.len() + 4);
    for (position, letter) in letters.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(position + 1);
        let word_starts = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase() || after.is_some_and(char::is_ascii_lowercase)
            });
        if word_starts {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
