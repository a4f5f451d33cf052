//! One number and how sure it is.

use std::cell::Cell;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value with its 95 % interval; exact where `low == value == high`.
///
/// Where too few members were read to give an interval that holds, `too_few` says so and both ends are the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Figure<T> {
    /// The best value.
    pub value: T,
    /// Lower end.
    pub low: T,
    /// Upper end.
    pub high: T,
    /// Too few members were read for an interval; the value is a first hint.
    #[cfg_attr(feature = "schema", schemars(default, skip_serializing_if = "is_false"))]
    pub too_few: bool,
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

thread_local! {
    static COMPACT: Cell<bool> = const { Cell::new(false) };
}

/// Has figures without doubt, elsewhere an object of their fields, written as their value alone by all that `write` does on this thread: what a page carries
/// for itself is then less than half as long.
pub fn compactly<R>(write: impl FnOnce() -> R) -> R {
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            COMPACT.set(self.0);
        }
    }
    let _before = Before(COMPACT.replace(true));
    write()
}

// The shape that serde asks for.
#[expect(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !value
}

/// The object.
#[derive(Serialize, Deserialize)]
struct Whole<T> {
    value: T,
    low: T,
    high: T,
    #[serde(default, skip_serializing_if = "is_false")]
    too_few: bool,
}

impl<T: Copy + PartialEq + Serialize> Serialize for Figure<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_exact() && COMPACT.get() {
            return self.value.serialize(serializer);
        }
        let Self { value, low, high, too_few } = *self;
        Whole { value, low, high, too_few }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Figure<i64> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either { integer: Some, float: |_| None, nothing: None })
    }
}

impl<'de> Deserialize<'de> for Figure<Option<f64>> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Either {
            integer: |value| Some(Some(value as f64)),
            float: |value| Some(Some(value)),
            nothing: Some(None),
        })
    }
}

/// Reads either form; the fields say what a value alone stands for, or that it stands for none.
struct Either<T> {
    integer: fn(i64) -> Option<T>,
    float: fn(f64) -> Option<T>,
    nothing: Option<T>,
}

impl<'de, T: Copy + PartialEq + Deserialize<'de>> Visitor<'de> for Either<T> {
    type Value = Figure<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a figure: an object with `value`, `low` and `high`, or the value alone")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        let alone = (self.integer)(value).map(Figure::exact);
        alone.ok_or_else(|| E::invalid_type(Unexpected::Signed(value), &self))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        let alone = i64::try_from(value).ok().and_then(self.integer).map(Figure::exact);
        alone.ok_or_else(|| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        let alone = (self.float)(value).map(Figure::exact);
        alone.ok_or_else(|| E::invalid_type(Unexpected::Float(value), &self))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        self.nothing.map(Figure::exact).ok_or_else(|| E::invalid_type(Unexpected::Unit, &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let Whole { value, low, high, too_few } = Whole::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Figure { value, low, high, too_few })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both<T>(figure: Figure<T>, compact: &str)
    where
        T: Copy + PartialEq + fmt::Debug + Serialize,
        Figure<T>: for<'de> Deserialize<'de>,
    {
        let usual = serde_json::to_string(&figure).expect("JSON");
        assert!(usual.starts_with("{\"value\":"), "{usual}");
        let short = compactly(|| serde_json::to_string(&figure)).expect("JSON");
        assert_eq!(short, compact);
        for text in [usual, short] {
            assert_eq!(serde_json::from_str::<Figure<T>>(&text).expect("a figure"), figure, "{text}");
        }
    }

    #[test]
    fn a_figure_without_doubt_may_be_its_value_alone() {
        both(Money::exact(-7), "-7");
        both(Money::exact(i64::MAX), "9223372036854775807");
        both(Ratio::exact(Some(0.25)), "0.25");
        both(Ratio::exact(Some(1.0)), "1.0");
        both(Ratio::exact(None), "null");
        both(Money { value: 3, low: 1, high: 5, too_few: false }, r#"{"value":3,"low":1,"high":5}"#);
        both(Money { too_few: true, ..Money::exact(3) }, r#"{"value":3,"low":3,"high":3,"too_few":true}"#);
    }

    #[test]
    fn what_is_no_figure_is_refused() {
        for text in
            ["\"3\"", "[]", "true", "{}", r#"{"value":1,"low":1}"#, "null", "0.5", "9223372036854775808", "1e30"]
        {
            assert!(serde_json::from_str::<Money>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_written_later_is_whole_again() {
        let _ = std::panic::catch_unwind(|| compactly(|| panic!("while writing")));
        assert_eq!(serde_json::to_string(&Money::exact(1)).expect("JSON"), r#"{"value":1,"low":1,"high":1}"#);
    }
}
