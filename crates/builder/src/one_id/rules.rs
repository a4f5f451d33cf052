//! The rules of joining, from one readable file or from the defaults below.
//!
//! The file is TOML; docs/ONEID.md explains every word of it. Whatever is wrong with it is told with its line.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::key::{self, Key};
use crate::BuildError;

/// The rules as they are without a file.
pub(crate) const DEFAULTS: &str = include_str!("default_rules.toml");

/// What each key may do, in the order in which they join, and who must never be joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// The strongest first.
    pub(crate) keys: Vec<KeyRule>,
    /// A member with more identities than this is the work of a key gone wrong: the join that would make it is refused.
    pub(crate) max_identities: u32,
    /// Values of which no two belong to one member.
    pub(crate) never_join: Vec<[u64; 2]>,
    /// The rules in one form, whatever the file looked like.
    pub(crate) text: String,
}

/// What one key may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyRule {
    pub(crate) key: Key,
    /// A person has one of it alone (of accounts: one in each channel), so that different values tell people apart.
    pub(crate) one_each: bool,
    /// A value is ignored where it is of more people than this who can be told apart.
    pub(crate) max_people: u32,
    /// A value is ignored where more identities than this have it.
    pub(crate) max_identities: u32,
    /// Whether a value changes hands: where those who have it contradict each other, it is cut at the longest pause
    /// between them, if that has so many days at least.
    pub(crate) rest_days: Option<u32>,
    /// A pause of so many days cuts without a contradiction too.
    pub(crate) apart_days: Option<u32>,
    /// Whether it joins even members with different member ids.
    pub(crate) overrides: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default = "many_identities")]
    max_identities: u32,
    #[serde(default)]
    never_join: Vec<Spanned<[String; 2]>>,
    never_join_file: Option<Spanned<String>>,
    #[serde(default)]
    key: Vec<FileKey>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileKey {
    name: Spanned<String>,
    #[serde(default)]
    one_each: bool,
    #[serde(default = "few_people")]
    max_people: u32,
    #[serde(default = "some_identities")]
    max_identities: u32,
    rest_days: Option<u32>,
    apart_days: Option<u32>,
    #[serde(default)]
    overrides: bool,
}

fn many_identities() -> u32 {
    1_000
}

fn few_people() -> u32 {
    4
}

fn some_identities() -> u32 {
    100
}

