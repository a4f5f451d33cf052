//! The token's second part, read strictly: each claim known, there once and of its own kind.
//!
//! Called only with bytes whose signature was verified. Whether the key allows what they ask for is `grant.rs`'s
//! business.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::object::Object;
use super::refusal::{Refusal, quoted};
use crate::{Scope, UnixSeconds};

/// Seconds that a token may live, by our clock and by its own `iat`.
pub const TOKEN_MAX_SECS: i64 = 3_600;
/// Seconds that a portal's clock may be ahead of ours before `iat` and `nbf` count as in the future.
pub const CLOCK_SKEW_SECS: i64 = 30;
/// Characters of `sub`, `iss` and `jti`.
const TEXT_MAX: usize = 200;
/// Views, audiences and values of a filter.
const LIST_MAX: usize = 500;

/// The fields of a filter that a token can lock or free, as `model::Filter` names them.
pub const FILTER_FIELDS: [&str; 10] = [
    "regions",
    "cities",
    "stores",
    "formats",
    "channels",
    "domains",
    "campaigns",
    "source_channels",
    "tiers",
    "segment",
];

/// What the reader of an embedded view may filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filters {
    /// Holds whatever the reader does. Every question is asked within it.
    pub locked: model::Filter,
    /// Fields that the reader may set; all others are as locked, or all.
    pub free: BTreeSet<String>,
}

/// The language of the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Locale {
    /// Chinese.
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// The colours of the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// All claims, well formed.
#[derive(Debug)]
pub(super) struct Claims {
    pub(super) exp: UnixSeconds,
    pub(super) iat: Option<UnixSeconds>,
    pub(super) nbf: Option<UnixSeconds>,
    pub(super) iss: Option<String>,
    pub(super) aud: Vec<String>,
    pub(super) sub: Option<String>,
    pub(super) scope: Scope,
    pub(super) views: Vec<String>,
    pub(super) filters: Filters,
    pub(super) locale: Option<Locale>,
    pub(super) theme: Option<Theme>,
    pub(super) aggregate_only: bool,
}

/// `aud` is a text or a list of texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Claims {
    /// Reads the decoded payload.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let object = Object::parse(bytes).map_err(|error| Refusal::Payload { why: error.to_string() })?;
        if let Some(name) = object.repeated {
            return Err(Refusal::ClaimRepeated { name: quoted(&name) });
        }
        let (mut exp, mut iat, mut nbf, mut iss, mut aud, mut sub) = (None, None, None, None, Vec::new(), None);
        let (mut scope, mut views, mut filters) = (None, None, Filters::default());
        let (mut locale, mut theme, mut aggregate_only) = (None, None, true);
        for (name, raw) in &object.fields {
            match &**name {
                "exp" => exp = Some(time("exp", raw)?),
                "iat" => iat = Some(time("iat", raw)?),
                "nbf" => nbf = Some(time("nbf", raw)?),
                "iss" => iss = Some(text("iss", raw)?),
                "sub" => sub = Some(text("sub", raw)?),
                // Libraries put it in unasked. Nothing is remembered of it: tokens are short-lived, not single-use.
                "jti" => drop(text("jti", raw)?),
                "aud" => aud = audience(raw)?,
                "scope" => scope = Some(value::<Scope>("scope", raw)?),
                "views" => views = Some(list("views", raw)?),
                "filters" => filters = read_filters(raw)?,
                "locale" => locale = Some(value("locale", raw)?),
                "theme" => theme = Some(value("theme", raw)?),
                "aggregate_only" => aggregate_only = value("aggregate_only", raw)?,
                _ => return Err(Refusal::ClaimUnknown { name: quoted(name) }),
            }
        }
        let missing = |name| Refusal::ClaimMissing { name };
        let exp = exp.ok_or(missing("exp"))?;
        let (scope, views) = (scope.ok_or(missing("scope"))?, views.ok_or(missing("views"))?);
        Ok(Self { exp, iat, nbf, iss, aud, sub, scope, views, filters, locale, theme, aggregate_only })
    }
}

fn unusable(name: &'static str, why: impl Into<String>) -> Refusal {
    Refusal::ClaimValue { name, why: why.into() }
}

fn value<T: DeserializeOwned>(name: &'static str, raw: &RawValue) -> Result<T, Refusal> {
    serde_json::from_str(raw.get()).map_err(|error| unusable(name, quoted(&error.to_string())))
}

/// A whole number of seconds, within a range in which sums cannot overflow. `1e9`, `1.0` and `"1"` are none.
fn time(name: &'static str, raw: &RawValue) -> Result<UnixSeconds, Refusal> {
    const YEAR_9999: i64 = 253_402_300_799;
    let seconds: i64 = serde_json::from_str(raw.get()).map_err(|_| unusable(name, "not a whole number of seconds"))?;
    let in_range = (0..=YEAR_9999).contains(&seconds);
    in_range.then_some(UnixSeconds(seconds)).ok_or_else(|| unusable(name, "not between the years 1970 and 9999"))
}

fn text(name: &'static str, raw: &RawValue) -> Result<String, Refusal> {
    let text: String = value(name, raw)?;
    let is_plain = !text.is_empty() && text.chars().count() <= TEXT_MAX && !text.chars().any(char::is_control);
    is_plain.then_some(text).ok_or_else(|| unusable(name, "not 1 to 200 characters without control characters"))
}

fn list(name: &'static str, raw: &RawValue) -> Result<Vec<String>, Refusal> {
    let list: Vec<String> = value(name, raw)?;
    let distinct: BTreeSet<&String> = list.iter().collect();
    let is_plain = !list.is_empty() && list.len() <= LIST_MAX && distinct.len() == list.len();
    is_plain.then_some(list).ok_or_else(|| unusable(name, "not 1 to 500 texts, each once"))
}

fn audience(raw: &RawValue) -> Result<Vec<String>, Refusal> {
    match value("aud", raw) {
        Ok(OneOrMore::One(one)) => Ok(vec![one]),
        Ok(OneOrMore::More(more)) if (1..=LIST_MAX).contains(&more.len()) => Ok(more),
        _ => Err(unusable("aud", "neither a text nor a list of 1 to 500")),
    }
}

fn read_filters(raw: &RawValue) -> Result<Filters, Refusal> {
    let filters: Filters = value("filters", raw)?;
    let locked = serde_json::to_value(&filters.locked).unwrap_or_default();
    for name in &filters.free {
        if !FILTER_FIELDS.contains(&name.as_str()) {
            return Err(unusable("filters", format!("free names {:?}, which is no filter", quoted(name))));
        }
        if locked.get(name).is_some() {
            return Err(unusable("filters", format!("{name} is both locked and free")));
        }
    }
    Ok(filters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filter_fields_are_those_of_the_model() {
        let full = r#"{"regions":["a"],"cities":["a"],"stores":["a"],"formats":["a"],"channels":["a"],"domains":["public"],
            "campaigns":["a"],"source_channels":["a"],"tiers":["a"],
            "segment":{"rung":{"orders":1,"as_of":"2026-01-01"}}}"#;
        let filter: model::Filter = serde_json::from_str(full).expect("a filter");
        let written = serde_json::to_value(filter).expect("JSON");
        let mut names: Vec<&String> = written.as_object().expect("an object").keys().collect();
        let mut known = FILTER_FIELDS.to_vec();
        names.sort();
        known.sort_unstable();
        assert_eq!(names, known);
    }
}
