//! A series that the user may open.

use rachis_ct::{Plane, series::Series};

use super::intake::Found;

/// A series that the user may open.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What it is called.
    pub title: String,
    /// How many slices it has, which way they lie, how large and how far apart they are.
    pub facts: String,
    /// What is unusual about it.
    pub notes: Vec<String>,
    /// Its slices in order.
    pub(super) slices: Vec<Found>,
}

impl Offer {
    pub(super) fn new(slices: Vec<Found>, series: &Series) -> Self {
        let first = slices.first();
        let title = first.map(|first| first.description.to_string()).filter(|title| !title.is_empty());
        let plane = first.and_then(|first| first.info.placement).map(|placement| match placement.plane() {
            Plane::Axial => "axial",
            Plane::Sagittal => "sagittal",
            Plane::Coronal => "coronal",
        });
        let facts = [
            Some(format!("{} slices", slices.len())),
            plane.map(str::to_owned),
            first.map(|first| format!("{} × {}", first.info.columns, first.info.rows)),
            series.distance_mm.map(|distance| format!("{} mm apart", rounded(distance))),
        ];
        Self {
            title: title.unwrap_or_else(|| "Series without a description".to_owned()),
            facts: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            notes: series.notes.iter().map(ToString::to_string).collect(),
            slices,
        }
    }
}

/// To hundredths, without zeros at the end.
fn rounded(millimetres: f64) -> String {
    let text = format!("{millimetres:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_told_as_people_write_them() {
        assert_eq!([1.0, 1.25, 0.625, 10.0, 2.5].map(rounded), ["1", "1.25", "0.62", "10", "2.5"]);
    }
}
