//! Which tile suits a device.
//!
//! How many registers an invocation may have, and what reading costs, differs so much from device to device that only
//! trying tells.

use std::time::Duration;

use super::device::{Gpu, GpuError};
use super::{Packed, Tile};
use crate::{Filters, Geometry, Layer, Program, Shape, Step};

/// The tiles that a device may choose from; the first where it has not.
const TILES: [Tile; 4] = [
    Tile { rows: 2, columns: 4, groups: 2 },
    Tile { rows: 2, columns: 2, groups: 4 },
    Tile { rows: 2, columns: 4, groups: 4 },
    Tile { rows: 2, columns: 8, groups: 2 },
];

/// Channels of the convolutions that are timed: those of a network's middle.
const CHANNELS: usize = 64;

/// Rows and columns of their images.
const SIDE: usize = 64;

/// A trial takes at least so long with the first tile, so that what starting and reading take does not count.
const LONG_ENOUGH: Duration = Duration::from_millis(20);

/// Convolutions of a trial, at most.
const MOST_CONVOLUTIONS: usize = 256;

/// Runs of which the fastest counts.
const RUNS: usize = 3;

impl Default for Tile {
    fn default() -> Self {
        TILES[0]
    }
}

impl Tile {
    /// The tile that is called so, of those that [`Gpu::tune`] chooses from.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TILES.into_iter().find(|tile| tile.to_string() == name)
    }
}

impl std::fmt::Display for Tile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rows, columns, groups } = self;
        write!(formatter, "{rows}x{columns}x{groups}")
    }
}

impl Gpu {
    /// Times convolutions in several tiles and uses the fastest from now on. `now` is any clock.
    ///
    /// # Errors
    /// If the device does not answer.
    pub async fn tune(&mut self, now: impl Fn() -> Duration) -> Result<Tile, GpuError> {
        let mut convolutions = 1;
        while convolutions < MOST_CONVOLUTIONS
            && self.trial(TILES[0], convolutions, &now).await? < LONG_ENOUGH
        {
            convolutions *= 4;
        }
        let mut fastest = (Duration::MAX, TILES[0]);
        for tile in TILES {
            let time = self.trial(tile, convolutions, &now).await?;
            if time < fastest.0 {
                fastest = (time, tile);
            }
        }
        self.tile = fastest.1;
        Ok(self.tile)
    }

    /// The shortest time that so many convolutions, one after another, take in a tile.
    async fn trial(
        &self,
        tile: Tile,
        convolutions: usize,
        now: impl Fn() -> Duration,
    ) -> Result<Duration, GpuError> {
        let image = Shape { rows: SIDE, columns: SIDE, channels: CHANNELS };
        let step = |at: usize| Step { layer: convolution(), inputs: vec![at], output: at + 1, pooled: None };
        let program = Program { steps: (0..convolutions).map(step).collect(), output: convolutions };
        let shapes = vec![image; convolutions + 1];
        let packed = Packed::new(&self.clone().with_tile(tile), program, &vec![CHANNELS; convolutions + 1]);
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

fn convolution() -> Layer {
    let geometry = Geometry { size: [3, 3], stride: [1, 1], dilation: [1, 1] };
    let weights = vec![1.0 / (9 * CHANNELS) as f32; 9 * CHANNELS * CHANNELS];
    Layer::Conv(geometry, Filters { inputs: CHANNELS, weights, bias: vec![0.0; CHANNELS], rectify: true })
}
