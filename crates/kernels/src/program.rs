//! Layers in the order in which they run, and where their images lie.

/// One layer, and the numbers of the images that it takes and makes.
#[derive(Debug)]
pub struct Step<L> {
    /// What it does.
    pub layer: L,
    /// The images that it takes.
    pub inputs: Vec<usize>,
    /// The image that it makes.
    pub output: usize,
    /// The image that becomes the largest of each 2x2 pixels of its output, an odd last row or column left out; of
    /// convolutions only.
    pub pooled: Option<usize>,
}

impl<L> Step<L> {
    /// The images that it makes.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.output).chain(self.pooled)
    }
}

/// Steps that turn image 0 into another. Every image is made once, before it is taken.
///
/// `L` is [`Layer`](crate::Layer), or what a device makes of it.
#[derive(Debug)]
pub struct Program<L> {
    /// The steps, in order.
    pub steps: Vec<Step<L>>,
    /// The image that is wanted.
    pub output: usize,
}

/// Where images lie.
pub(crate) struct Plan {
    /// Each image's buffer.
    pub(crate) places: Vec<usize>,
    /// Each buffer's values.
    pub(crate) sizes: Vec<u64>,
}

impl<L> Program<L> {
    /// The same steps with other layers, made of the layer and the images that it takes.
    pub(crate) fn map<M>(self, mut layer: impl FnMut(L, &[usize]) -> M) -> Program<M> {
        let step = |step: Step<L>| Step {
            layer: layer(step.layer, &step.inputs),
            inputs: step.inputs,
            output: step.output,
            pooled: step.pooled,
        };
        Program { steps: self.steps.into_iter().map(step).collect(), output: self.output }
    }

    /// Which buffer holds which image, of `wanted` values each: one that no image still wanted is in, as large as needed
    /// where there is such. A step never writes to a buffer that it reads.
    pub(crate) fn plan(&self, wanted: &[u64]) -> Plan {
        let mut last_uses = vec![0; wanted.len()];
        for (number, step) in self.steps.iter().enumerate() {
            for &image in &step.inputs {
                last_uses[image] = number;
            }
        }
        last_uses[self.output] = self.steps.len();

        let (mut places, mut sizes) = (vec![0; wanted.len()], vec![wanted[0]]);
        let mut free: Vec<usize> = Vec::new();
        for (number, step) in self.steps.iter().enumerate() {
            for image in step.outputs() {
                let wanted = wanted[image];
                // The smallest that is large enough, or else the largest.
                let waste = |&at: &usize| (sizes[free[at]] < wanted, sizes[free[at]].abs_diff(wanted));
                let place = match (0..free.len()).min_by_key(waste) {
                    Some(at) => free.swap_remove(at),
                    None => {
                        sizes.push(0);
                        sizes.len() - 1
                    }
                };
                sizes[place] = sizes[place].max(wanted);
                places[image] = place;
            }
            let mut done: Vec<usize> = step
                .inputs
                .iter()
                .filter(|&&image| last_uses[image] == number)
                .map(|&image| places[image])
                .collect();
            done.sort_unstable();
            done.dedup();
            free.extend(done);
        }
        Plan { places, sizes }
    }
}
