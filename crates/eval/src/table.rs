//! The table of results as CSV.

use crate::{Case, EvalError, Measure, Overlap};

/// A segmented slice: one row of the table.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// With a reference.
    Compared(Case),
    /// Without one.
    Alone {
        /// The image's name.
        name: String,
        /// The patient whose slice it is, where known.
        patient: Option<String>,
        /// Number of pixels that the predicted mask holds.
        spine_pixels: u64,
        /// The area of a pixel in mm², where the image tells its spacing.
        pixel_area_mm2: Option<f64>,
    },
}

impl Row {
    /// The comparison with the reference, where there is one.
    pub fn compared(self) -> Option<Case> {
        if let Self::Compared(case) = self { Some(case) } else { None }
    }

    fn name(&self) -> &str {
        match self {
            Self::Compared(Case { name, .. }) | Self::Alone { name, .. } => name,
        }
    }

    fn patient(&self) -> Option<&str> {
        match self {
            Self::Compared(Case { patient, .. }) | Self::Alone { patient, .. } => patient.as_deref(),
        }
    }

    fn spine_pixels(&self) -> u64 {
        match self {
            Self::Compared(case) => case.overlap.predicted(),
            Self::Alone { spine_pixels, .. } => *spine_pixels,
        }
    }

    fn predicted_mm2(&self) -> Option<f64> {
        match self {
            Self::Compared(Case { pixel_area_mm2, .. }) | Self::Alone { pixel_area_mm2, .. } => {
                pixel_area_mm2.map(|area| self.spine_pixels() as f64 * area)
            }
        }
    }

    /// What takes a reference, if there is one.
    fn of_case<T>(&self, of: impl FnOnce(&Case) -> T) -> Option<T> {
        if let Self::Compared(case) = self { Some(of(case)) } else { None }
    }
}

/// A column: its name and its cell in a row.
type Column = (&'static str, fn(&Row) -> String);

/// The columns but for the notice. Others read them by position: new ones go last.
const COLUMNS: [Column; 20] = [
    ("case", |row| as_text(row.name())),
    ("dice", |row| measured(row, Measure::Dice)),
    ("sensitivity", |row| measured(row, Measure::Sensitivity)),
    ("specificity", |row| measured(row, Measure::Specificity)),
    ("precision", |row| measured(row, Measure::Precision)),
    ("accuracy", |row| measured(row, Measure::Accuracy)),
    ("spine_pixels", |row| row.spine_pixels().to_string()),
    ("iou", |row| measured(row, Measure::Iou)),
    ("f1", |row| measured(row, Measure::F1)),
    ("hd95_mm", |row| measured(row, Measure::Hd95Mm)),
    ("assd_mm", |row| measured(row, Measure::AssdMm)),
    ("area_predicted_px", |row| row.spine_pixels().to_string()),
    ("area_reference_px", |row| counted(row, Overlap::reference)),
    ("area_predicted_mm2", |row| decimals(row.predicted_mm2())),
    ("area_reference_mm2", |row| decimals(row.of_case(Case::reference_mm2).flatten())),
    ("tp", |row| counted(row, |overlap| overlap.true_positives)),
    ("fp", |row| counted(row, |overlap| overlap.false_positives)),
    ("fn", |row| counted(row, |overlap| overlap.false_negatives)),
    ("tn", |row| counted(row, |overlap| overlap.true_negatives)),
    ("patient", |row| row.patient().map(as_text).unwrap_or_default()),
];

/// The results as CSV (RFC 4180, UTF-8), one row for each slice in the order given.
///
/// Columns:
/// `case,dice,sensitivity,specificity,precision,accuracy,spine_pixels,iou,f1,hd95_mm,assd_mm,area_predicted_px,area_reference_px,area_predicted_mm2,area_reference_mm2,tp,fp,fn,tn,patient`,
/// last `notice` with `notice` in each row. What is undefined or unknown, or takes a reference where there is none, is
/// left empty.
///
/// # Errors
///
/// [`EvalError::Table`] where the CSV cannot be written.
pub fn results_csv(rows: &[Row], notice: &str) -> Result<String, EvalError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS.iter().map(|(name, _)| *name).chain(["notice"]))?;
    for row in rows {
        writer.write_record(COLUMNS.iter().map(|(_, of)| of(row)).chain([notice.to_owned()]))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn measured(row: &Row, measure: Measure) -> String {
    decimals(row.of_case(|case| measure.of_case(case)).flatten())
}

fn counted(row: &Row, count: fn(&Overlap) -> u64) -> String {
    row.of_case(|case| count(&case.overlap).to_string()).unwrap_or_default()
}

/// Six decimals; nothing where undefined.
fn decimals(value: Option<f64>) -> String {
    value.map(|value| format!("{value:.6}")).unwrap_or_default()
}

/// A name that spreadsheets would take for a formula (`=`, `+`, `-`, `@` first) is marked as text.
fn as_text(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTICE: &str = "Research use only";

    fn alone(name: &str, pixel_area_mm2: Option<f64>) -> Row {
        Row::Alone { name: name.to_owned(), patient: Some("P".to_owned()), spine_pixels: 3, pixel_area_mm2 }
    }

    fn compared(overlap: Overlap) -> Row {
        Row::Compared(Case {
            name: "a".to_owned(),
            patient: None,
            overlap,
            pixel_area_mm2: None,
            surface: None,
        })
    }

    #[test]
    fn a_slice_without_a_reference_leaves_the_others_theirs() {
        let overlap =
            Overlap { true_positives: 2, false_positives: 1, false_negatives: 0, true_negatives: 5 };
        let rows = [compared(overlap), alone("b", Some(0.5)), alone("c", None)];
        let csv = results_csv(&rows, NOTICE).unwrap();
        assert_eq!(
            csv.split_once('\n').unwrap().1,
            "a,0.800000,1.000000,0.833333,0.666667,0.875000,3,0.666667,0.800000,,,3,2,,,2,1,0,5,,Research use only\n\
             b,,,,,,3,,,,,3,,1.500000,,,,,,P,Research use only\n\
             c,,,,,,3,,,,,3,,,,,,,,P,Research use only\n"
        );
    }

    #[test]
    fn undefined_measures_are_empty() {
        let empty = Overlap { true_negatives: 4, ..Overlap::default() };
        let csv = results_csv(&[compared(empty)], NOTICE).unwrap();
        assert!(csv.contains("\na,1.000000,,1.000000,,1.000000,0,"), "{csv}");
    }

    #[test]
    fn names_are_quoted_and_are_no_formulas() {
        let csv = results_csv(&[alone("a,\"b\".png", None), alone("=1+1", None)], NOTICE).unwrap();
        assert!(csv.contains("\n\"a,\"\"b\"\".png\",,") && csv.contains("\n'=1+1,,"), "{csv}");
    }
}