impl Rules {
    /// The rules of a file, or the defaults where there is none.
    pub(crate) fn load(path: Option<&Path>) -> Result<Self, BuildError> {
        let Some(path) = path else { return Self::read(DEFAULTS, "the default rules", Path::new("")) };
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|e| BuildError::unreadable(&name, e))?;
        Self::read(&text, &name, path.parent().unwrap_or(Path::new("")))
    }

    fn read(text: &str, name: &str, folder: &Path) -> Result<Self, BuildError> {
        let line_of = |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1;
        let wrong =
            |at: usize, reason: String| BuildError::BadRules { file: name.to_owned(), line: line_of(at), reason };
        let file: File = toml::from_str(text).map_err(|e| {
            let at = e.span().map_or(0, |span| span.start);
            wrong(at, format!("{}{}", of_key(text, at), e.message().replace('\n', "; ")))
        })?;
        let mut seen = BTreeSet::new();
        let mut keys = Vec::new();
        for rule in file.key {
            let at = rule.name.span().start;
            let key = Key::named(rule.name.get_ref()).ok_or_else(|| {
                let known: Vec<_> = Key::ALL.iter().map(|key| key.name()).collect();
                wrong(at, format!("`{}` is no key; the keys are {}", rule.name.get_ref(), known.join(", ")))
            })?;
            if !seen.insert(key) {
                return Err(wrong(at, format!("`{}` is there twice; remove one", key.name())));
            }
            for (what, value) in [("max_people", rule.max_people), ("max_identities", rule.max_identities)] {
                if value == 0 {
                    return Err(wrong(
                        at,
                        format!("`{what}` of {} is 0; leave the key out to not join by it", key.name()),
                    ));
                }
            }
            keys.push(KeyRule {
                key,
                one_each: rule.one_each,
                max_people: rule.max_people,
                max_identities: rule.max_identities,
                rest_days: rule.rest_days,
                apart_days: rule.apart_days,
                overrides: rule.overrides,
            });
        }
        if keys.is_empty() {
            return Err(wrong(
                0,
                "no [[key]] is named, so nothing could be joined; name one, such as member_id".to_owned(),
            ));
        }
        let mut pairs = Vec::new();
        for pair in &file.never_join {
            let at = pair.span().start;
            let [a, b] = pair.get_ref();
            pairs.push(never(a, b).map_err(|reason| wrong(at, reason))?);
        }
        if let Some(list) = &file.never_join_file {
            pairs.extend(never_file(&folder.join(list.get_ref()))?);
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut rules =
            Self { keys, max_identities: file.max_identities.max(2), never_join: pairs, text: String::new() };
        rules.text = rules.told();
        Ok(rules)
    }

    /// 16 hex digits of a hash of the rules.
    pub(crate) fn hash(&self) -> String {
        format!("{:016x}", key::number(&[b"wellspring one-id rules 1", self.text.as_bytes()]))
    }

    pub(crate) fn of(&self, key: Key) -> Option<&KeyRule> {
        self.keys.iter().find(|rule| rule.key == key)
    }

    /// The rules in one form; pairs by their number and their hash, since they name people.
    fn told(&self) -> String {
        let mut text = format!("max_identities = {}\n", self.max_identities);
        for rule in &self.keys {
            let _ = write!(
                text,
                "[[key]] name = \"{}\", one_each = {}, max_people = {}, max_identities = {}, overrides = {}",
                rule.key.name(),
                rule.one_each,
                rule.max_people,
                rule.max_identities,
                rule.overrides
            );
            for (name, days) in [("rest_days", rule.rest_days), ("apart_days", rule.apart_days)] {
                if let Some(days) = days {
                    let _ = write!(text, ", {name} = {days}");
                }
            }
            text.push('\n');
        }
        if !self.never_join.is_empty() {
            let bytes: Vec<u8> = self.never_join.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
            let hash = key::number(&[b"wellspring never join 1", &bytes]);
            let _ = writeln!(text, "never_join: {} pairs, {hash:016x}", self.never_join.len());
        }
        text
    }
}

/// The name that stands before `=` in the line of a place, for messages that do not say it.
fn of_key(text: &str, at: usize) -> String {
    let start = text[..at.min(text.len())].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    match line.split_once('=') {
        Some((name, _)) if !name.trim().is_empty() => format!("`{}`: ", name.trim()),
        _ => String::new(),
    }
}

/// A pair of values that must not meet, such as `member_id:M1` and `phone_hash:…`.
fn never(a: &str, b: &str) -> Result<[u64; 2], String> {
    let (a_value, b_value) = (value(a)?, value(b)?);
    if a_value == b_value {
        return Err(format!("`{a}` is paired with itself"));
    }
    Ok([a_value.min(b_value), a_value.max(b_value)])
}

fn value(text: &str) -> Result<u64, String> {
    let wanted = "write a key, a colon and its value, such as member_id:M1; an account as external_id:CHANNEL:ID";
    let (name, value) = text.split_once(':').ok_or_else(|| format!("`{text}` names no key; {wanted}"))?;
    let key = Key::named(name.trim()).ok_or_else(|| format!("`{}` is no key; {wanted}", name.trim()))?;
    let value = value.trim();
    if value.is_empty() {
        return Err(format!("`{text}` has no value; {wanted}"));
    }
    if key != Key::External {
        return Ok(key.value(value));
    }
    let (channel, external) = value.split_once(':').ok_or_else(|| format!("`{text}` names no channel; {wanted}"))?;
    Ok(key::account(channel.trim(), external.trim()))
}

