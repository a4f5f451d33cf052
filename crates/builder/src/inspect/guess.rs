//! What a place seems to be: its table, and which of its columns is which.

use std::collections::BTreeMap;

use super::sample::{Kind, Seen, header, look};
use super::synonyms::{likeness, speaks_of, value};
use super::{ColumnSeen, PlaceSeen, ProblemSeen};
use crate::mapping::{Entry, Mapping};
use crate::parse::{AmountForm, CellForms, Currency, Dates};
use crate::source::{Form, Group, Packing};
use crate::table::Table;

/// Columns that may name a person: their values are shown cut.
const PERSONAL: [&str; 6] = ["member_id", "phone_hash", "union_id", "open_id", "payment_id", "external_id"];

/// Looks at one place and says what it seems to be. What cannot be read is a place with an error, not the end.
pub(super) fn place(group: &Group, mapping: &Mapping, currency: &Currency, digits: u8, full: bool) -> PlaceSeen {
    let form = group.files.first().map(|file| file.form);
    let mut place = PlaceSeen {
        name: group.name.clone(),
        files: group.files.len(),
        form: form.map_or("", form_in_words).to_owned(),
        encoding: None,
        rows: 0,
        ragged: 0,
        table: None,
        columns: Vec::new(),
        missing: Vec::new(),
        problems: Vec::new(),
        error: None,
    };
    if let Err(error) = fill(&mut place, group, mapping, currency, digits, full) {
        place.error = Some(error.to_string());
    }
    place
}

fn form_in_words(form: Form) -> &'static str {
    match form {
        Form::Csv(Packing::Plain) => "CSV",
        Form::Csv(Packing::Gzip) => "CSV, gzip",
        Form::Csv(Packing::Zstd) => "CSV, zstd",
        Form::Parquet => "Parquet",
        Form::Rows => "table",
    }
}

fn fill(
    place: &mut PlaceSeen,
    group: &Group,
    mapping: &Mapping,
    currency: &Currency,
    digits: u8,
    full: bool,
) -> Result<(), crate::BuildError> {
    let mut names = header(&group.files)?;
    names.extend(group.files.first().into_iter().flat_map(|file| file.partition.iter().map(|(key, _)| key.clone())));
    let said = mapping.claims(&group.name);
    let (table, entry) = match said {
        Some((table, entry)) => (Some(table), entry.clone()),
        None => (guess_table(&group.name, &names), Entry::default()),
    };
    let columns = table.map(|table| assign(table, &entry, &names)).unwrap_or_default();
    let amounts = AmountForm { currency: currency.clone(), ..entry.forms.amounts.clone() };
    let forms = CellForms { dates: entry.forms.dates, amounts };
    let kind = |name: &str| match columns.get(name) {
        Some(column) if is_time(table, column) => Kind::Time,
        Some(column) if is_amount(table, column) => Kind::Amount,
        _ => Kind::Other,
    };
    let mut seen = look(&group.files, &forms, digits, full, &kind)?;
    let proven = seen.columns.values().find_map(|cells| cells.proof());
    if let (Dates::Undeclared, Some(dates)) = (forms.dates, proven) {
        // A build would find it out for itself.
        let is_contradictory = seen.columns.values().any(|cells| cells.is_ambiguous() && cells.proof().is_none());
        if !is_contradictory {
            seen = look(&group.files, &CellForms { dates, ..forms.clone() }, digits, full, &kind)?;
        }
    }
    place.encoding = match place.form.starts_with("CSV") {
        true if seen.is_gb18030 => Some("GB18030".to_owned()),
        true => Some("UTF-8".to_owned()),
        false => None,
    };
    (place.rows, place.ragged) = (seen.rows, seen.ragged);
    place.table = table.map(|table| table.name().to_owned());
    if let Some(table) = table {
        let has = |name: &str| columns.values().any(|column| *column == name) || entry.constant(name).is_some();
        let missing = table.columns().iter().filter(|column| column.required && !has(column.name));
        place.missing = missing.map(|column| column.name.to_owned()).collect();
    }
    place.problems = problems(&seen, &columns);
    place.columns =
        seen.header.iter().map(|name| column_seen(name, columns.get(name.as_str()).copied(), &seen)).collect();
    Ok(())
}

