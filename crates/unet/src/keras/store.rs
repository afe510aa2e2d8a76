//! Finding a layer's weights in a Keras file.
//!
//! Legacy HDF5 has a group for each outermost layer, whose attribute `weight_names` lists all arrays inside, those of
//! nested layers too, as `.../layer/array`. Archives number the arrays: `layers/conv2d_1/vars/0`, where the name is
//! the layer's class and its count among layers of that class.

use std::collections::BTreeMap;

use half::f16;
use hdf5_pure::{DType, Dataset, Datatype, DatatypeByteOrder, File};

use super::ImportError;
use super::container::damaged;
use crate::Weight;

/// Half a GiB of weights: more than a browser can run.
const MAX_PARAMETERS: u64 = 1 << 27;

/// Which of the two ways a file names its arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Legacy,
    Archive,
}

/// The arrays of a Keras file.
pub(super) struct Store {
    file: File,
    layout: Layout,
    /// Legacy: the arrays of an outermost layer that no layer has taken yet.
    untaken: BTreeMap<String, Vec<String>>,
    parameters_left: u64,
}

/// Where a layer stands in its model.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The outermost layer that holds it (itself, if it is not nested).
    pub outermost: String,
    /// The names of the models inside that one, down to its own; none, if it is not nested.
    pub nested: Vec<String>,
    /// Its group in an archive.
    pub group: String,
}

impl Store {
    pub(super) fn new(file: File, layout: Layout) -> Self {
        Self { file, layout, untaken: BTreeMap::new(), parameters_left: MAX_PARAMETERS }
    }

    /// A layer's arrays in Keras' order; `layer` is for messages.
    pub(super) fn arrays(
        &mut self,
        place: &Place,
        layer: &str,
        expected: usize,
    ) -> Result<Vec<Weight>, ImportError> {
        let paths = match self.layout {
            Layout::Legacy => self.take_legacy(place)?,
            Layout::Archive => self.numbered(place, expected),
        };
        if paths.len() != expected {
            return Err(ImportError::MissingWeights {
                layer: layer.to_owned(),
                expected,
                found: paths.len(),
            });
        }
        paths.iter().map(|path| self.read(path)).collect()
    }

    fn numbered(&self, place: &Place, expected: usize) -> Vec<String> {
        // Keras 2.12 and 2.13 called the outermost group otherwise.
        [place.group.clone(), place.group.replace("layers/", "_layer_checkpoint_dependencies/")]
            .into_iter()
            .map(|group| {
                let paths = (0..=expected).map(|number| format!("{group}/vars/{number}"));
                paths.take_while(|path| self.file.dataset(path).is_ok()).collect::<Vec<_>>()
            })
            .find(|paths| !paths.is_empty())
            .unwrap_or_default()
    }

    fn take_legacy(&mut self, place: &Place) -> Result<Vec<String>, ImportError> {
        if !self.untaken.contains_key(&place.outermost) {
            let paths = self.listed(&place.outermost)?;
            self.untaken.insert(place.outermost.clone(), paths);
        }
        let Some(untaken) = self.untaken.get_mut(&place.outermost) else { return Ok(Vec::new()) };
        if place.nested.is_empty() {
            return Ok(std::mem::take(untaken));
        }
        // `.../model/layer/array`; only some models put their own name before their layers'.
        let group_of = |path: &str| path.rsplit_once('/').map(|(group, _)| group.to_owned());
        let groups: Vec<String> = untaken.iter().filter_map(|path| group_of(path)).collect();
        let names =
            (0..place.nested.len()).filter_map(|from| place.nested.get(from..)).map(|names| names.join("/"));
        let find = |name: String| groups.iter().find(|group| ends_with_name(group, &name)).cloned();
        let Some(group) = names.into_iter().find_map(find) else { return Ok(Vec::new()) };
        let (taken, left) =
            std::mem::take(untaken).into_iter().partition(|path| group_of(path).as_ref() == Some(&group));
        *untaken = left;
        Ok(taken)
    }

    /// The arrays that an outermost layer's group lists.
    fn listed(&self, layer: &str) -> Result<Vec<String>, ImportError> {
        let group_path = format!("model_weights/{layer}");
        let Ok(group) = self.file.group(&group_path) else { return Ok(Vec::new()) };
        let attributes = group.attrs().map_err(damaged)?;
        let strings = |key: &str| attributes.get(key).and_then(|value| value.as_strings());
        let names: Vec<&String> = match strings("weight_names") {
            Some(names) => names.iter().collect(),
            // A list too long for one attribute is split.
            None => (0..).map_while(|part| strings(&format!("weight_names{part}"))).flatten().collect(),
        };
        Ok(names.into_iter().map(|name| format!("{group_path}/{name}")).collect())
    }

    fn read(&mut self, path: &str) -> Result<Weight, ImportError> {
        let dataset = self.file.dataset(path).map_err(damaged)?;
        let shape = dataset.shape().map_err(damaged)?;
        let length = shape.iter().try_fold(1_u64, |product, &side| product.checked_mul(side));
        let left = length.and_then(|length| self.parameters_left.checked_sub(length));
        self.parameters_left = left.ok_or(ImportError::TooLarge("it has more than 134 million weights"))?;
        let values = read_values(&dataset, path)?;
        let shape: Option<Vec<usize>> = shape.into_iter().map(|side| usize::try_from(side).ok()).collect();
        match shape {
            Some(shape) if Some(values.len() as u64) == length => Ok(Weight { shape, values }),
            _ => Err(damaged(format!("the array '{path}' is not complete"))),
        }
    }
}

/// Whether a path's last parts are these.
fn ends_with_name(path: &str, name: &str) -> bool {
    path.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

fn read_values(dataset: &Dataset, path: &str) -> Result<Vec<f32>, ImportError> {
    match dataset.dtype().map_err(damaged)? {
        DType::F32 => dataset.read_f32().map_err(damaged),
        DType::F64 => {
            let values = dataset.read_f64().map_err(damaged)?;
            Ok(values.into_iter().map(|value| value as f32).collect())
        }
        // The reader has no name for 16-bit floats.
        DType::Other(datatype) if is_f16(&datatype) => {
            let bytes = dataset.read_raw().map_err(damaged)?;
            Ok(bytes.as_chunks().0.iter().map(|bytes| f16::from_le_bytes(*bytes).to_f32()).collect())
        }
        other => Err(ImportError::WeightType { weights: path.to_owned(), dtype: other.to_string() }),
    }
}

/// Whether it is IEEE 754's 16-bit format in little-endian order.
fn is_f16(datatype: &Datatype) -> bool {
    let Datatype::FloatingPoint { size: 2, byte_order: DatatypeByteOrder::LittleEndian, layout } = datatype
    else {
        return false;
    };
    (layout.exponent_size, layout.mantissa_size) == (5, 10)
}
