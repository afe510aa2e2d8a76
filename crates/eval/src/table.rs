//! The table of results as CSV.

use crate::{EvalError, Overlap};

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
                writer.write_field(value.map(|value| format!("{value:.6}")).unwrap_or_default())?;
            }
        }
        writer.write_record([&row.spine_pixels.to_string(), notice])?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
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
