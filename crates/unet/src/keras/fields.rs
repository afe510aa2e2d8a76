//! A layer's options, read with their meaning checked.

use serde_json::Value;

use super::ImportError;
use super::config::Layer;
use crate::graph::{Axis, Padding};

/// The order of axes that a model's images have in Keras; graphs have the channels last always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AxisOrder {
    ChannelsLast,
    ChannelsFirst,
}

impl Layer {
    /// That an option's value is not supported.
    pub(super) fn unsupported(&self, option: &str) -> ImportError {
        let value = self.config.get(option).map_or_else(|| "nothing".to_owned(), Value::to_string);
        // A list of a million numbers tells nobody anything.
        let value = value.chars().take(80).collect();
        ImportError::Option {
            layer: self.name.clone(),
            class: self.class.clone(),
            option: option.to_owned(),
            value,
        }
    }

    /// That the layer as a whole is not supported.
    pub(super) fn refused(&self, reason: &'static str) -> ImportError {
        ImportError::Layer { layer: self.name.clone(), class: self.class.clone(), reason }
    }

    /// An option, unless it is absent or null.
    pub(super) fn get(&self, option: &str) -> Option<&Value> {
        self.config.get(option).filter(|value| !value.is_null())
    }

    pub(super) fn flag(&self, option: &str, default: bool) -> Result<bool, ImportError> {
        match self.get(option) {
            None => Ok(default),
            Some(value) => value.as_bool().ok_or_else(|| self.unsupported(option)),
        }
    }

    pub(super) fn number(&self, option: &str) -> Result<Option<f32>, ImportError> {
        self.get(option).map(|value| self.as_number(option, value)).transpose()
    }

    fn as_number(&self, option: &str, value: &Value) -> Result<f32, ImportError> {
        let number = value.as_f64().map(|number| number as f32).filter(|number| number.is_finite());
        number.ok_or_else(|| self.unsupported(option))
    }

    /// One number or a list of them.
    pub(super) fn numbers(&self, option: &str) -> Result<Option<Vec<f32>>, ImportError> {
        match self.get(option) {
            None => Ok(None),
            Some(Value::Array(values)) => {
                values.iter().map(|value| self.as_number(option, value)).collect::<Result<_, _>>().map(Some)
            }
            Some(value) => Ok(Some(vec![self.as_number(option, value)?])),
        }
    }

    pub(super) fn text(&self, option: &str) -> Option<&str> {
        self.get(option).and_then(Value::as_str)
    }

    pub(super) fn count(&self, option: &str) -> Result<usize, ImportError> {
        self.get(option).and_then(as_count).ok_or_else(|| self.unsupported(option))
    }

    pub(super) fn count_or(&self, option: &str, default: usize) -> Result<usize, ImportError> {
        if self.get(option).is_some() { self.count(option) } else { Ok(default) }
    }

    /// Rows and columns: `n` or `[rows, columns]`.
    pub(super) fn pair(&self, option: &str) -> Result<Option<[usize; 2]>, ImportError> {
        let Some(value) = self.get(option) else { return Ok(None) };
        let pair = match value {
            Value::Array(pair) => match pair.as_slice() {
                [rows, columns] => as_count(rows).zip(as_count(columns)),
                _ => None,
            },
            value => as_count(value).map(|count| (count, count)),
        };
        pair.map(|(rows, columns)| Some([rows, columns])).ok_or_else(|| self.unsupported(option))
    }

    pub(super) fn padding(&self) -> Result<Padding, ImportError> {
        match self.text("padding").unwrap_or("valid").to_ascii_lowercase().as_str() {
            "same" => Ok(Padding::Same),
            "valid" => Ok(Padding::Valid),
            _ => Err(self.unsupported("padding")),
        }
    }

    /// The axis that the layer works along: a number or a list of one.
    pub(super) fn axis(&self, option: &str, order: AxisOrder) -> Result<Axis, ImportError> {
        let index = match self.get(option) {
            None => Some(-1),
            Some(Value::Array(list)) => match list.as_slice() {
                [only] => only.as_i64(),
                _ => None,
            },
            Some(value) => value.as_i64(),
        };
        let axes = match order {
            AxisOrder::ChannelsLast => [Axis::Height, Axis::Width, Axis::Channels],
            AxisOrder::ChannelsFirst => [Axis::Channels, Axis::Height, Axis::Width],
        };
        // 1, 2, 3 or, from the end, -3, -2, -1; 0 is the batch.
        let position = index.map(|index| if index < 0 { index + 3 } else { index - 1 });
        let axis = position.and_then(|position| axes.get(usize::try_from(position).ok()?));
        axis.copied().ok_or_else(|| self.unsupported(option))
    }
}

pub(super) fn as_count(value: &Value) -> Option<usize> {
    usize::try_from(value.as_u64()?).ok()
}
