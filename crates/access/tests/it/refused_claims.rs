//! Tokens that are well signed and refused for what they claim: what is wrong, the code, the token.

use serde_json::{Value, json};

use crate::mint::{Portals, claims, header, with};
use crate::refused::Case;
use crate::world::NOW;

pub(crate) fn cases(portals: &Portals) -> Vec<Case> {
    [payloads(portals), times(portals), grants(portals)].concat()
}

fn payloads(portals: &Portals) -> Vec<Case> {
    let raw = |text: &str| portals.ed(text);
    let (exp, plus) = (NOW.0 + 600, |name: &str, value: Value| portals.ed(&with(name, value)));
    let without = |name: &str| {
        let mut claims = claims();
        claims.as_object_mut().expect("an object").remove(name);
        portals.ed(&claims.to_string())
    };
    vec![
        ("payload empty", "payload_form", raw("")),
        ("payload no JSON", "payload_form", raw("exp")),
        ("payload a list", "payload_form", raw("[]")),
        ("payload null", "payload_form", raw("null")),
        ("payload cut", "payload_form", raw(&claims().to_string()[..20])),
        ("payload followed by more", "payload_form", raw(&(claims().to_string() + " {}"))),
        ("payload deep", "payload_form", raw(&format!("{{\"scope\":{}", "[".repeat(3_000)))),
        (
            "payload of very many claims",
            "payload_form",
            raw(&format!("{{{}}}", (0..500).map(|n| format!("\"c{n}\":1")).collect::<Vec<_>>().join(","))),
        ),
        ("payload empty object", "claim_missing", raw("{}")),
        ("exp missing", "claim_missing", without("exp")),
        ("scope missing", "claim_missing", without("scope")),
        ("views missing", "claim_missing", without("views")),
        (
            "exp twice",
            "claim_repeated",
            raw(&format!(r#"{{"exp":{exp},"exp":9999999999,"scope":"all","views":["growth"]}}"#)),
        ),
        (
            "exp twice, once escaped",
            "claim_repeated",
            raw(&format!(r#"{{"exp":{exp},"\u0065xp":1,"scope":"all","views":["growth"]}}"#)),
        ),
        (
            "scope twice",
            "claim_repeated",
            raw(&format!(r#"{{"exp":{exp},"scope":"region:East","scope":"all","views":["growth"]}}"#)),
        ),
        ("an unknown claim", "claim_unknown", plus("admin", json!(true))),
        ("a misspelt claim", "claim_unknown", plus("agregate_only", json!(true))),
        ("a claim in other case", "claim_unknown", plus("Scope", json!("all"))),
        ("a claim of objects", "claim_unknown", plus("__proto__", json!({"scope": "all"}))),
        ("an empty claim", "claim_unknown", plus("", json!(1))),
        ("sub a number", "claim_value", plus("sub", json!(7))),
        ("sub with a line break", "claim_value", plus("sub", json!("a\nb"))),
        ("sub very long", "claim_value", plus("sub", json!("x".repeat(201)))),
        ("iss a list", "claim_value", plus("iss", json!(["a"]))),
        ("jti a number", "claim_value", plus("jti", json!(1))),
        ("aud a number", "claim_value", plus("aud", json!(1))),
        ("aud an empty list", "claim_value", plus("aud", json!([]))),
        ("locale of another language", "claim_value", plus("locale", json!("fr"))),
        ("locale null", "claim_value", plus("locale", Value::Null)),
        ("theme of another colour", "claim_value", plus("theme", json!("pink"))),
        ("theme a style", "claim_value", plus("theme", json!("dark;background:url(//evil.example)"))),
        ("aggregate_only a text", "claim_value", plus("aggregate_only", json!("false"))),
        ("aggregate_only a number", "claim_value", plus("aggregate_only", json!(0))),
        ("aggregate_only null", "claim_value", plus("aggregate_only", Value::Null)),
    ]
}

fn times(portals: &Portals) -> Vec<Case> {
    let now = NOW.0;
    let at = |name: &str, text: &str| {
        let others = if name == "exp" { String::new() } else { format!("\"exp\":{},", now + 600) };
        portals.ed(&format!(r#"{{{others}"{name}":{text},"scope":"all","views":["growth"]}}"#))
    };
    vec![
        ("exp passed", "expired", at("exp", &(now - 1).to_string())),
        ("exp now", "expired", at("exp", &now.to_string())),
        ("exp long passed", "expired", at("exp", "1")),
        ("exp zero", "expired", at("exp", "0")),
        ("exp an hour and a second ahead", "too_long_lived", at("exp", &(now + 3_601).to_string())),
        ("exp a year ahead", "too_long_lived", at("exp", &(now + 31_536_000).to_string())),
        ("exp in milliseconds", "claim_value", at("exp", &((now + 600) * 1_000).to_string())),
        ("exp a text", "claim_value", at("exp", &format!("\"{}\"", now + 600))),
        ("exp a fraction", "claim_value", at("exp", &format!("{}.5", now + 600))),
        ("exp a float without fraction", "claim_value", at("exp", &format!("{}.0", now + 600))),
        ("exp with an exponent", "claim_value", at("exp", "1.8000006e9")),
        ("exp negative", "claim_value", at("exp", "-1")),
        ("exp minus zero", "claim_value", at("exp", "-0")),
        ("exp larger than any integer", "claim_value", at("exp", "99999999999999999999")),
        ("exp the largest integer", "claim_value", at("exp", &i64::MAX.to_string())),
        ("exp null", "claim_value", at("exp", "null")),
        ("exp true", "claim_value", at("exp", "true")),
        ("exp a list", "claim_value", at("exp", &format!("[{}]", now + 600))),
        ("exp an object", "claim_value", at("exp", "{}")),
        ("nbf in the future", "not_yet", at("nbf", &(now + 31).to_string())),
        ("nbf a text", "claim_value", at("nbf", &format!("\"{now}\""))),
        ("nbf null", "claim_value", at("nbf", "null")),
        ("nbf the largest integer", "claim_value", at("nbf", &i64::MAX.to_string())),
        ("iat in the future", "issued_later", at("iat", &(now + 31).to_string())),
        ("iat a text", "claim_value", at("iat", &format!("\"{now}\""))),
        ("iat a fraction", "claim_value", at("iat", &format!("{now}.5"))),
        ("made for a day, in its last hour", "too_long_lived", at("iat", &(now - 85_000).to_string())),
    ]
}

fn grants(portals: &Portals) -> Vec<Case> {
    let plus = |name: &str, value: Value| portals.ed(&with(name, value));
    let strict = |iss: Value, aud: Value| {
        let mut claims = claims();
        (claims["iss"], claims["aud"]) = (iss, aud);
        portals.strict(&claims.to_string())
    };
    let ours = json!("https://portal.example");
    vec![
        ("iss missing", "issuer", portals.strict(&with("aud", json!("wells")))),
        ("iss another", "issuer", strict(json!("https://evil.example"), json!("wells"))),
        ("iss longer", "issuer", strict(json!("https://portal.example/"), json!("wells"))),
        ("aud missing", "audience", portals.strict(&with("iss", ours.clone()))),
        ("aud another", "audience", strict(ours.clone(), json!("other"))),
        ("aud others", "audience", strict(ours.clone(), json!(["other", "wells2"]))),
        ("aud for someone else", "audience", plus("aud", json!("other"))),
        ("scope of another portal", "scope_not_allowed", plus("scope", json!("region:West"))),
        ("scope in other case", "scope_not_allowed", plus("scope", json!("region:east"))),
        ("scope with white space", "scope_not_allowed", plus("scope", json!("region:East "))),
        ("scope a path", "scope_not_allowed", plus("scope", json!("region:../all"))),
        ("scope all for a portal of one region", "scope_not_allowed", portals.stranger.sign(&header("EdDSA", &portals.strangers.kid), &with("views", json!(["stores"])))),
        ("scope a star", "claim_value", plus("scope", json!("*"))),
        ("scope empty", "claim_value", plus("scope", json!(""))),
        ("scope of an empty region", "claim_value", plus("scope", json!("region:"))),
        ("scope a list", "claim_value", plus("scope", json!(["all"]))),
        ("scope null", "claim_value", plus("scope", Value::Null)),
        ("a view that is not allowed", "view_not_allowed", plus("views", json!(["growth", "stores"]))),
        ("a view in other case", "view_not_allowed", plus("views", json!(["Growth"]))),
        ("a view that is a path", "view_not_allowed", plus("views", json!(["../admin"]))),
        ("a star for views", "view_not_allowed", plus("views", json!(["*"]))),
        ("no view", "claim_value", plus("views", json!([]))),
        ("a view twice", "claim_value", plus("views", json!(["growth", "growth"]))),
        ("views a text", "claim_value", plus("views", json!("growth"))),
        ("views null", "claim_value", plus("views", Value::Null)),
        ("very many views", "claim_value", plus("views", json!((0..501).map(|n| n.to_string()).collect::<Vec<_>>()))),
        ("members for a key of aggregates", "members_not_allowed", portals.hs(&with("aggregate_only", json!(false)))),
        ("filters a list", "claim_value", plus("filters", json!([1]))),
        ("filters null", "claim_value", plus("filters", Value::Null)),
        ("filters of another kind", "claim_value", plus("filters", json!({"open": []}))),
        ("an unknown filter locked", "claim_value", plus("filters", json!({"locked": {"shops": ["a"]}}))),
        ("a filter locked twice", "claim_value", portals.ed(&format!(r#"{{"exp":{},"scope":"all","views":["growth"],"filters":{{"locked":{{"stores":["a"],"stores":[]}}}}}}"#, NOW.0 + 600))),
        ("a filter locked to a text", "claim_value", plus("filters", json!({"locked": {"stores": "a"}}))),
        ("an unknown filter free", "claim_value", plus("filters", json!({"free": ["shops"]}))),
        ("a filter both locked and free", "claim_value", plus("filters", json!({"locked": {"stores": ["a"]}, "free": ["stores"]}))),
    ]
}