fn is_time(table: Option<Table>, column: &str) -> bool {
    known(table, column, |column| column.is_time())
}

fn is_amount(table: Option<Table>, column: &str) -> bool {
    known(table, column, |column| column.is_amount())
}

fn known(table: Option<Table>, name: &str, is: impl Fn(&crate::table::Column) -> bool) -> bool {
    table.is_some_and(|table| table.columns().iter().any(|column| column.name == name && is(column)))
}

/// The table whose columns are there, and whose name the place bears.
fn guess_table(name: &str, names: &[String]) -> Option<Table> {
    let scores = Table::ALL.into_iter().map(|table| {
        let found = assign(table, &Entry::default(), names);
        let has = |name: &str| found.values().any(|column| *column == name);
        let required: Vec<bool> =
            table.columns().iter().filter(|column| column.required).map(|column| has(column.name)).collect();
        let is_whole = required.iter().all(|there| *there);
        let is_named = speaks_of(name, table);
        let score = 3 * required.iter().filter(|there| **there).count() + found.len() + if is_named { 6 } else { 0 };
        (table, if is_whole || is_named { score } else { 0 })
    });
    // Of equals the first, since names come before facts.
    let best = scores.into_iter().fold(None, |best: Option<(Table, usize)>, (table, score)| match best {
        Some((_, most)) if most >= score => best,
        _ => Some((table, score)),
    });
    best.filter(|(_, score)| *score >= 5).map(|(table, _)| table)
}

/// Which name there is which column of the contract: the likeliest pairs first, each name and each column once.
fn assign(table: Table, entry: &Entry, names: &[String]) -> BTreeMap<String, &'static str> {
    let contract: Vec<&'static str> =
        table.columns().iter().map(|column| column.name).chain(table.later_columns().iter().copied()).collect();
    let mut pairs = Vec::new();
    for (at, name) in names.iter().enumerate() {
        for column in &contract {
            let said = entry.is_renamed(column) && entry.names(column).any(|wanted| wanted == name.to_lowercase());
            let likeness = if said { 2_000 } else { likeness(name, column) };
            if likeness > 0 {
                pairs.push((likeness, at, *column));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut found: BTreeMap<String, &'static str> = BTreeMap::new();
    for (_, at, column) in pairs {
        let is_free = !found.values().any(|taken| *taken == column) && entry.constant(column).is_none();
        if is_free && !found.contains_key(&names[at]) {
            found.insert(names[at].clone(), column);
        }
    }
    found
}

fn column_seen(name: &str, column: Option<&'static str>, seen: &Seen) -> ColumnSeen {
    let cells = seen.columns.get(name);
    let is_personal = column.is_some_and(|column| PERSONAL.contains(&column));
    let shown = |text: &String| if is_personal { cut(text) } else { text.clone() };
    let values = cells.into_iter().flat_map(|cells| cells.values.keys()).filter_map(|written| {
        let meant = value(column?, written)?;
        Some((written.clone(), meant.to_owned()))
    });
    ColumnSeen {
        header: name.to_owned(),
        column: column.map(str::to_owned),
        examples: cells.map(|cells| cells.examples.iter().map(shown).collect()).unwrap_or_default(),
        empty: cells.map_or(0, |cells| cells.empty),
        dates: cells
            .map(|cells| cells.dates.iter().map(|(form, count)| ((*form).to_owned(), *count)).collect())
            .unwrap_or_default(),
        values: values.collect(),
    }
}

/// The beginning of a value that may name a person.
fn cut(text: &str) -> String {
    let some: String = text.chars().take(3).collect();
    format!("{some}…")
}

fn problems(seen: &Seen, columns: &BTreeMap<String, &'static str>) -> Vec<ProblemSeen> {
    let mut problems = Vec::new();
    for name in seen.header.iter().filter(|name| columns.contains_key(*name)) {
        for (reason, (file, row, text, cells)) in seen.columns.get(name).into_iter().flat_map(|cells| &cells.bad) {
            problems.push(ProblemSeen {
                file: file.clone(),
                row: *row,
                column: name.clone(),
                value: text.clone(),
                reason: reason.code().to_owned(),
                cells: *cells,
            });
        }
    }
    problems
}
