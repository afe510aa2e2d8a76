//! Which patient a case is of.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::CliError;

/// The patients of cases, by the cases' names.
#[derive(Debug, Default)]
pub struct Patients(BTreeMap<String, String>);

impl Patients {
    /// Reads a CSV table whose first column names the case and that has a column `patient`.
    ///
    /// # Errors
    /// If it is no such table.
    pub fn read(path: &Path) -> Result<Self, CliError> {
        let wrong = |source| CliError::Patients { path: path.to_owned(), source };
        let mut table = csv::Reader::from_path(path).map_err(wrong)?;
        let column = table.headers().map_err(wrong)?.iter().position(|name| name == "patient");
        let missing = || wrong(std::io::Error::other("no column 'patient'").into());
        let column = column.ok_or_else(missing)?;
        let mut patients = BTreeMap::new();
        for row in table.records() {
            let row = row.map_err(wrong)?;
            if let (Some(case), Some(patient)) = (row.get(0), row.get(column))
                && !patient.is_empty()
            {
                patients.insert(case.to_owned(), patient.to_owned());
            }
        }
        Ok(Self(patients))
    }

    /// The patient of a case, where known.
    pub fn of(&self, case: &str) -> Option<String> {
        self.0.get(case).cloned()
    }
}
