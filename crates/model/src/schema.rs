//! The forms of questions and answers as JSON Schema (draft 2020-12), for other tools.
//!
//! They are published in `public`; the product holds those files, not this code, so that no build of it waits for more
//! dependencies. A test holds the files to the types.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{Answers, Day, Question};

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "description": "A business day of the store, YYYY-MM-DD." })
    }
}

/// What a question may be: defaults stand beside the fields that may be left out.
pub fn question_schema() -> Schema {
    SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<Question>()
}

/// What answers are: only fields that are always there are required.
pub fn answers_schema() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Answers>()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::Ask;

    /// Visits all objects of a schema.
    fn visit(value: &Value, see: &mut impl FnMut(&serde_json::Map<String, Value>)) {
        match value {
            Value::Object(object) => {
                see(object);
                object.values().for_each(|inner| visit(inner, see));
            }
            Value::Array(list) => list.iter().for_each(|inner| visit(inner, see)),
            _ => {}
        }
    }

    #[test]
    fn the_published_files_are_these_schemas() {
        for (file, schema) in [("question", question_schema()), ("answers", answers_schema())] {
            let path = format!("{}/../../public/{file}.schema.json", env!("CARGO_MANIFEST_DIR"));
            let published: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            assert_eq!(
                &published,
                schema.as_value(),
                "write it anew: cargo run -p model --features schema --example schema {file} > public/{file}.schema.json"
            );
        }
    }

    #[test]
    fn every_ask_stands_in_both_schemas() {
        for schema in [question_schema(), answers_schema()] {
            let mut names = Vec::new();
            visit(schema.as_value(), &mut |object| {
                let required = object.get("required").and_then(Value::as_array);
                names.extend(required.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
            });
            for name in Ask::NAMES.split(", ") {
                assert!(names.iter().any(|found| found == name), "{name}");
            }
        }
    }

    #[test]
    fn a_question_may_hold_no_other_field_and_must_hold_only_what_has_no_default() {
        let schema = question_schema();
        assert_eq!(schema.get("required"), Some(&serde_json::json!(["window", "ask"])));
        assert_eq!(schema.get("additionalProperties"), Some(&Value::Bool(false)));
        let filter = &schema.as_value()["$defs"]["Filter"];
        assert_eq!(filter.get("required"), None);
        assert_eq!(filter["additionalProperties"], false);
        assert_eq!(schema.as_value()["$defs"]["LadderAsk"]["properties"]["rungs"]["default"], 8);
    }

    #[test]
    fn every_field_says_what_it_means() {
        for schema in [question_schema(), answers_schema()] {
            visit(schema.as_value(), &mut |object| {
                let fields = object.get("properties").and_then(Value::as_object);
                for (name, field) in fields.into_iter().flatten() {
                    // The one property of an enum's variant is told by the variant; a reference by what it names.
                    let variant = fields.is_some_and(|all| all.len() == 1) && object.contains_key("description");
                    let told = field.get("description").is_some() || field.get("$ref").is_some();
                    assert!(told || variant, "{name}: {field}");
                }
            });
        }
    }
}