/// Pairs of a file: two cells a row, the first row being `a,b`.
fn never_file(path: &Path) -> Result<Vec<[u64; 2]>, BuildError> {
    let name = path.display().to_string();
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_path(path).map_err(|e| BuildError::unreadable(&name, e))?;
    let mut pairs = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| BuildError::unreadable(&name, e))?;
        let line = record.position().map_or(0, csv::Position::line) as usize;
        let wrong = |reason: String| BuildError::BadRules { file: name.clone(), line, reason };
        if record.len() != 2 {
            return Err(wrong(format!("a row has two cells, this one has {}", record.len())));
        }
        pairs.push(never(&record[0], &record[1]).map_err(wrong)?);
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Rules::read(text, "rules.toml", Path::new("")).expect_err("wrong rules").to_string()
    }

    #[test]
    fn the_defaults_are_rules_and_their_hash_tells_them_from_others() {
        let rules = Rules::load(None).expect("sound defaults");
        assert_eq!(rules.keys.len(), 6);
        assert!(rules.of(Key::Phone).is_some_and(|phone| phone.rest_days.is_some()));
        let other = Rules::read(&DEFAULTS.replace("one_each = true", "one_each = false"), "x", Path::new(""));
        assert_ne!(rules.hash(), other.expect("sound rules").hash());
        let spaced = Rules::read(&format!("# a word\n\n{DEFAULTS}"), "x", Path::new("")).expect("sound rules");
        assert_eq!(rules.hash(), spaced.hash());
    }

    #[test]
    fn what_is_wrong_is_told_with_line_and_key() {
        assert_eq!(
            error("[[key]]\nname = \"phone\"\n"),
            "rules.toml, line 2: `phone` is no key; the keys are member_id, external_id, union_id, open_id, \
             payment_id, phone_hash; correct the rules and build again"
        );
        let text = error("[[key]]\nname = \"member_id\"\nmax_people = \"many\"\n");
        assert!(text.contains("line 3: `max_people`: invalid type: string"), "{text}");
        let text = error("[[key]]\nname = \"member_id\"\nmax_poeple = 3\n");
        assert!(text.contains("line 3: `max_poeple`: unknown field"), "{text}");
        assert!(error("key = 3").contains("line 1"));
        assert!(error("").contains("no [[key]] is named"));
        assert!(error("[[key]]\nname='open_id'\n[[key]]\nname='open_id'").contains("line 4: `open_id` is there twice"));
        let pair = |pair: &str| error(&format!("never_join = [{pair}]\n[[key]]\nname = 'member_id'\n"));
        assert!(pair("['M1', 'member_id:M2']").contains("line 1: `M1` names no key"));
        assert!(pair("['external_id:x', 'member_id:M2']").contains("names no channel"));
        assert!(pair("['member_id:M2', 'member_id:M2']").contains("paired with itself"));
    }

    #[test]
    fn pairs_may_stand_in_a_file_of_their_own() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("never.csv"), "a,b\nmember_id:M1,external_id:tmall:x1\n").expect("a file");
        let text = "never_join_file = 'never.csv'\n[[key]]\nname = 'member_id'\n";
        let rules = Rules::read(text, "rules.toml", folder.path()).expect("sound rules");
        let (a, b) = (Key::Member.value("M1"), key::account("tmall", "x1"));
        assert_eq!(rules.never_join, [[a.min(b), a.max(b)]]);
        std::fs::write(folder.path().join("never.csv"), "a,b\nmember_id:M1\n").expect("a file");
        let error = Rules::read(text, "rules.toml", folder.path()).expect_err("a row of one cell").to_string();
        assert!(error.contains("never.csv, line 2: a row has two cells, this one has 1"), "{error}");
    }
}
