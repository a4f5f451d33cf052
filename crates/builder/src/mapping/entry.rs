//! One place that a table comes from: its files, its names, its values, its forms.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::Value;

use crate::BuildError;
use crate::encoding::Encoding;
use crate::parse::{AmountForm, CellForms, Currency, Dates};
use crate::table::Table;

/// How one place of a table is read; by default as the source contract has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    /// Where the mapping file says so, for messages; empty by default.
    place: String,
    /// Files, folders or database tables; the table's own name where there are none.
    pub(crate) from: Vec<String>,
    /// A query of a database, instead of a table.
    pub(crate) query: Option<String>,
    pub(crate) encoding: Option<Encoding>,
    pub(crate) forms: CellForms,
    /// By column of the contract: what the source calls it, the first that is there.
    columns: BTreeMap<String, Vec<String>>,
    constants: BTreeMap<String, String>,
    values: BTreeMap<String, HashMap<String, String>>,
    /// See [`Self::mark`].
    mark: String,
}

/// An entry as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    from: OneOrMore,
    query: Option<String>,
    encoding: Option<WrittenEncoding>,
    dates: Option<WrittenDates>,
    decimal_comma: Option<bool>,
    amount_unit: Option<Unit>,
    columns: BTreeMap<String, OneOrMore>,
    constants: BTreeMap<String, String>,
    values: BTreeMap<String, HashMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a text or a list of texts")]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        Self::More(Vec::new())
    }
}

impl From<OneOrMore> for Vec<String> {
    fn from(names: OneOrMore) -> Self {
        match names {
            OneOrMore::One(name) => vec![name],
            OneOrMore::More(names) => names,
        }
    }
}

