//! What can go wrong between a slice and its mask.

use thiserror::Error;

/// Why an engine cannot start, take a model, or segment a slice. Each message says what to do about its cause; whoever has
/// another engine says so.
#[derive(Debug, Error)]
pub enum EngineError {
    /// There is no graphics device, or the browser does not give it.
    #[error(
        "No graphics device is available through WebGPU. Turn on graphics acceleration and update the graphics driver."
    )]
    NoAdapter,
    /// The graphics device lacks something that the engine is built on.
    #[error(
        "The graphics device lacks the WebGPU feature '{feature}'. Update the browser and the graphics driver."
    )]
    MissingFeature {
        /// The feature's WebGPU name.
        feature: &'static str,
    },
    /// The graphics device was found but could not be opened.
    #[error("The graphics device could not be opened. Close other programs that use it. ({detail})")]
    NotOpened {
        /// What the driver says.
        detail: String,
    },
    /// The graphics device has gone away: driver reset, sleep, a dispatch that took too long.
    #[error("The graphics device was lost, as after sleep or when its driver restarts. ({detail})")]
    DeviceLost {
        /// What the driver says.
        detail: String,
    },
    /// The graphics device ran out of memory.
    #[error("The graphics device is out of memory. Close other programs that use it.")]
    OutOfMemory,
    /// The graphics device refused a step, so that its output means nothing.
    #[error(
        "The graphics device could not run this model. Update the browser and the graphics driver. ({detail})"
    )]
    DeviceFault {
        /// What the driver says.
        detail: String,
    },
    /// A layer's output for this size is larger than the graphics device's buffers.
    #[error("A picture of {rows} x {columns} pixels is too large for the graphics device.")]
    TooLargeForDevice {
        /// The picture's height.
        rows: usize,
        /// The picture's width.
        columns: usize,
    },
    /// The network needs more memory for this size than a program can have.
    #[error(
        "A picture of {rows} x {columns} pixels needs more memory for this model than the browser can give. Make it smaller, or choose a smaller model."
    )]
    TooLarge {
        /// The picture's height.
        rows: usize,
        /// The picture's width.
        columns: usize,
    },
    /// The slice has no pixels, or not as many as its size says.
    #[error("The picture is incomplete. Open the file again.")]
    IncompleteSlice,
    /// The model wants something other than one grey value for each pixel.
    #[error(
        "The model wants {channels} values for each pixel; a CT slice has one. Choose a model for grey pictures."
    )]
    InputChannels {
        /// The model's input channels.
        channels: usize,
    },
    /// The model's output has another size than its input.
    #[error(
        "The model answers {input:?} rows and columns with {output:?}, not with a picture of the same size. Choose a model whose convolutions keep the size (padding 'same')."
    )]
    OutputSize {
        /// Rows and columns that went in.
        input: [usize; 2],
        /// Rows and columns that came out.
        output: [usize; 2],
    },
    /// The network answered with values that are not numbers.
    #[error(
        "The model gave values that are not numbers for this picture. Choose another model, or convert this one with 32-bit weights."
    )]
    NotFinite,
    /// The model has a layer that this engine lacks.
    #[cfg(not(feature = "burn"))]
    #[error("This engine lacks a layer of the model.")]
    UnknownLayer,
    /// The stored input did not give the stored output.
    #[error(
        "This engine computes wrong values: its self-test is off by {difference:.1e}, more than {tolerance:.1e}. Update the browser and the graphics driver."
    )]
    SelfTest {
        /// The largest difference from the stored output.
        difference: f32,
        /// The largest that is accepted.
        tolerance: f32,
    },
    /// The model file is not the one that was published.
    #[error("The model file is damaged or has been changed. Reload the page, or download the model again.")]
    Damaged,
    /// A slice came before a model.
    #[error("No model is loaded. Choose a model first.")]
    NoModel,
    /// The model file cannot be read.
    #[error(transparent)]
    File(#[from] rachis_unet::FileError),
    /// The graph does not suit the slice.
    #[error(transparent)]
    Graph(#[from] rachis_unet::GraphError),
    /// The network cannot run.
    #[error(transparent)]
    Run(#[from] rachis_unet::RunError),
    /// The page's message is not understood.
    #[cfg(target_arch = "wasm32")]
    #[error(transparent)]
    Message(#[from] rachis_protocol::wire::WireError),
}

impl EngineError {
    /// Whether the graphics device is at fault and another engine must take over.
    ///
    /// A device that ran out of memory or refused a step may hand the same broken buffers to the next slice; one that
    /// is lost fails the read in hand before it says so.
    pub fn ends_engine(&self) -> bool {
        matches!(
            self,
            Self::NoAdapter
                | Self::MissingFeature { .. }
                | Self::NotOpened { .. }
                | Self::DeviceLost { .. }
                | Self::OutOfMemory
                | Self::DeviceFault { .. }
                | Self::TooLargeForDevice { .. }
                | Self::Run(rachis_unet::RunError::Device(_))
        )
    }
}
