//! Rounds figures, and empties those of a few members, wherever they stand in answers.
//!
//! Done on the JSON of answers: a figure has the same three fields everywhere, and a kind of answer that is new is
//! rounded without a thought.

use model::Answer;
use serde_json::{Map, Value, json};

use crate::rules::Refused;
use crate::{ROUNDED_TO, is_small};

/// Figures that count members.
const MEMBERS: [&str; 15] = [
    "users",
    "buyers",
    "repeat_buyers",
    "new_buyers",
    "members",
    "size",
    "active",
    "dormant",
    "exactly",
    "next",
    "only",
    "new",
    "woken",
    "slipped",
    "lost",
];
/// Other figures that count.
const COUNTS: [&str; 3] = ["orders", "member_orders", "anonymous_orders"];
/// What follows from a number of members and would tell it.
const FOLLOWS: [(&str, &[&str]); 4] = [
    ("repeat_buyers", &["repurchase_rate"]),
    ("exactly", &["no_next_rate", "at_stake"]),
    ("next", &["next_value", "median_days_to_next", "survival_median_days", "curve"]),
    ("active", &["rate", "sales", "value"]),
];

/// The answers with every figure rounded.
pub(crate) fn rounded(answers: Vec<Answer>) -> Result<Vec<Answer>, Refused> {
    let mut value = serde_json::to_value(answers).map_err(|_| Refused::Form("JSON"))?;
    walk(&mut value, "", false);
    serde_json::from_value(value).map_err(|_| Refused::Form("answers"))
}

/// `is_money` says that the figures below are amounts whatever they are called: the parts that factors have in a change.
fn walk(value: &mut Value, key: &str, is_money: bool) {
    match value {
        Value::Array(list) => {
            list.retain(|one| !is_left_out(one));
            list.iter_mut().for_each(|one| walk(one, key, is_money));
        }
        Value::Object(fields) if is_figure(fields) => round_figure(fields, key, is_money),
        Value::Object(fields) => {
            if ["members", "size"].iter().any(|name| fields.get(*name).is_some_and(is_small_figure)) {
                fields.values_mut().for_each(empty);
            }
            for (count, others) in FOLLOWS {
                empty_what_follows(fields, count, others);
            }
            for (name, one) in fields.iter_mut() {
                walk(one, name, is_money || name == "contributions" || name == "mix");
            }
        }
        Value::Number(number) if number.is_f64() => *value = three_digits(value),
        // Amounts at which members lie, in fifths.
        Value::Number(_) if key == "monetary" => *value = three_digits(value),
        _ => {}
    }
}

/// Cells of tables that are lists of what there is.
fn is_left_out(one: &Value) -> bool {
    let Value::Object(fields) = one else { return false };
    let is_cell = ["recency", "to", "channel"].iter().any(|name| fields.contains_key(*name));
    is_cell && fields.get("members").is_some_and(is_small_figure)
}

fn is_figure(fields: &Map<String, Value>) -> bool {
    ["value", "low", "high"].iter().all(|name| fields.get(*name).is_some_and(|v| v.is_number() || v.is_null()))
}

fn is_small_figure(value: &Value) -> bool {
    value.get("value").and_then(Value::as_i64).is_some_and(is_small)
}

/// Where a number of members is small, empties what would tell it; in lists, place by place.
fn empty_what_follows(fields: &mut Map<String, Value>, count: &str, others: &[&str]) {
    let Some(counted) = fields.get(count) else { return };
    let small: Vec<usize> = match counted {
        Value::Array(list) => (0..list.len()).filter(|place| is_small_figure(&list[*place])).collect(),
        one if is_small_figure(one) => vec![0],
        _ => return,
    };
    for other in others {
        match fields.get_mut(*other) {
            Some(Value::Array(list)) => small.iter().for_each(|place| list.get_mut(*place).into_iter().for_each(empty)),
            Some(one) if !small.is_empty() => empty(one),
            _ => {}
        }
    }
}

/// Makes every figure below none that is told.
fn empty(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(empty),
        Value::Object(fields) if is_figure(fields) => {
            let nothing = if fields["value"].is_i64() { json!(0) } else { Value::Null };
            for name in ["value", "low", "high"] {
                fields.insert(name.to_owned(), nothing.clone());
            }
            fields.insert("too_few".to_owned(), json!(true));
        }
        Value::Object(fields) => fields.values_mut().for_each(empty),
        Value::Number(number) if number.is_f64() => *value = Value::Null,
        _ => {}
    }
}

fn round_figure(fields: &mut Map<String, Value>, key: &str, is_money: bool) {
    let (of_members, of_count) = (!is_money && MEMBERS.contains(&key), !is_money && COUNTS.contains(&key));
    let told = match fields["value"].as_i64() {
        Some(members) if of_members && is_small(members) => {
            let mut figure = Value::Object(std::mem::take(fields));
            empty(&mut figure);
            if let Value::Object(emptied) = figure {
                *fields = emptied;
            }
            return;
        }
        Some(count) if of_members || of_count => json!((count + ROUNDED_TO / 2).div_euclid(ROUNDED_TO) * ROUNDED_TO),
        _ => three_digits(&fields["value"]),
    };
    for name in ["value", "low", "high"] {
        fields.insert(name.to_owned(), told.clone());
    }
}

/// A number with three digits that say something; anything else as it is.
fn three_digits(value: &Value) -> Value {
    if let Some(whole) = value.as_i64() {
        let unit = 10i64.pow(whole.unsigned_abs().max(1).ilog10().saturating_sub(2));
        let half = i128::from(whole) + i128::from(unit / 2);
        let rounded = half.div_euclid(i128::from(unit)) * i128::from(unit);
        return json!(i64::try_from(rounded).unwrap_or(whole));
    }
    match value.as_f64() {
        // The shortest text of three digits and back: no digits beyond them are left.
        Some(number) => format!("{number:.2e}").parse::<f64>().map_or(Value::Null, |number| json!(number)),
        None => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_left() {
        for (given, told) in [
            (json!(0), json!(0)),
            (json!(999), json!(999)),
            (json!(12_345), json!(12_300)),
            (json!(-12_351), json!(-12_400)),
            (json!(i64::MAX), json!(9_220_000_000_000_000_000_i64)),
            (json!(0.123_456), json!(0.123)),
            (json!(0.0), json!(0.0)),
            (Value::Null, Value::Null),
        ] {
            assert_eq!(three_digits(&given), told, "{given}");
        }
    }

    #[test]
    fn a_few_members_are_not_told_nor_what_follows_from_them() {
        let figure = |value: i64| json!({ "value": value, "low": value, "high": value });
        let ratio = json!({ "value": 0.07, "low": 0.07, "high": 0.07 });
        let mut factors = json!({ "buyers": figure(103), "repeat_buyers": figure(7), "repurchase_rate": ratio });
        walk(&mut factors, "", false);
        assert_eq!(factors["buyers"], figure(105));
        assert_eq!(factors["repeat_buyers"], json!({ "value": 0, "low": 0, "high": 0, "too_few": true }));
        assert_eq!(factors["repurchase_rate"]["value"], Value::Null);
        let mut cells = json!([{ "recency": 1, "members": figure(9) }, { "recency": 2, "members": figure(12) }]);
        walk(&mut cells, "cells", false);
        assert_eq!(cells, json!([{ "recency": 2, "members": figure(10) }]));
        let mut parts = json!({ "contributions": { "users": figure(7) } });
        walk(&mut parts, "", false);
        assert_eq!(parts["contributions"]["users"], figure(7));
    }
}
