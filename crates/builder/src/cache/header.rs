//! What is kept of a file beside its rows: whose they are, how they were judged, what else came of reading.
//!
//! A header is JSON behind a line with its checksum. Whatever is not exactly that is no header, and its file is read.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::rows::{Used, list_of};
use crate::names::Catalog;
use crate::parse::Reason;
use crate::read::Found;
use crate::table::Table;

/// What is kept of one file beside its rows.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Header {
    /// Of the file and of how it is read.
    pub(super) key: String,
    pub(crate) found: Found,
    pub(super) judged: Judged,
    pub(super) rows_read: u64,
    pub(super) bad: Vec<Bad>,
    /// The names that codes stand for.
    pub(super) used: Vec<Used>,
    /// Checksum of the file of rows.
    pub(super) rows: String,
}

/// A row that was set aside.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Bad {
    pub(super) row: u64,
    pub(super) column: String,
    pub(super) value: String,
    pub(super) reason: Reason,
}

/// What rows are judged by that is in no file of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Judged {
    /// The columns that come of a row: they depend on which keys the files of the table have.
    schema: String,
    zone: String,
    /// Of the table of stores with their zones, where there is one and it matters.
    stores: Option<String>,
    /// Of the table of channels, likewise.
    channels: Option<String>,
}

impl Judged {
    pub(crate) fn by(table: Table, schema: &datafusion::arrow::datatypes::Schema, catalog: &Catalog) -> Self {
        let fields = schema.fields().iter().map(|field| format!("{} {}", field.name(), field.data_type()));
        let stores = || {
            let zones = (0..).zip(&catalog.stores.ids).map(|(code, id)| [id.as_str(), catalog.zone(code).name()]);
            hash_of(&zones.flatten().collect::<Vec<_>>())
        };
        let channels = || hash_of(&catalog.channels.ids.iter().map(String::as_str).collect::<Vec<_>>());
        let coded = is_coded(table);
        Self {
            schema: fields.collect::<Vec<_>>().join(", "),
            zone: catalog.time_zone.name().to_owned(),
            stores: (coded && catalog.stores.is_closed()).then(stores),
            channels: ((coded || table == Table::Identities) && catalog.channels.is_closed()).then(channels),
        }
    }
}

/// Whether rows of a table name stores and channels by codes.
fn is_coded(table: Table) -> bool {
    matches!(table, Table::Members | Table::Orders | Table::Touches)
}

impl Header {
    /// Reads a header of this key; none where it is of another or damaged.
    pub(super) fn read(path: &Path, key: &str) -> Option<Self> {
        let text = fs::read_to_string(path).ok()?;
        let (sum, json) = text.split_once('\n')?;
        if hash_of(&[json]) != sum {
            return None;
        }
        serde_json::from_str(json).ok().filter(|header: &Self| header.key == key)
    }

    pub(super) fn write(&self, path: &Path) -> std::io::Result<()> {
        let json = serde_json::to_string(self).map_err(std::io::Error::other)?;
        fs::write(path, format!("{}\n{json}", hash_of(&[&json])))
    }

    /// Whether the rows would be judged the same today.
    ///
    /// A table of stores that grew, or lost a store that no row names, makes no difference to rows that all were good:
    /// their stores and zones are what they were. A row that was set aside might be good now.
    pub(super) fn holds(&self, table: Table, now: &Judged, catalog: &mut Catalog) -> bool {
        if self.judged == *now {
            return true;
        }
        let then = &self.judged;
        let alike = then.schema == now.schema
            && then.zone == now.zone
            && then.stores.is_some() == now.stores.is_some()
            && then.channels.is_some() == now.channels.is_some();
        alike
            && is_coded(table)
            && self.bad.iter().all(|bad| bad.reason == Reason::RaggedRow)
            && self.used.iter().all(|used| used.is_known(catalog))
    }
}

impl Used {
    /// Whether a list has all names, each store in the same zone as then, where the build's is; an open list will have
    /// them.
    fn is_known(&self, catalog: &mut Catalog) -> bool {
        let Some(names) = list_of(catalog, &self.column) else { return false };
        if !names.is_closed() {
            return true;
        }
        let codes: Option<Vec<u16>> = self.ids.iter().map(|id| names.find(id)).collect();
        let Some(codes) = codes else { return false };
        if !matches!(self.column.as_str(), "store" | "home_store") {
            return true;
        }
        let then = |id: &String| self.zones.get(id).map_or(catalog.time_zone.name(), String::as_str);
        self.ids.iter().zip(codes).all(|(id, code)| catalog.zone(code).name() == then(id))
    }
}

/// A checksum over texts; where one ends is part of it.
pub(super) fn hash_of(texts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}
