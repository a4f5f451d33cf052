//! One number and how sure it is.

use serde::{Deserialize, Serialize};

/// A value with its 95 % interval; exact where `low == value == high`.
///
/// Where too few members were read to give an interval that holds, `too_few` says so and both ends are the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Figure<T> {
    /// The best value.
    pub value: T,
    /// Lower end.
    pub low: T,
    /// Upper end.
    pub high: T,
    /// Too few members were read for an interval; the value is a first hint.
    #[serde(default, skip_serializing_if = "is_false")]
    pub too_few: bool,
}

// The shape that serde asks for.
#[expect(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !value
}

impl<T: Copy + PartialEq> Figure<T> {
    /// A figure without doubt.
    pub fn exact(value: T) -> Self {
        Self { value, low: value, high: value, too_few: false }
    }

    /// Whether the interval is the value itself.
    pub fn is_exact(&self) -> bool {
        !self.too_few && self.low == self.value && self.high == self.value
    }
}

/// Money in minor units, or a count.
pub type Money = Figure<i64>;
/// A ratio; `None` (JSON `null`) over nothing.
pub type Ratio = Figure<Option<f64>>;
