//! The model's own proof: a stored input, its stored output.

#[cfg(feature = "gpu")]
use rachis_ct::Probabilities;
use rachis_unet::SelfTest;

use crate::{EngineError, Runner};

/// How far a value may lie from the stored output, where outputs reach no further than 1 (else times the largest).
///
/// Summing in another order changes an f32 probability by some 1e-5; a wrong kernel or stale memory by tenths.
pub const TOLERANCE: f32 = 1e-3;

/// Runs the stored input and compares; the levels too, where the device makes them itself.
///
/// # Errors
/// [`EngineError::SelfTest`] if a value is off by more than [`TOLERANCE`], not a number, or missing, or if a level is not
/// that of its value; the network's and the device's own errors.
pub(crate) async fn run(runner: &Runner, test: &SelfTest) -> Result<(), EngineError> {
    let (output, _) = runner.run(test.input.clone(), test.shape).await?;
    compare(&output, &test.expected)?;
    #[cfg(feature = "gpu")]
    if let [1, rows, columns, 1] = test.shape
        && let Some(levels) = runner.levels(&test.input, [rows, columns]).await?
    {
        compare_levels(&levels, &output)?;
    }
    Ok(())
}

/// A level may be the next one, for a device may sum in another order from run to run.
#[cfg(feature = "gpu")]
fn compare_levels(levels: &[u8], output: &[f32]) -> Result<(), EngineError> {
    let apart = if levels.len() == output.len() {
        let pairs = levels.iter().zip(output);
        pairs.map(|(level, &value)| level.abs_diff(Probabilities::level(value))).max().unwrap_or(0)
    } else {
        u8::MAX
    };
    let [difference, tolerance] = [apart, 1].map(|levels| f32::from(levels) / 256.0);
    if apart <= 1 { Ok(()) } else { Err(EngineError::SelfTest { difference, tolerance }) }
}

fn compare(output: &[f32], expected: &[f32]) -> Result<(), EngineError> {
    let scale = expected.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
    let tolerance = TOLERANCE * scale;
    let difference = if output.len() == expected.len() {
        output.iter().zip(expected).fold(0.0, |worst, (a, b)| larger(worst, (a - b).abs()))
    } else {
        f32::INFINITY
    };
    if difference <= tolerance { Ok(()) } else { Err(EngineError::SelfTest { difference, tolerance }) }
}

/// The larger of two differences, where NaN is larger than all.
fn larger(a: f32, b: f32) -> f32 {
    if a.is_nan() || a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_differences_pass_and_large_ones_do_not() {
        assert!(compare(&[0.5, 0.2], &[0.5005, 0.2]).is_ok());
        assert!(matches!(
            compare(&[0.5, 0.2], &[0.502, 0.2]),
            Err(EngineError::SelfTest { difference, .. }) if difference > 1e-3
        ));
    }

    #[test]
    fn the_tolerance_grows_with_outputs_beyond_one() {
        assert!(compare(&[100.05], &[100.0]).is_ok());
        assert!(compare(&[100.2], &[100.0]).is_err());
    }

    #[test]
    fn values_that_are_no_numbers_fail_wherever_they_stand() {
        for output in [[f32::NAN, 0.0], [0.0, f32::NAN], [f32::INFINITY, 0.0]] {
            assert!(compare(&output, &[0.0, 0.0]).is_err());
        }
    }

    #[test]
    #[cfg(feature = "gpu")]
    fn levels_are_those_of_the_values_or_their_neighbours() {
        let output = [0.0, 0.5, 0.75, 1.0];
        assert!(compare_levels(&[0, 127, 191, 255], &output).is_ok());
        assert!(compare_levels(&[1, 128, 190, 254], &output).is_ok());
        assert!(compare_levels(&[0, 129, 191, 255], &output).is_err());
        // The bytes of a word the wrong way round, and one too few.
        assert!(compare_levels(&[255, 191, 127, 0], &output).is_err());
        assert!(compare_levels(&[0, 127, 191], &output).is_err());
    }

    #[test]
    fn a_missing_value_fails() {
        assert!(compare(&[0.5], &[0.5, 0.5]).is_err());
    }
}
