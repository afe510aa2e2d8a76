//! The tables of results as CSV.

use crate::{Case, EvalError, Measure, Overlap};

/// One case of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The image's name.
    pub case: String,
    /// Number of pixels that the predicted mask holds.
    pub spine_pixels: u64,
    /// Agreement with the reference, where there is one.
    pub overlap: Option<Overlap>,
}

const MEASURES: [&str; 5] = ["dice", "sensitivity", "specificity", "precision", "accuracy"];

/// The results as CSV (RFC 4180, UTF-8), one row for each case in the order given.
///
/// Columns: `case`, then, if any case has a reference, `dice,sensitivity,specificity,precision,accuracy` with six
/// decimals, then `spine_pixels`, last `notice` with `notice` in each row. A measure that is undefined, or has no
/// reference, is left empty.
///
/// # Errors
///
/// [`EvalError::Table`] where the CSV cannot be written.
pub fn results_csv(rows: &[Row], notice: &str) -> Result<String, EvalError> {
    let has_references = rows.iter().any(|row| row.overlap.is_some());
    let measures: &[&str] = if has_references { &MEASURES } else { &[] };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["case"].iter().chain(measures).chain(&["spine_pixels", "notice"]))?;
    for row in rows {
        writer.write_field(as_text(&row.case))?;
        if has_references {
            for value in measured(row.overlap.as_ref()) {
                writer.write_field(decimals(value))?;
            }
        }
        writer.write_record([&row.spine_pixels.to_string(), notice])?;
    }
    text(writer)
}

/// A column of the cases' table.
type Column = (&'static str, fn(&Case) -> String);

/// The columns of the cases' table but for the notice. Others read them by position: new ones go last.
const COLUMNS: [Column; 20] = [
    ("case", |case| as_text(&case.name)),
    ("dice", |case| decimals(Measure::Dice.of_case(case))),
    ("sensitivity", |case| decimals(Measure::Sensitivity.of_case(case))),
    ("specificity", |case| decimals(Measure::Specificity.of_case(case))),
    ("precision", |case| decimals(Measure::Precision.of_case(case))),
    ("accuracy", |case| decimals(Measure::Accuracy.of_case(case))),
    ("spine_pixels", |case| case.overlap.predicted().to_string()),
    ("iou", |case| decimals(Measure::Iou.of_case(case))),
    ("f1", |case| decimals(Measure::F1.of_case(case))),
    ("hd95_mm", |case| decimals(Measure::Hd95Mm.of_case(case))),
    ("assd_mm", |case| decimals(Measure::AssdMm.of_case(case))),
    ("area_predicted_px", |case| case.overlap.predicted().to_string()),
    ("area_reference_px", |case| case.overlap.reference().to_string()),
    ("area_predicted_mm2", |case| decimals(case.predicted_mm2())),
    ("area_reference_mm2", |case| decimals(case.reference_mm2())),
    ("tp", |case| case.overlap.true_positives.to_string()),
    ("fp", |case| case.overlap.false_positives.to_string()),
    ("fn", |case| case.overlap.false_negatives.to_string()),
    ("tn", |case| case.overlap.true_negatives.to_string()),
    ("patient", |case| case.patient.as_deref().map(as_text).unwrap_or_default()),
];

/// The table of [`Evaluation::to_csv`](crate::Evaluation::to_csv).
pub(crate) fn cases_csv(cases: &[Case], notice: &str) -> Result<String, EvalError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS.iter().map(|(name, _)| *name).chain(["notice"]))?;
    for case in cases {
        writer.write_record(COLUMNS.iter().map(|(_, of)| of(case)).chain([notice.to_owned()]))?;
    }
    text(writer)
}

fn text(writer: csv::Writer<Vec<u8>>) -> Result<String, EvalError> {
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Six decimals; nothing where undefined.
fn decimals(value: Option<f64>) -> String {
    value.map(|value| format!("{value:.6}")).unwrap_or_default()
}

/// The measures in the order of [`MEASURES`].
fn measured(overlap: Option<&Overlap>) -> [Option<f64>; 5] {
    let measure = |of: fn(&Overlap) -> Option<f64>| overlap.and_then(of);
    [
        measure(Overlap::dice),
        measure(Overlap::sensitivity),
        measure(Overlap::specificity),
        measure(Overlap::precision),
        measure(Overlap::accuracy),
    ]
}

/// A file name that spreadsheets would take for a formula (`=`, `+`, `-`, `@` first) is marked as text.
fn as_text(case: &str) -> String {
    if case.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{case}") } else { case.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTICE: &str = "Research use only";

    fn row(case: &str, overlap: Option<Overlap>) -> Row {
        Row { case: case.to_owned(), spine_pixels: 3, overlap }
    }

    #[test]
    fn references_add_their_columns() {
        let overlap =
            Overlap { true_positives: 2, false_positives: 1, false_negatives: 0, true_negatives: 5 };
        let csv = results_csv(&[row("a.png", Some(overlap)), row("b.png", None)], NOTICE).unwrap();
        assert_eq!(
            csv,
            "case,dice,sensitivity,specificity,precision,accuracy,spine_pixels,notice\n\
             a.png,0.800000,1.000000,0.833333,0.666667,0.875000,3,Research use only\n\
             b.png,,,,,,3,Research use only\n"
        );
    }

    #[test]
    fn without_references_there_are_no_measures() {
        let csv = results_csv(&[row("a.png", None)], NOTICE).unwrap();
        assert_eq!(csv, "case,spine_pixels,notice\na.png,3,Research use only\n");
    }

    #[test]
    fn undefined_measures_are_empty() {
        let empty = Overlap { true_negatives: 4, ..Overlap::default() };
        let csv = results_csv(&[row("a", Some(empty))], NOTICE).unwrap();
        assert!(csv.contains("\na,1.000000,,1.000000,,1.000000,3,"), "{csv}");
    }

    #[test]
    fn names_are_quoted_and_are_no_formulas() {
        let csv = results_csv(&[row("a,\"b\".png", None), row("=1+1", None)], NOTICE).unwrap();
        assert!(csv.contains("\"a,\"\"b\"\".png\",3,") && csv.contains("\n'=1+1,3,"), "{csv}");
    }
}
