//! Which scheme suits a device.
//!
//! How many registers an invocation may have, what reading costs, and how many invocations fill it differs so much from
//! device to device that only trying tells.

use std::time::Duration;

use super::device::{Gpu, GpuError};
use super::scheme::LEAST_OPERATIONS;
use super::{Packed, Scheme, Tile};
use crate::{Filters, Geometry, Layer, Program, Shape, Step};

/// The tiles that a device may choose from, and the invocations that a layer should have; the first where it has not.
const CHOICE: [(Tile, usize); 5] = [
    (Tile { rows: 2, columns: 4, groups: 2 }, 0),
    (Tile { rows: 2, columns: 4, groups: 2 }, 1 << 16),
    (Tile { rows: 2, columns: 2, groups: 4 }, 0),
    (Tile { rows: 2, columns: 4, groups: 4 }, 0),
    (Tile { rows: 2, columns: 8, groups: 2 }, 0),
];

/// What a submission should take at the speed of the trial. Layers may be several times slower than it, and a driver
/// waits two seconds.
const SUBMISSION: Duration = Duration::from_millis(50);

/// Channels of the convolutions that are timed: those of a network's middle.
const CHANNELS: usize = 64;

/// Rows and columns of their images.
const SIDE: usize = 64;

/// Multiplications and additions of one of them.
const OPERATIONS: u64 = (2 * 9 * CHANNELS * CHANNELS * SIDE * SIDE) as u64;

/// A trial takes at least so long with the first tile, so that what starting and reading take does not count.
const LONG_ENOUGH: Duration = Duration::from_millis(20);

/// Convolutions of a trial, at most.
const MOST_CONVOLUTIONS: usize = 256;

/// Runs of which the fastest counts.
const RUNS: usize = 3;

impl Default for Scheme {
    fn default() -> Self {
        let [(tile, fill), ..] = CHOICE;
        Self { fill, ..tile.into() }
    }
}

impl Scheme {
    /// The scheme that is called so, of those that [`Gpu::tune`] chooses from.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (_, operations) = name.rsplit_once(' ')?;
        let most_operations = operations.parse().ok().filter(|&operations| operations >= LEAST_OPERATIONS)?;
        CHOICE
            .into_iter()
            .map(|(tile, fill)| Self { tile, fill, most_operations })
            .find(|scheme| scheme.to_string() == name)
    }
}

/// Such as `2x4x2 0 2000000000`: tile, fill, operations.
impl std::fmt::Display for Scheme {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { tile: Tile { rows, columns, groups }, fill, most_operations } = self;
        write!(formatter, "{rows}x{columns}x{groups} {fill} {most_operations}")
    }
}

impl Gpu {
    /// Times convolutions in several schemes and uses the fastest from now on. `now` is any clock.
    ///
    /// # Errors
    /// If the device does not answer.
    pub async fn tune(&mut self, now: impl Fn() -> Duration) -> Result<Scheme, GpuError> {
        let mut convolutions = 1;
        while convolutions < MOST_CONVOLUTIONS
            && self.trial(Scheme::default(), convolutions, &now).await? < LONG_ENOUGH
        {
            convolutions *= 4;
        }
        let mut fastest = (Duration::MAX, Scheme::default());
        for (tile, fill) in CHOICE {
            let scheme = Scheme { fill, ..tile.into() };
            let time = self.trial(scheme, convolutions, &now).await?;
            if time < fastest.0 {
                fastest = (time, scheme);
            }
        }
        let (time, scheme) = fastest;
        self.scheme = Scheme { most_operations: operations_of_submission(convolutions, time), ..scheme };
        Ok(self.scheme)
    }

    /// The shortest time that so many convolutions, one after another, take in a scheme.
    async fn trial(
        &self,
        scheme: Scheme,
        convolutions: usize,
        now: impl Fn() -> Duration,
    ) -> Result<Duration, GpuError> {
        let image = Shape { rows: SIDE, columns: SIDE, channels: CHANNELS };
        let step = |at: usize| Step { layer: convolution(), inputs: vec![at], output: at + 1, pooled: None };
        let program = Program { steps: (0..convolutions).map(step).collect(), output: convolutions };
        let shapes = vec![image; convolutions + 1];
        let packed =
            Packed::new(&self.clone().with_scheme(scheme), program, &vec![CHANNELS; convolutions + 1]);
        let input = vec![0.5; SIDE * SIDE * CHANNELS];
        // The first run compiles the shader.
        packed.run(&input, &shapes).await?;
        let mut shortest = Duration::MAX;
        for _ in 0..RUNS {
            let start = now();
            packed.run(&input, &shapes).await?;
            shortest = shortest.min(now().saturating_sub(start));
        }
        Ok(shortest)
    }
}

/// How many operations a submission may have on a device that did so many convolutions in that time.
pub(super) fn operations_of_submission(convolutions: usize, time: Duration) -> u64 {
    // By a clock too coarse to tell, nothing is known of the device.
    if time.is_zero() {
        return LEAST_OPERATIONS;
    }
    let speed = (convolutions as u64 * OPERATIONS) as f64 / time.as_secs_f64();
    ((speed * SUBMISSION.as_secs_f64()) as u64).max(LEAST_OPERATIONS)
}

fn convolution() -> Layer {
    let geometry = Geometry { size: [3, 3], stride: [1, 1], dilation: [1, 1] };
    let weights = vec![1.0 / (9 * CHANNELS) as f32; 9 * CHANNELS * CHANNELS];
    Layer::Conv(geometry, Filters { inputs: CHANNELS, weights, bias: vec![0.0; CHANNELS], rectify: true })
}
