//! Each folder of `tests/stacks` holds a file and what opening it must give. `make_stacks.py` writes them.
#![cfg(feature = "read")]
#![allow(clippy::unwrap_used, reason = "a helper of tests may stop them")]

mod files;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use rachis_ct::{
    Archive, LabelChoice, MaskStack, Meaning, Opened, Placement, Quantity, ReadError, Slice, SliceInfo,
    Spacing, Stack, StackInfo, open, open_mask,
};
use serde::Deserialize;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
struct Expected {
    /// `mask`, or nothing for slices.
    #[serde(rename = "as")]
    read_as: Option<String>,
    /// The name of the [`ReadError`] variant; without it the file must be opened.
    error: Option<String>,
    message: Option<String>,
    members: Option<Vec<String>>,
    skipped: Option<Vec<String>>,
    /// The member of the archive that the rest is about.
    open: Option<usize>,
    #[serde(default)]
    count: usize,
    #[serde(default)]
    rows: u32,
    #[serde(default)]
    columns: u32,
    spacing: Option<(f32, f32)>,
    thickness: Option<f32>,
    first: Option<Place>,
    last: Option<Place>,
    #[serde(default)]
    meanings: Vec<Meaning>,
    quantity: Option<ExpectedQuantity>,
    #[serde(default)]
    slices: BTreeMap<usize, Vec<i16>>,
    stored: Option<Vec<Vec<i16>>>,
    slice_error: Option<String>,
    labels: Option<Vec<(i32, u64)>>,
    #[serde(default)]
    named: BTreeMap<i32, String>,
    choice: Option<Choice>,
}

