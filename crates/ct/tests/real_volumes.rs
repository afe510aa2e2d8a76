//! Real volumes and their labels read as nibabel reads them; `real_volumes.py` wrote the numbers.
#![cfg(feature = "read")]

use std::fs::{self, File};
use std::path::Path;

use rachis_ct::{Opened, Spacing, open, open_mask};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    folder: String,
    size: (usize, u32, u32),
    spacing: (f32, f32),
    thickness: f32,
    origin: [f64; 3],
    slices: Vec<Sums>,
    labels: Vec<(i32, u64)>,
    masks: Vec<Sums>,
}

#[derive(Deserialize)]
struct Sums {
    index: usize,
    sum: i64,
    weighted_sum: i64,
}

impl Sums {
    fn check(&self, pixels: impl Iterator<Item = i64> + Clone) {
        assert_eq!(pixels.clone().sum::<i64>(), self.sum, "slice {}", self.index);
        let weighted = pixels.zip((0..1009_i64).cycle()).map(|(pixel, weight)| pixel * weight);
        assert_eq!(weighted.sum::<i64>(), self.weighted_sum, "slice {}", self.index);
    }
}

#[test]
fn volumes_and_their_labels_equal_those_of_nibabel() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = manifest.join("../../../shared/data");
    if !shared.exists() {
        println!("skipped: the CT data of docs and training is not at ../shared/data");
        return;
    }
    let json = fs::read_to_string(manifest.join("tests/real_volumes.json")).unwrap();
    let expected: Vec<Expected> = serde_json::from_str(&json).unwrap();
    for wanted in expected {
        let folder = shared.join(&wanted.folder);
        let Opened::Stack(mut stack) =
            open("ct.nii.gz", File::open(folder.join("ct.nii.gz")).unwrap()).unwrap()
        else {
            panic!("no stack");
        };
        let (count, rows, columns) = wanted.size;
        let first = stack.info.slices.first().unwrap();
        assert_eq!((stack.info.slices.len(), first.rows, first.columns), (count, rows, columns));
        let (row_mm, column_mm) = wanted.spacing;
        assert_eq!(first.spacing, Some(Spacing { row_mm, column_mm }));
        assert_eq!(first.thickness_mm, Some(wanted.thickness));
        let origin = first.placement.unwrap().origin_mm;
        assert!(origin.iter().zip(wanted.origin).all(|(given, wanted)| (given - wanted).abs() < 1e-3));
        let meaning = *stack.info.meanings.first().unwrap();
        for slice in &wanted.slices {
            let pixels = stack.reader.slice(slice.index, meaning).unwrap().pixels;
            slice.check(pixels.iter().map(|&hu| i64::from(hu)));
        }

        let labels_file = File::open(folder.join("totalsegmentator.nii.gz")).unwrap();
        let mut masks = open_mask("totalsegmentator.nii.gz", labels_file).unwrap();
        let labels = masks.labels().unwrap();
        let counts: Vec<(i32, u64)> = labels.found.iter().map(|label| (label.value, label.voxels)).collect();
        assert_eq!(counts, wanted.labels);
        for slice in &wanted.masks {
            let mask = masks.mask(slice.index, &labels.choice).unwrap();
            slice.check(mask.pixels().into_iter().map(i64::from));
        }
    }
}
