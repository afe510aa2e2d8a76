//! A model that tells how likely each pixel of a slice is spine.

use rachis_ct::{Probabilities, Slice, Threshold};
use rachis_unet::{Graph, Model, Preprocessing};

use crate::enlarge::Enlargement;
use crate::frame::Frame;
use crate::{Engine, EngineError, Runner, network_input, self_test};

/// A loaded model that has passed its self-test.
#[derive(Debug)]
pub struct Segmenter {
    runner: Runner,
    graph: Graph,
    preprocessing: Preprocessing,
    pixel_mm: Option<f32>,
    threshold: Threshold,
}

impl Segmenter {
    /// Loads a model onto an engine and runs the model's self-test, where it carries one.
    ///
    /// # Errors
    /// If the model does not take grey pictures, cannot run, or fails its self-test.
    pub async fn load(model: &Model, engine: &Engine) -> Result<Self, EngineError> {
        let channels = model.graph.input_channels();
        if channels != 1 {
            return Err(EngineError::InputChannels { channels });
        }
        let runner = Runner::load(model, engine)?;
        if let Some(test) = &model.self_test {
            self_test::run(&runner, test).await?;
        }
        Ok(Self {
            runner,
            graph: model.graph.clone(),
            preprocessing: model.info.preprocessing,
            pixel_mm: model.info.pixel_mm,
            threshold: Threshold::nearest(model.info.threshold),
        })
    }

    /// The probability above which a pixel is spine, as the model says.
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// The most memory that segmenting a slice of this size takes at once, in bytes, where it is not enlarged.
    ///
    /// # Errors
    /// If the size does not suit the network.
    pub fn bytes(&self, rows: usize, columns: usize) -> Result<u64, EngineError> {
        let frame = Frame::around(rows, columns, self.graph.size_multiple());
        Ok(self.runner.memory([frame.height, frame.width])?.peak)
    }

    /// Segments a slice; the probabilities have the slice's size. `mirror` takes the mean with those of the mirror image:
    /// twice the time, and a little better (weights/README.md).
    ///
    /// A slice of much larger pixels than the model knows is enlarged by a whole number of times, and its probabilities are
    /// means of what was found there. It is padded to the right and at the bottom with air. One output channel is the
    /// probability itself. With several, the first is background: the probability is above one half where another
    /// channel is larger, by half of what it is larger; of two channels that add up to 1 it is the second.
    ///
    /// # Errors
    /// If the slice is incomplete or too large for the engine, if the output is no picture of the same size or not
    /// finite, or if the device fails.
    pub async fn segment(&self, slice: &Slice, mirror: bool) -> Result<Probabilities, EngineError> {
        let levels = self.levels(slice, mirror).await?;
        Probabilities::new(slice.rows, slice.columns, levels).map_err(|_| EngineError::IncompleteSlice)
    }

    /// As [`Self::segment`], but the level of each pixel, as of [`Probabilities::level`], row by row.
    ///
    /// # Errors
    /// As of [`Self::segment`].
    pub async fn levels(&self, slice: &Slice, mirror: bool) -> Result<Vec<u8>, EngineError> {
        let (rows, columns) = (slice.rows as usize, slice.columns as usize);
        if slice.pixels.is_empty() || rows.checked_mul(columns) != Some(slice.pixels.len()) {
            return Err(EngineError::IncompleteSlice);
        }
        let enlargement = Enlargement::of(slice, self.pixel_mm);
        let [enlarged_rows, enlarged_columns] = enlargement.size();
        let frame = Frame::around(enlarged_rows, enlarged_columns, self.graph.size_multiple());
        let input_size = [frame.height, frame.width];
        let output_size = self.graph.output_size(input_size)?;
        if output_size != input_size {
            return Err(EngineError::OutputSize { input: input_size, output: output_size });
        }
        self.runner.engine().check_room(self.runner.memory(input_size)?, [rows, columns])?;

        let input = frame.pad(&enlargement.enlarge(network_input(slice, &self.preprocessing)));
        #[cfg(feature = "gpu")]
        if !mirror
            && enlargement.is_none()
            && let Some(levels) = self.runner.levels(&input, input_size).await?
        {
            return Ok(frame.crop(&levels));
        }
        let mirror_image = mirror.then(|| mirrored(&input, frame.width));
        let mut probabilities = self.probabilities(input, input_size).await?;
        if let Some(mirror_image) = mirror_image {
            let others = self.probabilities(mirror_image, input_size).await?;
            for (probability, other) in probabilities.iter_mut().zip(mirrored(&others, frame.width)) {
                *probability = f32::midpoint(*probability, other);
            }
        }
        let probabilities = enlargement.reduce(frame.crop(&probabilities));
        Ok(probabilities.into_iter().map(Probabilities::level).collect())
    }

    /// How likely each pixel of a network's input is spine.
    async fn probabilities(
        &self,
        input: Vec<f32>,
        [rows, columns]: [usize; 2],
    ) -> Result<Vec<f32>, EngineError> {
        let (output, [_, _, _, classes]) = self.runner.run(input, [1, rows, columns, 1]).await?;
        // All of them, and not until the first: a loop without an early end runs on vector units.
        if !output.iter().fold(true, |finite, value| finite & value.is_finite()) {
            return Err(EngineError::NotFinite);
        }
        if classes == 1 {
            return Ok(output);
        }
        Ok(output.chunks_exact(classes.max(1)).map(probability).collect())
    }
}

/// A picture `width` wide with right and left exchanged.
fn mirrored(picture: &[f32], width: usize) -> Vec<f32> {
    picture.chunks_exact(width.max(1)).flat_map(|row| row.iter().rev().copied()).collect()
}

/// The probability that a pixel with these output channels, two or more, is spine.
fn probability(classes: &[f32]) -> f32 {
    let Some((background, others)) = classes.split_first() else { return 0.0 };
    let largest = others.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    0.5 + (largest - background) / 2.0
}
