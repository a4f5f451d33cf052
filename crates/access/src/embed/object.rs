//! A JSON object as its writer wrote it: each name once, values unread. `serde_json`'s own maps keep the last of two.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Names and values in the order in which they were written.
pub(super) struct Object<'a> {
    /// Each name, and its value's own text.
    pub(super) fields: Vec<(Cow<'a, str>, &'a RawValue)>,
    /// The first name that was there twice.
    pub(super) repeated: Option<String>,
}

impl<'a> Object<'a> {
    /// From a whole text.
    pub(super) fn parse(bytes: &'a [u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(bytes)
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut object = Object { fields: Vec::new(), repeated: None };
                while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
                    // Enough for every honest token; comparing all with all must stay cheap.
                    if object.fields.len() == 64 {
                        return Err(A::Error::custom("more than 64 fields"));
                    }
                    if object.fields.iter().any(|(other, _)| *other == name) {
                        object.repeated.get_or_insert_with(|| name.clone().into_owned());
                    }
                    object.fields.push((name, value));
                }
                Ok(object)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}