#[derive(Deserialize)]
enum WrittenEncoding {
    #[serde(rename = "utf-8", alias = "UTF-8")]
    Utf8,
    #[serde(rename = "gb18030", alias = "GB18030", alias = "gbk", alias = "GBK")]
    Gb18030,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WrittenDates {
    YearFirst,
    DayFirst,
    MonthFirst,
    EpochSeconds,
    EpochMilliseconds,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Unit {
    #[serde(alias = "yuan", alias = "元")]
    Major,
    #[serde(alias = "fen", alias = "分")]
    Minor,
}

impl Entry {
    /// Reads an entry; every name in it must be one of the contract's.
    pub(super) fn parse(table: Table, place: String, value: Value) -> Result<Self, BuildError> {
        let wrong = |what: String| BuildError::Mapping { place: place.clone(), what };
        let written = Written::deserialize(value).map_err(|e| wrong(e.to_string().replace('\n', " ")))?;
        let known = || table.columns().iter().map(|column| column.name).chain(table.later_columns().iter().copied());
        let named = [
            ("columns", written.columns.keys().collect::<Vec<_>>()),
            ("constants", written.constants.keys().collect()),
            ("values", written.values.keys().collect()),
        ];
        for (kind, names) in named {
            if let Some(unknown) = names.into_iter().find(|name| known().all(|column| column != name.as_str())) {
                let all: Vec<&str> = known().collect();
                return Err(wrong(format!(
                    "{kind}: `{unknown}` is no column of {}; its columns are {}",
                    table.name(),
                    all.join(", ")
                )));
            }
        }
        if let Some(both) = written.constants.keys().find(|name| written.columns.contains_key(*name)) {
            return Err(wrong(format!("`{both}` is both a column and a constant; remove one")));
        }
        let columns: BTreeMap<String, Vec<String>> = written
            .columns
            .into_iter()
            .map(|(column, names)| {
                let names: Vec<String> = names.into();
                (column, names.into_iter().map(|name| name.trim().to_lowercase()).collect())
            })
            .collect();
        if let Some((column, _)) = columns.iter().find(|(_, names)| names.iter().all(String::is_empty)) {
            return Err(wrong(format!("columns: `{column}` is given no name; write the source's name for it")));
        }
        let from: Vec<String> = written.from.into();
        if from.iter().any(|name| name.trim().trim_matches('/').is_empty()) {
            return Err(wrong("`from` is empty; write the name of a file, a folder or a database table".to_owned()));
        }
        if written.query.is_some() && !from.is_empty() {
            return Err(wrong("`from` and `query` exclude each other; remove one".to_owned()));
        }
        let dates = match written.dates {
            None => Dates::Undeclared,
            Some(WrittenDates::YearFirst) => Dates::YearFirst,
            Some(WrittenDates::DayFirst) => Dates::DayFirst,
            Some(WrittenDates::MonthFirst) => Dates::MonthFirst,
            Some(WrittenDates::EpochSeconds) => Dates::EpochSeconds,
            Some(WrittenDates::EpochMilliseconds) => Dates::EpochMilliseconds,
        };
        let amounts = AmountForm {
            decimal_comma: written.decimal_comma,
            minor: matches!(written.amount_unit, Some(Unit::Minor)),
            ..AmountForm::default()
        };
        let encoding = written.encoding.map(|encoding| match encoding {
            WrittenEncoding::Utf8 => Encoding::Utf8,
            WrittenEncoding::Gb18030 => Encoding::Gb18030,
        });
        Ok(Self {
            from,
            query: written.query,
            encoding,
            forms: CellForms { dates, amounts },
            columns,
            constants: written.constants,
            values: written.values,
            place,
            mark: String::new(),
        })
    }

    /// What the source calls a column, in small letters; the first that is there counts.
    pub(crate) fn names<'a>(&'a self, column: &'a str) -> impl Iterator<Item = &'a str> {
        let mapped = self.columns.get(column).map_or(&[][..], Vec::as_slice);
        let own = Some(column).filter(|_| mapped.is_empty());
        mapped.iter().map(String::as_str).chain(own)
    }

    /// Whether the mapping file names the column's source.
    pub(crate) fn is_renamed(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// What every row has in a column.
    pub(crate) fn constant(&self, column: &str) -> Option<&str> {
        self.constants.get(column).map(String::as_str)
    }

    /// The contract's values for the source's, in a column.
    pub(crate) fn values(&self, column: &str) -> Option<&HashMap<String, String>> {
        self.values.get(column)
    }

    /// The entry for amounts in a currency.
    pub(super) fn in_currency(mut self, currency: &Currency) -> Self {
        self.forms.amounts.currency = currency.clone();
        let values: BTreeMap<_, BTreeMap<_, _>> =
            self.values.iter().map(|(column, values)| (column, values.iter().collect())).collect();
        let Self { place, encoding, forms, columns, constants, .. } = &self;
        let all = format!("{place:?} {encoding:?} {forms:?} {columns:?} {constants:?} {values:?}");
        self.mark = blake3::hash(all.as_bytes()).to_hex().to_string();
        self
    }

    /// Stands for all that the entry says of how a file is read, and of what is said about it.
    pub(crate) fn mark(&self) -> &str {
        &self.mark
    }

    /// Where to declare something about this table, for remedies.
    pub(crate) fn remedy(&self, table: Table) -> String {
        if self.place.is_empty() { format!("[{}] in a mapping file", table.name()) } else { self.place.clone() }
    }

    /// A fault of this entry.
    pub(crate) fn wrong(&self, what: String) -> BuildError {
        BuildError::Mapping { place: self.place.clone(), what }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mapping;
    use crate::parse::{Currency, Dates};
    use crate::table::Table;

    fn error(text: &str) -> String {
        Mapping::parse("mapping.toml", text).expect_err(text).to_string()
    }

    #[test]
    fn an_entry_says_where_a_table_comes_from_and_how_it_is_written() {
        let text = r#"
            [orders]
            from = "订单明细"
            dates = "day-first"
            amount_unit = "fen"
            encoding = "gb18030"
            columns = { order_id = "订单号", ordered_at = ["下单时间", "Paid At"] }
            constants = { channel_id = "tmall" }
            values.store_id = { "旧店" = "S001" }
            [[returns]]
            from = "a.csv"
            [[returns]]
            from = ["b.csv", "c"]
        "#;
        let mapping = Mapping::parse("mapping.toml", text).expect("sound");
        let orders = &mapping.entries(Table::Orders, &Currency::default())[0];
        assert_eq!(orders.from, ["订单明细"]);
        assert_eq!((orders.forms.dates, orders.forms.amounts.minor), (Dates::DayFirst, true));
        assert_eq!(orders.names("ordered_at").collect::<Vec<_>>(), ["下单时间", "paid at"]);
        assert_eq!(orders.names("amount").collect::<Vec<_>>(), ["amount"]);
        assert_eq!((orders.constant("channel_id"), orders.constant("store_id")), (Some("tmall"), None));
        assert_eq!(orders.values("store_id").map(|values| values["旧店"].as_str()), Some("S001"));
        assert_eq!(mapping.entries(Table::Returns, &Currency::default()).len(), 2);
        assert_eq!(mapping.entries(Table::Touches, &Currency::default()).len(), 1);
        let json = Mapping::parse("m.json", r#"{"orders": {"columns": {"order_id": "订单号"}}}"#).expect("sound");
        assert!(json.entries(Table::Orders, &Currency::default())[0].is_renamed("order_id"));
    }

    #[test]
    fn names_that_nobody_knows_are_errors_that_say_what_is_known() {
        for (text, parts) in [
            ("[order]\n", ["mapping.toml: `order` is no table", "orders, returns"]),
            (
                "[orders]\ncolumns = { id = \"订单号\" }",
                ["[orders]: columns: `id` is no column of orders", "order_id, ordered_at"],
            ),
            ("[orders]\nconstants = { shop = \"1\" }", ["constants: `shop`", "store_id"]),
            ("[stores]\nvalues.kind = {}", ["values: `kind`", "format"]),
            ("[orders]\ncolumn = {}", ["unknown field `column`", "`columns`"]),
            ("[orders]\ndates = \"dmy\"", ["unknown variant `dmy`", "`day-first`"]),
            ("[orders]\nencoding = \"latin1\"", ["unknown variant `latin1`", "`gb18030`"]),
            ("[orders]\namount_unit = \"cent\"", ["unknown variant `cent`", "`minor`"]),
            ("[orders]\nfrom = 3", ["a text or a list of texts", "[orders]"]),
            ("[orders]\nfrom = \"\"", ["`from` is empty", "[orders]"]),
            ("[orders]\ncolumns = { amount = \"\" }", ["`amount` is given no name", "[orders]"]),
            ("[orders]\nfrom = \"a\"\nquery = \"SELECT 1\"", ["exclude each other", "[orders]"]),
            (
                "[orders]\nconstants.amount = \"1\"\ncolumns.amount = \"x\"",
                ["both a column and a constant", "`amount`"],
            ),
            ("orders = 3", ["[orders]", "expected struct"]),
            ("[orders]\n\nfrom = ", ["line 3", "TOML"]),
        ] {
            let error = error(text);
            assert!(!error.contains('\n'), "{error}");
            for part in parts {
                assert!(error.contains(part), "{part} in {error}");
            }
        }
        let error = Mapping::parse("m.json", "{").expect_err("cut").to_string();
        assert!(error.contains("m.json: this is not JSON"), "{error}");
    }
}