#[derive(Deserialize)]
struct Place {
    origin: [f64; 3],
    right: [f64; 3],
    down: [f64; 3],
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum ExpectedQuantity {
    Hu,
    Brightness(i16),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Choice {
    Above(f32),
    Values(Vec<i32>),
}

fn assert_near(given: f64, wanted: f64) {
    // Files of 32-bit numbers, and of up to 100 mm.
    assert!((given - wanted).abs() < 1e-4, "{given} is not {wanted}");
}

impl Place {
    fn check(&self, given: Option<Placement>) {
        let given = given.unwrap();
        for (given, wanted) in
            [(given.origin_mm, self.origin), (given.right, self.right), (given.down, self.down)]
        {
            given.iter().zip(wanted).for_each(|(given, wanted)| assert_near(*given, wanted));
        }
    }
}

impl Expected {
    fn check_error(&self, error: &ReadError) {
        assert_eq!(Some(variant(error)), self.error, "{error:?}");
        if let Some(message) = &self.message {
            assert_eq!(&error.to_string(), message);
        }
    }

    fn check_info(&self, info: &StackInfo) {
        assert_eq!(self.error, None, "was opened");
        assert_eq!(info.slices.len(), self.count);
        assert_eq!(info.meanings, self.meanings);
        let optional = |wanted: &Option<Place>, info: &SliceInfo| match wanted {
            Some(place) => place.check(info.placement),
            None => assert!(!self.tells_place() || info.placement.is_none()),
        };
        optional(&self.first, info.slices.first().unwrap());
        optional(&self.last, info.slices.last().unwrap());
        for slice in &info.slices {
            assert_eq!((slice.rows, slice.columns), (self.rows, self.columns));
            if self.tells_place() {
                self.check_spacing(slice.spacing);
                assert_eq!(slice.thickness_mm.is_some(), self.thickness.is_some());
                let thickness = slice.thickness_mm.zip(self.thickness);
                thickness.inspect(|(given, wanted)| assert_near((*given).into(), (*wanted).into()));
            }
        }
    }

    fn check_spacing(&self, given: Option<Spacing>) {
        assert_eq!(given.is_some(), self.spacing.is_some(), "{given:?}");
        if let Some((given, (row_mm, column_mm))) = given.zip(self.spacing) {
            assert_near(given.row_mm.into(), row_mm.into());
            assert_near(given.column_mm.into(), column_mm.into());
        }
    }

    fn quantity(&self) -> Quantity {
        match self.quantity.as_ref().unwrap() {
            ExpectedQuantity::Hu => Quantity::Hu,
            ExpectedQuantity::Brightness(white) => Quantity::Brightness { white: *white },
        }
    }

    fn check_stack(&self, Stack { info, mut reader }: Stack) {
        self.check_info(&info);
        let mut slice = |index: usize| reader.slice(index, *info.meanings.first().unwrap());
        if let Some(error) = &self.slice_error {
            assert_eq!(&variant(&slice(self.count - 1).unwrap_err()), error);
            return;
        }
        let mut check = |index: usize| {
            let Slice { rows, columns, pixels, quantity, spacing, .. } = slice(index).unwrap();
            assert_eq!((rows, columns, quantity), (self.rows, self.columns, self.quantity()));
            assert_eq!(&pixels, self.slices.get(&index).unwrap(), "slice {index}");
            self.check_spacing(spacing);
        };
        // In any order.
        self.slices.keys().copied().for_each(&mut check);
        self.slices.keys().rev().copied().for_each(&mut check);
        if let Some(stored) = &self.stored {
            let turn = info.slices.first().unwrap().turn;
            let back = turn.inverse().apply([self.rows, self.columns], self.slices.get(&0).unwrap());
            let width = turn.inverse().size([self.rows, self.columns])[1] as usize;
            assert_eq!(&back.chunks(width).map(<[i16]>::to_vec).collect::<Vec<_>>(), stored);
        }
        assert_eq!(slice(self.count).unwrap_err(), ReadError::NoSuchSlice);
    }

    fn check_mask(&self, mut stack: MaskStack) {
        self.check_info(&stack.info);
        let labels = stack.labels().unwrap();
        let counts: Vec<(i32, u64)> = labels.found.iter().map(|label| (label.value, label.voxels)).collect();
        assert_eq!(&counts, self.labels.as_ref().unwrap());
        for label in &labels.found {
            assert_eq!(label.name.as_ref(), self.named.get(&label.value));
        }
        let choice = match self.choice.as_ref().unwrap() {
            Choice::Above(limit) => LabelChoice::Above(*limit),
            Choice::Values(values) => LabelChoice::Values(values.iter().copied().collect()),
        };
        assert_eq!(labels.choice, choice);
        for (index, wanted) in &self.slices {
            let mask = stack.mask(*index, &labels.choice).unwrap();
            assert_eq!((mask.rows, mask.columns), (self.rows, self.columns));
            let pixels: Vec<i16> = mask.pixels().into_iter().map(i16::from).collect();
            assert_eq!(&pixels, wanted, "slice {index}");
        }
    }

    fn check_archive(&self, mut archive: Archive) {
        let names: Vec<&String> = archive.members.iter().map(|member| &member.name).collect();
        assert_eq!(names, self.members.iter().flatten().collect::<Vec<_>>());
        assert_eq!(&archive.skipped, self.skipped.as_ref().unwrap());
        let Some(index) = self.open else { return };
        if self.is_mask() {
            return self.check_mask(archive.open_mask(index).unwrap());
        }
        match archive.open(index) {
            Ok(Opened::Stack(stack)) => self.check_stack(stack),
            Ok(Opened::Archive(_)) => unreachable!("archives inside are refused"),
            Err(error) => self.check_error(&error),
        }
    }

    /// Whether absent places and spacings are to be absent.
    fn tells_place(&self) -> bool {
        self.slice_error.is_none() && !self.is_mask()
    }

    fn is_mask(&self) -> bool {
        self.read_as.as_deref() == Some("mask")
    }
}

fn variant(error: &ReadError) -> String {
    format!("{error:?}").split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

fn check(folder: &Path) {
    let expected: Expected = serde_json::from_slice(&files::read(&folder.join("expected.json"))).unwrap();
    let input = files::list(folder).into_iter().find(|path| !path.ends_with("expected.json")).unwrap();
    let (name, source) = (input.to_string_lossy(), Cursor::new(files::read(&input)));
    if expected.is_mask() && expected.members.is_none() {
        match open_mask(&name, source) {
            Ok(stack) => expected.check_mask(stack),
            Err(error) => expected.check_error(&error),
        }
        return;
    }
    match open(&name, source) {
        Ok(Opened::Stack(stack)) => expected.check_stack(stack),
        Ok(Opened::Archive(archive)) => expected.check_archive(archive),
        Err(error) => expected.check_error(&error),
    }
}

#[test]
fn every_stack_opens_as_expected() {
    let folders = files::list(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stacks"));
    assert!(!folders.is_empty());
    let is_failing = |folder: &&PathBuf| {
        println!("{}", folder.display());
        std::panic::catch_unwind(|| check(folder)).is_err()
    };
    let failures: Vec<&PathBuf> = folders.iter().filter(is_failing).collect();
    assert!(failures.is_empty(), "{failures:#?}");
}
