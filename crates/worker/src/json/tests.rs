//! The same as `serde_json`, which is the measure: what it reads and writes, these read and write alike.

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::{from_slice, to_string};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Plain,
    With(Box<Thing>),
    Fields { a: i8 },
    Pair(u8, i64),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Thing {
    text: String,
    number: i64,
    #[serde(default)]
    list: Vec<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
}

/// What is only written.
#[derive(Serialize)]
struct Row {
    float: f64,
    none: Option<u8>,
    #[serde(flatten)]
    thing: Thing,
    unit: (),
    pair: (bool, char),
}

fn kind() -> impl Strategy<Value = Option<Kind>> {
    prop_oneof![
        Just(None),
        Just(Some(Kind::Plain)),
        any::<i8>().prop_map(|a| Some(Kind::Fields { a })),
        any::<(u8, i64)>().prop_map(|(a, b)| Some(Kind::Pair(a, b))),
        any::<String>().prop_map(|text| Some(Kind::With(Box::new(Thing { text, ..Thing::default() })))),
    ]
}

fn thing() -> impl Strategy<Value = Thing> {
    (any::<String>(), any::<i64>(), any::<Vec<u16>>(), kind()).prop_map(|(text, number, list, kind)| Thing {
        text,
        number,
        list,
        kind,
    })
}

proptest! {
    #[test]
    fn what_is_written_is_serde_jsons_and_reads_back(thing in thing()) {
        let text = to_string(&thing).expect("it can be written");
        prop_assert_eq!(&text, &serde_json::to_string(&thing).expect("it can be written"));
        let spaced = serde_json::to_string_pretty(&thing).expect("it can be written");
        prop_assert_eq!(from_slice::<Thing>(spaced.as_bytes()), Ok(thing.clone()));
        prop_assert_eq!(from_slice::<Thing>(text.as_bytes()), Ok(thing));
    }

    #[test]
    fn floats_and_flattened_fields_are_written_as_serde_json_does(thing in thing(), float: f64, pair: (bool, char)) {
        let row = Row { float, none: None, thing, unit: (), pair };
        prop_assert_eq!(to_string(&row), serde_json::to_string(&row).map_err(|error| error.to_string()));
    }

    #[test]
    fn a_text_with_a_changed_byte_is_read_as_by_serde_json(thing in thing(), at: prop::sample::Index, byte: u8) {
        let mut text = to_string(&thing).expect("it can be written").into_bytes();
        let at = at.index(text.len());
        text[at] = byte;
        prop_assert_eq!(from_slice::<Thing>(&text).ok(), serde_json::from_slice::<Thing>(&text).ok());
    }

    #[test]
    fn escapes_are_read_as_by_serde_json(text in r#"(\\[nrtbf/"\\u0dDc8eE]|[0-9a-fA-FdD]|\\u[dD][89aAcCdD][0-9]{2}|中){0,8}"#) {
        let text = format!("\"{text}\"");
        prop_assert_eq!(from_slice::<String>(text.as_bytes()).ok(), serde_json::from_str::<String>(&text).ok(), "{}", text);
    }

    #[test]
    fn any_bytes_are_refused_or_read_and_never_a_panic(bytes: Vec<u8>) {
        let ours = from_slice::<Thing>(&bytes).is_ok();
        prop_assert_eq!(ours, serde_json::from_slice::<Thing>(&bytes).is_ok());
    }
}

#[test]
fn a_fault_names_what_is_wrong() {
    let said = |text: &str| from_slice::<Thing>(text.as_bytes()).expect_err(text);
    for (text, part) in [
        (r#"{"text":"a","number":1,"more":2}"#, "unknown field `more`"),
        (r#"{"text":"a"}"#, "missing field `number`"),
        (r#"{"text":1,"number":1}"#, "expected a string, at byte"),
        (r#"{"text":"a","number":1.5}"#, "expected a whole number"),
        (r#"{"text":"a","number":99999999999999999999}"#, "too large"),
        (r#"{"text":"a","number":1,"kind":"other"}"#, "unknown variant `other`"),
        (r#"{"text":"a","number":1} x"#, "something follows"),
        (r#"{"text":"a","number":1"#, "expected `,`"),
    ] {
        assert!(said(text).contains(part), "{text}: {}", said(text));
    }
}

#[test]
fn what_is_not_wanted_is_passed_over() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Wanted {
        a: u8,
    }
    let text = r#"{"x":[1,{"y":"]}\""},[],-1.5e3],"a":7,"z":{"deep":[[[null,true]]]}}"#;
    assert_eq!(from_slice::<Wanted>(text.as_bytes()), Ok(Wanted { a: 7 }));
    let deep = format!("{{\"x\":{}", "[".repeat(100_000));
    assert!(from_slice::<Wanted>(deep.as_bytes()).is_err());
}
