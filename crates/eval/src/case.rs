//! One slice, compared with its reference.

use crate::{EvalError, Grid, Measures, Overlap, SurfaceDistances};

/// One slice, compared with its reference: all that an [`Evaluation`](crate::Evaluation) needs of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The image's name.
    pub name: String,
    /// The patient whose slice it is, where known: slices of one patient are not independent.
    pub patient: Option<String>,
    /// Agreement by pixels.
    pub overlap: Overlap,
    /// The area of a pixel in mm², where the image tells its spacing.
    pub pixel_area_mm2: Option<f64>,
    /// Agreement by distance; `None` where the spacing is unknown or either mask is empty.
    pub surface: Option<SurfaceDistances>,
}

impl Case {
    /// Compares a predicted mask with its reference; 0 is background, anything else spine. Without a grid, the spacing is
    /// unknown, and what is in mm stays undefined.
    ///
    /// # Errors
    ///
    /// Those of [`Overlap::of`] and [`SurfaceDistances::of`].
    pub fn of(
        name: String,
        patient: Option<String>,
        predicted: &[u8],
        reference: &[u8],
        grid: Option<&Grid<2>>,
    ) -> Result<Self, EvalError> {
        let overlap = Overlap::of(predicted, reference)?;
        let surface =
            grid.map(|grid| SurfaceDistances::of(predicted, reference, grid)).transpose()?.flatten();
        Ok(Self { name, patient, overlap, pixel_area_mm2: grid.map(Grid::pixel_size), surface })
    }

    /// Area of the predicted mask in mm².
    pub fn predicted_mm2(&self) -> Option<f64> {
        self.pixel_area_mm2.map(|area| self.overlap.predicted() as f64 * area)
    }

    /// Area of the reference mask in mm².
    pub fn reference_mm2(&self) -> Option<f64> {
        self.pixel_area_mm2.map(|area| self.overlap.reference() as f64 * area)
    }

    /// All its measures; `None` where undefined.
    pub fn measures(&self) -> Measures<Option<f64>> {
        Measures::each(|measure| measure.of_case(self))
    }
}
