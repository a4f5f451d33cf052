//! The mapping file that a source would need, as text to be read and corrected.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::PlaceSeen;
use super::synonyms::bare;

/// A mapping file for what is not called as in the contract; empty where everything is.
pub(super) fn mapping(places: &[PlaceSeen]) -> String {
    let mut by_table: BTreeMap<&str, Vec<&PlaceSeen>> = BTreeMap::new();
    for place in places {
        if let Some(table) = &place.table {
            by_table.entry(table).or_default().push(place);
        }
    }
    let mut text = String::new();
    for (table, places) in by_table {
        let several = places.len() > 1;
        for place in places {
            let entry = entry(table, place, several);
            if !entry.is_empty() {
                let head = if several { format!("[[{table}]]") } else { format!("[{table}]") };
                let _ = write!(text, "{head}\n{entry}\n");
            }
        }
    }
    text
}

fn entry(table: &str, place: &PlaceSeen, several: bool) -> String {
    let mut text = String::new();
    let own = place.name.split('/').next_back().unwrap_or_default();
    let stem = own.split('.').next().unwrap_or_default();
    let is_own = stem.eq_ignore_ascii_case(table) && !place.name.contains('/')
        || place.form == "table" && own.rsplit('.').next().is_some_and(|name| name.eq_ignore_ascii_case(table));
    if several || !is_own {
        let _ = writeln!(text, "from = {}", quoted(&place.name));
    }
    let times = place.columns.iter().filter(|column| !column.dates.is_empty());
    let forms: Vec<&str> = times.flat_map(|column| column.dates.iter().map(|(form, _)| form.as_str())).collect();
    let has = |part: &str| forms.iter().any(|form| form.contains(part));
    if has("(day or month first)") && has("(day first)") == has("(month first)") {
        let _ = writeln!(
            text,
            "# Dates such as 05/06/2024: say which comes first.\n# dates = \"day-first\"  # or \"month-first\""
        );
    }
    let cents =
        |header: &str| header.contains('分') || bare(header).ends_with("fen") || bare(header).ends_with("cents");
    let amounts: Vec<_> = place.columns.iter().filter(|column| column.column.as_deref() == Some("amount")).collect();
    if amounts.iter().any(|column| cents(&column.header)) {
        let _ = writeln!(text, "amount_unit = \"minor\"");
    }
    let renamed = place.columns.iter().filter_map(|column| {
        let name = column.column.as_deref()?;
        (!column.header.eq_ignore_ascii_case(name)).then_some((name, column.header.as_str()))
    });
    for (column, header) in renamed {
        let _ = writeln!(text, "columns.{column} = {}", quoted(header));
    }
    for column in &place.missing {
        let unknown: Vec<&str> =
            place.columns.iter().filter(|seen| seen.column.is_none()).map(|seen| seen.header.as_str()).collect();
        let _ = writeln!(
            text,
            "# columns.{column} = \"?\"  # required; not recognised here: {}",
            one_line(&unknown.join(", "))
        );
    }
    for column in &place.columns {
        for (written, meant) in &column.values {
            let name = column.column.as_deref().unwrap_or_default();
            let _ = writeln!(text, "values.{name}.{} = {}", quoted(written), quoted(meant));
        }
    }
    text
}

/// A text in TOML.
fn quoted(text: &str) -> String {
    // JSON's escapes are TOML's too.
    serde_json::Value::from(text).to_string()
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}
