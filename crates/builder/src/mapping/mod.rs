//! The mapping file: what the source calls the tables, columns and values of the source contract, and how it writes
//! dates and amounts. TOML or JSON.
//!
//! ```toml
//! [orders]
//! from = "订单明细"                      # file, folder or database table; its own name where nothing is said
//! dates = "day-first"
//! amount_unit = "minor"
//! columns = { order_id = "订单号", ordered_at = ["下单时间", "支付时间"], amount = "实付金额" }
//! constants = { channel_id = "tmall" }
//! values.store_id = { "旧店" = "S001" }
//! ```
//!
//! A table that comes from several places is a list of such entries (`[[orders]]`). Names that the contract does not
//! have are errors that say which it has.

mod entry;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

pub(crate) use entry::Entry;

use crate::BuildError;
use crate::parse::Currency;
use crate::table::Table;

/// What a mapping file says; by default nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mapping {
    entries: BTreeMap<Table, Vec<Entry>>,
}

impl Mapping {
    /// Reads a file; what does not end in `.json` is TOML.
    pub(crate) fn open(path: &Path) -> Result<Self, BuildError> {
        let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into());
        let text = std::fs::read_to_string(path).map_err(|e| BuildError::unreadable(&path.display().to_string(), e))?;
        Self::parse(&name, &text)
    }

    /// Reads the text of a file of this name.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, BuildError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let wrong = |what: String| BuildError::Mapping { place: name.to_owned(), what };
        let tables: BTreeMap<String, Value> = if name.to_lowercase().ends_with(".json") {
            serde_json::from_str(text).map_err(|e| wrong(format!("this is not JSON: {e}")))?
        } else {
            toml::from_str(text).map_err(|e| wrong(toml_fault(&e, text)))?
        };
        let mut mapping = Self::default();
        for (key, value) in tables {
            let table = Table::ALL.into_iter().find(|table| table.name() == key).ok_or_else(|| {
                let known: Vec<&str> = Table::ALL.into_iter().map(Table::name).collect();
                wrong(format!("`{key}` is no table of the source contract; the tables are {}", known.join(", ")))
            })?;
            let several = matches!(value, Value::Array(_));
            let values = match value {
                Value::Array(values) => values,
                one => vec![one],
            };
            for (index, value) in values.into_iter().enumerate() {
                let place =
                    if several { format!("{name}, [[{key}]] {}", index + 1) } else { format!("{name}, [{key}]") };
                mapping.entries.entry(table).or_default().push(Entry::parse(table, place, value)?);
            }
        }
        Ok(mapping)
    }

    /// Where a table comes from and how: one entry at least.
    pub(crate) fn entries(&self, table: Table, currency: &Currency) -> Vec<Entry> {
        let entries = self.entries.get(&table).cloned().unwrap_or_else(|| vec![Entry::default()]);
        entries.into_iter().map(|entry| entry.in_currency(currency)).collect()
    }

    /// Whether a table comes from a query.
    pub(crate) fn has_queries(&self) -> bool {
        self.entries.values().flatten().any(|entry| entry.query.is_some())
    }

    /// The entry that a file, folder or database table of this name falls under.
    pub(crate) fn claims(&self, name: &str) -> Option<(Table, &Entry)> {
        let name = name.to_lowercase();
        let is_it = |from: &str| {
            let from = from.trim_matches('/').to_lowercase();
            name == from || name.strip_prefix(&from).is_some_and(|rest| rest.starts_with(['.', '/']))
        };
        let all = self.entries.iter().flat_map(|(table, entries)| entries.iter().map(move |entry| (*table, entry)));
        let mut all = all.filter(|(_, entry)| entry.query.is_none());
        all.find(
            |(table, entry)| {
                if entry.from.is_empty() { is_it(table.name()) } else { entry.from.iter().any(|from| is_it(from)) }
            },
        )
    }

    /// All names that tables are said to come from.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &str> {
        self.entries.values().flatten().flat_map(|entry| entry.from.iter().map(String::as_str))
    }
}

/// In one line, with the line where it is.
fn toml_fault(error: &toml::de::Error, text: &str) -> String {
    let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().matches('\n').count() + 1);
    let message = error.message().replace('\n', ", ");
    format!("line {line}: {message}; write it as TOML, such as columns = {{ order_id = \"订单号\" }}")
}
