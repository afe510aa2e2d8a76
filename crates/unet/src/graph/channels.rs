//! How many channels an operation gives.

use super::{Axis, Op};

/// More channels than any network has; keeps a hostile file from asking for absurd buffers.
const MAX_CHANNELS: usize = 1 << 16;

impl Op {
    /// Channels of the output, from those of the inputs.
    ///
    /// # Errors
    /// What is wrong, as part of a sentence.
    pub(crate) fn output_channels(&self, inputs: &[usize]) -> Result<usize, String> {
        let only = || match inputs {
            [channels] => Ok(*channels),
            _ => Err(format!("it takes one input, not {}", inputs.len())),
        };
        let channels = match self {
            Self::Input { channels } => match inputs {
                [] => *channels,
                _ => return Err("the image takes no input".into()),
            },
            Self::Conv(conv) => {
                let channels = only()?;
                let groups = conv.groups;
                if groups == 0 || !channels.is_multiple_of(groups) || !conv.filters.is_multiple_of(groups) {
                    let filters = conv.filters;
                    return Err(format!(
                        "{channels} channels and {filters} filters cannot form {groups} groups"
                    ));
                }
                conv.filters
            }
            Self::ConvTranspose(conv) => {
                only()?;
                conv.filters
            }
            Self::GroupNorm(norm) => {
                let channels = only()?;
                if norm.groups == 0 || !channels.is_multiple_of(norm.groups) {
                    return Err(format!("{channels} channels cannot form {} groups", norm.groups));
                }
                channels
            }
            Self::Rescale { scale, offset } => {
                let channels = only()?;
                if [scale.len(), offset.len()].iter().any(|&len| len != 1 && len != channels) {
                    return Err(format!("it does not have one factor for each of {channels} channels"));
                }
                channels
            }
            Self::Prelu { shape: [_, _, slopes], .. } => {
                let channels = only()?;
                if *slopes != 1 && *slopes != channels {
                    return Err(format!("it has {slopes} slopes for {channels} channels"));
                }
                channels
            }
            Self::Concat { axis: Axis::Channels } => match inputs {
                [] => return Err("it has no inputs".into()),
                _ => inputs
                    .iter()
                    .try_fold(0_usize, |sum, &c| sum.checked_add(c))
                    .ok_or("too many channels")?,
            },
            Self::Concat { axis: Axis::Height | Axis::Width } => match inputs {
                [first, rest @ ..] if rest.iter().all(|c| c == first) => *first,
                _ => return Err("its inputs have different numbers of channels".into()),
            },
            Self::Add | Self::Multiply => broadcast(inputs)?,
            Self::Pool(_)
            | Self::Upsample { .. }
            | Self::BatchNorm(_)
            | Self::Activation(_)
            | Self::Pad(_)
            | Self::Crop(_) => only()?,
        };
        match channels {
            1..=MAX_CHANNELS => Ok(channels),
            _ => Err(format!("{channels} channels are not between 1 and {MAX_CHANNELS}")),
        }
    }
}

/// The common length of an axis of which every input has either that length or 1.
pub(super) fn broadcast(lengths: &[usize]) -> Result<usize, String> {
    let longest = *lengths.iter().max().ok_or("it has no inputs")?;
    if lengths.iter().all(|&length| length == longest || length == 1) {
        return Ok(longest);
    }
    Err(format!("its inputs have lengths {lengths:?} along one axis"))
}
