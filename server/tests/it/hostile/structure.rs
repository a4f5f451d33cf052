//! The bones of markup: which elements stand where with which attributes, whatever the words between them.

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// Attributes whose values lead somewhere or run something.
const LEADING: [&str; 7] = ["href", "src", "action", "formaction", "xlink:href", "data", "poster"];

/// One line for each tag, as a browser's own tokenizer would see it.
pub(super) fn bones(markup: &str) -> Vec<String> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut bones = Vec::new();
    for Ok(token) in Tokenizer::new_with_emitter(markup, emitter) {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let mut attributes: Vec<String> = Vec::new();
                for (attribute, value) in &tag.attributes {
                    let attribute = String::from_utf8_lossy(attribute).into_owned();
                    let value = String::from_utf8_lossy(value);
                    assert!(!attribute.starts_with("on") && attribute != "srcdoc", "<{name} {attribute}=…>: {value}");
                    let leads = LEADING.contains(&attribute.as_str());
                    let own = value.is_empty() || value.starts_with(['/', '?', '#']) && !value.starts_with("//");
                    assert!(!leads || own, "<{name} {attribute}=…> leads to {value}");
                    attributes.push(attribute);
                }
                attributes.sort_unstable();
                bones.push(format!("<{name} {}>", attributes.join(" ")));
            }
            Token::EndTag(tag) => bones.push(format!("</{}>", String::from_utf8_lossy(&tag.name))),
            Token::Comment(_) => bones.push("<!-- -->".to_owned()),
            Token::Doctype(_) => bones.push("<!doctype>".to_owned()),
            Token::String(_) | Token::Error(_) => {}
        }
    }
    bones
}

/// Holds two sets of bones to be the same, and says where they part.
pub(super) fn same(what: &str, hostile: &str, harmless: &str) {
    let (hostile_bones, harmless_bones) = (bones(hostile), bones(harmless));
    let parted = hostile_bones.iter().zip(&harmless_bones).position(|(one, other)| one != other);
    if let Some(at) = parted {
        let near = at.saturating_sub(3)..(at + 2).min(hostile_bones.len()).min(harmless_bones.len());
        panic!("{what}: {:?} where {:?} should be", &hostile_bones[near.clone()], &harmless_bones[near]);
    }
    assert_eq!(hostile_bones.len(), harmless_bones.len(), "{what}: one ends before the other");
}

/// The shape of JSON: its keys and kinds, without its texts.
pub(super) fn shape(json: &serde_json::Value) -> String {
    use serde_json::Value;
    match json {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{key}:{}", shape(value))).collect::<Vec<_>>();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(shape).collect::<Vec<_>>().join(",")),
        Value::String(_) => "text".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::Bool(_) => "bool".to_owned(),
        Value::Null => "null".to_owned(),
    }
}

#[test]
fn bones_see_what_broke_out_and_not_what_is_merely_written() {
    let page = |name: &str| format!("<p title=\"{name}\">{name}</p><script type=\"application/json\">{{}}</script>");
    same("escaped", &page("&lt;script&gt;&quot;"), &page("x"));
    for broke_out in ["<b>", "\" x=\"", "</p>", "<!--"] {
        let parted = std::panic::catch_unwind(|| same("broke out", &page(broke_out), &page("x")));
        assert!(parted.is_err(), "{broke_out}");
    }
    for runs in ["<img onerror=x>", "<a href=javascript:x>", "<script src=//evil.example>", "<a href='data:,x'>"] {
        assert!(std::panic::catch_unwind(|| bones(runs)).is_err(), "{runs}");
    }
}
