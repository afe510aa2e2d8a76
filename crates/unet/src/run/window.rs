//! Where windows lie.

use crate::graph::Padding;

/// Pixels to add before and after one axis so that windows of `window` pixels (dilation included) meet `padding`'s
/// rule.
pub(super) fn edge_padding(padding: Padding, input: usize, window: usize, stride: usize) -> (usize, usize) {
    match padding {
        Padding::Valid => (0, 0),
        Padding::Same => {
            let covered = (input.div_ceil(stride).saturating_sub(1)) * stride + window;
            let total = covered.saturating_sub(input);
            (total / 2, total - total / 2)
        }
    }
}
