//! How convolutions are cut up on a device.

use super::conv_shader::WORKGROUP;

/// What one invocation computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Rows of pixels; even.
    pub rows: usize,
    /// Columns of pixels; even.
    pub columns: usize,
    /// Groups of 4 channels.
    pub groups: usize,
}

/// What suits a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheme {
    /// What one invocation computes.
    pub tile: Tile,
    /// Where a layer has fewer invocations, its tiles become smaller, and then several invocations share each. 0 for never.
    pub fill: usize,
    /// Multiplications and additions of one submission, and of one dispatch, at most. Drivers end one that takes seconds.
    pub most_operations: u64,
}

/// For a device of whose speed nothing is known: a weak one of 20 GFLOP/s takes a tenth of a second for this.
pub(super) const LEAST_OPERATIONS: u64 = 2_000_000_000;

/// Invocations of a workgroup, those that share a tile included, on every device.
const MOST_INVOCATIONS: usize = 256;

impl From<Tile> for Scheme {
    fn from(tile: Tile) -> Self {
        Self { tile, fill: 0, most_operations: LEAST_OPERATIONS }
    }
}

impl Scheme {
    /// The scheme for a layer: no more channels than it has, and a short text where the kernel is wide.
    pub(super) fn fitting(self, kernel_columns: usize, groups: usize) -> Self {
        const WIDE: usize = 8;
        let tile = if kernel_columns > WIDE {
            Tile { rows: 2, columns: 2, groups: 1 }
        } else {
            Tile { groups: self.tile.groups.min(groups), ..self.tile }
        };
        Self { tile, ..self }
    }

    /// The tile for so many rows and columns of windows, blocks of output channels and groups of input channels, and how
    /// many invocations share it.
    pub(super) fn filling(self, windows: [usize; 2], blocks: usize, input_groups: usize) -> (Tile, usize) {
        let (mut tile, mut split) = (self.tile, 1);
        let few = |tile: Tile, split: usize| {
            let tiles = windows[0].div_ceil(tile.rows) * windows[1].div_ceil(tile.columns) * blocks;
            tiles * split < self.fill
        };
        while few(tile, split) && tile.columns.is_multiple_of(4) {
            tile.columns /= 2;
        }
        while few(tile, split) && tile.rows.is_multiple_of(4) {
            tile.rows /= 2;
        }
        let most = input_groups.min(MOST_INVOCATIONS / (WORKGROUP[0] * WORKGROUP[1]));
        while few(tile, split) && 2 * split <= most {
            split *= 2;
        }
        (tile, split)
    }
}
